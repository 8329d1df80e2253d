// Accuracy against the level of each disturbance, a panel each, a line a network, with 95 % intervals.

import type { NoiseSweep } from '../../../robustness/index.ts';
import type { RunRecord } from '../../../store/index.ts';
import { NOISE_NAME, networksOf, share } from '../../robustness/names.ts';
import { noiseNotes } from '../../robustness/text.ts';
import { wrap } from '../../text-width.ts';
import { CONFIG, type Figure, SCHEMA } from '../theme.ts';
import { networkMarks } from './networks.ts';

const PANEL = { width: 200, height: 150 };
const COLUMNS = 3;
/** Characters of an axis title on one line. */
const TITLE = 26;
/** Fewer bits are the harsher level; of all others more of it. */
const FALLING: ReadonlySet<NoiseSweep['kind']> = new Set(['quantize', 'weight-bits']);

/** Null if no disturbance was tried. */
export function accuracyUnderNoise(record: RunRecord): Figure | null {
  const { robustness } = record;
  if (robustness === undefined || robustness.noise.length === 0) return null;
  const marks = networkMarks(record, networksOf(robustness));
  const { noise } = robustness;
  return {
    id: 'robustness-noise',
    title: 'Accuracy under noise',
    caption:
      `From left to right the disturbance grows. Bands are 95 % intervals of each network alone; whether two networks differ is told by comparing them image by image, in the tables. ${noiseNotes(robustness).slice(2).join(' ')}`.trim(),
    alt: `Line charts. ${noise.map(altOf).join(' ')}`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      concat: noise.map((sweep, i) => panel(sweep, i % COLUMNS === 0, marks)),
      columns: COLUMNS,
      spacing: { row: 26, column: 26 },
      resolve: { scale: { color: 'shared', shape: 'shared' } },
    },
  };
}

function altOf({ kind, levels, curves }: NoiseSweep): string {
  const ends = curves.flatMap(({ network, points }) =>
    points.length === 0
      ? []
      : [`${network} ${share(points[0]!.accuracy.value)} to ${share(points.at(-1)!.accuracy.value)} %`],
  );
  return `${NOISE_NAME[kind]}, from ${levels[0]} to ${levels.at(-1)}: ${ends.join(', ')}.`;
}

function panel(sweep: NoiseSweep, left: boolean, { color, shape }: ReturnType<typeof networkMarks>) {
  const { kind, unit, levels, curves } = sweep;
  const values = curves.flatMap(({ network, points }) =>
    points.map(({ accuracy: { value, low, high } }, i) => ({
      ...{ series: network, level: levels[i], accuracy: 100 * value, low: 100 * low, high: 100 * high },
    })),
  );
  const x = {
    field: 'level',
    type: 'quantitative' as const,
    title: wrap(`${unit[0]?.toUpperCase() ?? ''}${unit.slice(1)}`, TITLE),
    scale: { domain: domainOf(levels), nice: false, reverse: FALLING.has(kind) },
    axis: { tickCount: 5, grid: false, titlePadding: 6, labelFlush: false, labelOverlap: 'greedy' as const },
  };
  const y = {
    field: 'accuracy',
    type: 'quantitative' as const,
    title: left ? 'Accuracy (%)' : null,
    scale: { domain: [0, 100], nice: false },
    axis: { tickCount: 5 },
  };
  return {
    title: {
      text: NOISE_NAME[kind],
      anchor: 'start' as const,
      frame: 'group' as const,
      fontSize: 13,
      fontWeight: 600 as const,
      offset: 6,
    },
    ...PANEL,
    data: { values },
    layer: [
      {
        mark: { type: 'area' as const, opacity: 0.16 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      { mark: { type: 'line' as const }, encoding: { x, y, color } },
      { mark: { type: 'point' as const, size: 40, opacity: 1 }, encoding: { x, y, color, shape } },
    ],
  };
}

/** Of a single level, some room around it. */
function domainOf(levels: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}
