// Measured time (and energy) of each network as a multiple of the first one's, with 95 % intervals, on a logarithmic axis; 1 is a line.

import type { MeasuredRecord, RunRecord } from '../../store/index.ts';
import { isMeasured, type Median } from '../../trials/index.ts';
import { significant } from '../quantity.ts';
import { logTicks } from './log-axis.ts';
import { CONFIG, type Figure, OKABE_ITO, SCHEMA } from './theme.ts';

const COLORS = [OKABE_ITO.blue, OKABE_ITO.vermillion, OKABE_ITO.green, OKABE_ITO.purple];
const PLOT_WIDTH = 460;
/** Pixels between two intervals. */
const STEP = 24;
/** Room beside the intervals, as a factor; more where a value is printed. */
const ROOM = { left: 1.15, right: 2 };

interface Row {
  readonly network: string;
  readonly batch: string;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly label: string;
}

/** Null if nothing was measured, or no ratio came of it. */
export function measuredRatios({ measured }: RunRecord): Figure | null {
  if (measured === undefined) return null;
  const rows = rowsOf(measured);
  if (rows.length === 0) return null;
  const first = measured.contests[0]!.contestants[0]!.name;
  return {
    id: 'measured-ratios',
    title: `Measured time, as a multiple of that of ${first}`,
    caption: `Measured on this machine, medians of trials next to each other with 95 % intervals; the axis is logarithmic. Right of the line at 1 a network takes longer than ${first}, left of it less. Where no interval is drawn, none was left to measure: the table says why.`,
    alt: `Intervals of measured time relative to ${first}. ${rows.map(({ network, batch, label }) => `${network}, ${batch}: ${label}`).join('; ')}.`,
    spec: spec(rows, first),
  };
}

function rowsOf({ contests }: MeasuredRecord): readonly Row[] {
  return contests.flatMap(({ batch, result: { subjects } }) =>
    subjects.slice(1).flatMap(({ name, time }) => rowOf(name, batchName(batch), time.ratio)),
  );
}

const batchName = (batch: number | 'best'): string =>
  batch === 'best' ? 'each at its best batch' : batch === 1 ? 'one image at a time' : `batches of ${batch}`;

function rowOf(network: string, batch: string, ratio: Median): readonly Row[] {
  if (!isMeasured(ratio) || !(ratio.low > 0)) return [];
  const { value, low, high } = ratio;
  const label = `${significant(value)} (${significant(low)}–${significant(high)})`;
  return [{ network, batch, ratio: value, low, high, label }];
}

function spec(rows: readonly Row[], first: string): Figure['spec'] {
  const networks = [...new Set(rows.map(({ network }) => network))];
  const batches = [...new Set(rows.map(({ batch }) => batch))];
  const domain: [number, number] = [
    Math.min(1, ...rows.map(({ low }) => low)) / ROOM.left,
    Math.max(1, ...rows.map(({ high }) => high)) * ROOM.right,
  ];
  const axis = { ticks: false, domain: false };
  const y = { field: 'network', type: 'nominal' as const, title: null, sort: networks, axis };
  const yOffset = { field: 'batch', type: 'nominal' as const, sort: batches };
  const color = {
    field: 'batch',
    type: 'nominal' as const,
    title: null,
    scale: { domain: batches, range: batches.map((_, i) => COLORS[i % COLORS.length]!) },
  };
  const x = {
    field: 'ratio',
    type: 'quantitative' as const,
    title: `Time an image, as a multiple of that of ${first} (logarithmic)`,
    scale: { type: 'log' as const, domain, nice: false },
    axis: { values: logTicks(domain), format: '~g' },
  };
  const one = { data: { values: [{ ratio: 1 }] } };
  return {
    $schema: SCHEMA,
    config: CONFIG,
    width: PLOT_WIDTH,
    height: { step: STEP, for: 'offset' },
    data: { values: [...rows] },
    layer: [
      { ...one, mark: { type: 'rule', color: OKABE_ITO.grey, strokeWidth: 1.5 }, encoding: { x } },
      {
        mark: { type: 'rule', strokeWidth: 2.5, opacity: 0.6 },
        encoding: { y, yOffset, color, x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      { mark: { type: 'point', size: 60 }, encoding: { y, yOffset, color, x } },
      {
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 10 },
        encoding: { y, yOffset, x: { ...x, field: 'high' }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}
