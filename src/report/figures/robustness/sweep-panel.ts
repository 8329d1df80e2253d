// Lines of accuracy against epsilon in one panel. A line with a masking alarm is faded, dashed and says `not evidence of robustness`.

import type { AttackLine, AttackSweep } from '../../../robustness/index.ts';
import { epsilonUnit, NOT_EVIDENCE, share } from '../../robustness/names.ts';
import { spread } from '../../robustness/noise-columns.ts';
import { OKABE_ITO } from '../theme.ts';
import { labelSpots } from './label-spots.ts';
import type { seriesMarks } from './networks.ts';
import type { SweepRow } from './sweep-row.ts';

export const PANEL = { width: 360, height: 240 };
/** Epsilons with a point; the line has all. */
const MARKED = 7;

export interface PanelOptions {
  readonly sweep: AttackSweep;
  readonly lines: readonly AttackLine[];
  /** What a line is called in the legend. */
  readonly seriesOf: (line: AttackLine) => string;
  readonly title: string;
  readonly subtitle: string;
  readonly chance: number;
  readonly marks: ReturnType<typeof seriesMarks>;
  readonly left: boolean;
}

export function sweepPanel(options: PanelOptions) {
  const { sweep, lines, marks, chance, left } = options;
  const values = lines.flatMap((line, i) => rowsOf(options, line, i));
  const dense = values.filter(({ joined }) => joined);
  const marked = new Set(spread(sweep.epsilons.length, MARKED).map((i) => sweep.epsilons[i]!));
  const points = values.filter(({ joined, epsilon }) => !joined || marked.has(epsilon));
  const x = {
    field: 'epsilon',
    type: 'quantitative' as const,
    title: `Epsilon (${epsilonUnit(sweep)})`,
    scale: { domain: [0, Math.max(...sweep.epsilons) || 1], nice: false },
    axis: { tickCount: 6, grid: false },
  };
  const y = {
    field: 'accuracy',
    type: 'quantitative' as const,
    title: left ? 'Accuracy (%)' : null,
    scale: { domain: [0, 100], nice: false },
    axis: { tickCount: 5 },
  };
  const detail = { field: 'line', type: 'nominal' as const };
  const { color, shape } = marks;
  const byEvidence = <T>(yes: T, no: T) => ({ condition: { test: "datum.evidence === 'yes'", value: yes }, value: no });
  const interval = { y: { ...y, field: 'low' }, y2: { field: 'high' } };
  return {
    title: titleOf(options),
    ...PANEL,
    layer: [
      ...chanceLayers(chance, y),
      {
        data: { values: dense },
        mark: { type: 'area' as const, clip: true },
        encoding: { x, ...interval, detail, color, opacity: byEvidence(0.14, 0.07) },
      },
      {
        data: { values: dense },
        mark: { type: 'line' as const, clip: true },
        encoding: { x, y, detail, color, opacity: byEvidence(1, 0.6), strokeDash: byEvidence([1, 0], [5, 4]) },
      },
      {
        data: { values: values.filter(({ joined }) => !joined) },
        mark: { type: 'rule' as const, strokeWidth: 1.5 },
        encoding: { x, ...interval, color },
      },
      {
        data: { values: points },
        mark: { type: 'point' as const, size: 42 },
        encoding: { x, y, color, shape, opacity: byEvidence(1, 0.6) },
      },
      {
        data: { values: labelSpots(values, Math.max(...sweep.epsilons)) },
        mark: { type: 'text' as const, fontStyle: 'italic' as const, fontWeight: 600 as const, color: OKABE_ITO.grey },
        encoding: { x, y, text: { value: NOT_EVIDENCE } },
      },
    ],
  };
}

const titleOf = ({ title, subtitle }: PanelOptions) => ({
  text: title,
  subtitle,
  anchor: 'start' as const,
  fontSize: 13,
  fontWeight: 600 as const,
  subtitleFontSize: 12,
  subtitleColor: '#565656',
  offset: 8,
});

/** A row a point. Attacks that were run at a few epsilons only are points that no line joins. */
function rowsOf({ sweep, seriesOf }: PanelOptions, line: AttackLine, index: number): SweepRow[] {
  const joined = line.points.every((point) => point !== null);
  const about = {
    line: String(index),
    series: seriesOf(line),
    joined,
    evidence: line.evidence ? 'yes' : 'no',
  } as const;
  return line.points.flatMap((point, i) => {
    if (point === null) return [];
    const { value, low, high } = point.accuracy;
    return [{ ...about, epsilon: sweep.epsilons[i]!, accuracy: 100 * value, low: 100 * low, high: 100 * high }];
  });
}

function chanceLayers<Y>(chance: number, y: Y) {
  const values = [{ accuracy: 100 * chance, label: `guessing ${share(chance)} %` }];
  return [
    {
      data: { values },
      mark: { type: 'rule' as const, color: '#777777', strokeDash: [2, 3], strokeWidth: 1.3 },
      encoding: { y },
    },
    {
      data: { values },
      mark: { type: 'text' as const, align: 'right' as const, baseline: 'bottom' as const, dy: -3, color: '#565656' },
      encoding: { y, x: { value: PANEL.width }, text: { field: 'label', type: 'nominal' as const } },
    },
  ];
}
