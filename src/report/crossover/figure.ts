// Time (or energy) of the spiking network as a multiple of the ANN's against its spike rate: a panel for each batch size, a line for each T,
// whole where spikes are added event by event, dashed where as matrix products; break-evens are marked on the line of 1.

import type { BatchChoice, Crossover, CrossoverPoint } from '../../timing/index.ts';
import { isMeasured, type Median } from '../../trials/index.ts';
import { logTicks } from '../figures/log-axis.ts';
import { CONFIG, type Figure, HEIGHT, OKABE_ITO, SCHEMA, WIDTH } from '../figures/theme.ts';
import { significant } from '../quantity.ts';
import { batchWords, breakEvenCell, PATH_WORDS } from './words.ts';

const COLORS = [
  OKABE_ITO.sky,
  OKABE_ITO.green,
  OKABE_ITO.orange,
  OKABE_ITO.vermillion,
  OKABE_ITO.purple,
  OKABE_ITO.blue,
];
const SHOWN = ['events', 'dense'] as const;

type Quantity = 'time' | 'energy';

interface Row {
  readonly rate: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly steps: string;
  readonly path: string;
}

/** Null where nothing of it was measured. */
export function crossoverFigure(crossover: Crossover, quantity: Quantity): Figure | null {
  const shown = crossover.points.filter(({ path }) => path !== 'auto');
  const all = shown.flatMap((point) => rowOf(point, quantity));
  if (all.length === 0) return null;
  const batches = [...new Set(shown.map(({ batch }) => batch))];
  const word = quantity === 'time' ? 'Time' : 'Energy';
  const lines = crossover.lines.filter(({ path }) => path === 'events');
  const evens = lines.map((line) => {
    const even = line[quantity];
    return `T=${line.timesteps}, batch ${batchWords(line)}: ${even === undefined ? 'not measured' : breakEvenCell(even)}`;
  });
  return {
    id: `crossover-${quantity}`,
    title: `${word} against spike rate`,
    caption: `${word} an image as a multiple of the ANN's, measured on this machine; bars are 95 % intervals. Below the line at 1 the spiking network takes less. Diamonds mark the break-even of the event-driven way. Lines join measured points.`,
    alt: `Line chart of ${word.toLowerCase()} relative to the ANN against spikes a neuron and step. Break-even of the event-driven way: ${evens.join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      vconcat: batches.map((batch) => panel(crossover, batch, quantity, all)),
    },
  };
}

function rowOf(point: CrossoverPoint, quantity: Quantity): readonly Row[] {
  const ratio: Median | undefined = point[quantity]?.ratio;
  if (ratio === undefined || !isMeasured(ratio)) return [];
  const { value, low, high } = ratio;
  return [{ rate: 100 * point.rate, ratio: value, low, high, steps: stepsName(point), path: PATH_WORDS[point.path] }];
}

const stepsName = ({ timesteps }: Pick<CrossoverPoint, 'timesteps'>): string => `T=${timesteps}`;

/** All panels share their axes, so that they compare at a glance. */
function panel({ points, lines }: Crossover, batch: BatchChoice, quantity: Quantity, all: readonly Row[]) {
  const own = points.filter((point) => point.batch === batch && point.path !== 'auto');
  const values = own.flatMap((point) => rowOf(point, quantity));
  const sizes = [...new Set(own.map(({ samples }) => samples))].sort((a, b) => a - b);
  const names = [...new Set(points.toSorted((a, b) => a.timesteps - b.timesteps).map(stepsName))];
  const rates = logDomain(
    all.map(({ rate }) => rate),
    1.15,
  );
  const ratios = logDomain([1, ...all.flatMap(({ low, high }) => [low, high])], 1.2);
  const x = {
    field: 'rate',
    type: 'quantitative' as const,
    title: 'Spikes a hidden neuron and step, % (logarithmic)',
    scale: { type: 'log' as const, domain: rates, nice: false },
    axis: { values: logTicks(rates), format: '~g', grid: false },
  };
  const y = {
    field: 'ratio',
    type: 'quantitative' as const,
    title: `${quantity === 'time' ? 'Time' : 'Energy'}, as a multiple of the ANN's`,
    scale: { type: 'log' as const, domain: ratios, nice: false },
    axis: { values: logTicks(ratios), format: '~g' },
  };
  const color = {
    field: 'steps',
    type: 'nominal' as const,
    title: null,
    scale: { domain: names, range: names.map((_, i) => COLORS[i % COLORS.length]!) },
  };
  const strokeDash = {
    field: 'path',
    type: 'nominal' as const,
    title: null,
    scale: {
      domain: SHOWN.map((path) => PATH_WORDS[path]),
      range: [
        [1, 0],
        [6, 4],
      ],
    },
  };
  const evens = lines.flatMap((line) => {
    const even = line[quantity];
    if (line.batch !== batch || line.path !== 'events' || even?.kind !== 'at') return [];
    return [{ rate: 100 * even.rate, ratio: 1, steps: stepsName(line), label: `${significant(100 * even.rate)} %` }];
  });
  // neighbours have their labels on either side of the line
  const inOrder = evens.toSorted((a, b) => a.rate - b.rate);
  const one = { data: { values: [{ ratio: 1, label: 'ANN' }] } };
  return {
    width: WIDTH,
    height: HEIGHT,
    title: {
      text: batch === 'best' ? `Batches of the best size, ${sizes.join(', ')}` : `Batches of ${batch}`,
      anchor: 'start' as const,
    },
    layer: [
      { ...one, mark: { type: 'rule' as const, color: OKABE_ITO.grey, strokeWidth: 1.5 }, encoding: { y } },
      {
        ...one,
        mark: {
          type: 'text' as const,
          align: 'left' as const,
          baseline: 'middle' as const,
          dx: 4,
          fontWeight: 600 as const,
          color: OKABE_ITO.grey,
        },
        encoding: { y, x: { value: WIDTH }, text: { field: 'label', type: 'nominal' as const } },
      },
      { data: { values: [...values] }, mark: { type: 'line' as const }, encoding: { x, y, color, strokeDash } },
      {
        data: { values: [...values] },
        mark: { type: 'rule' as const, opacity: 0.6 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      { data: { values: [...values] }, mark: { type: 'point' as const, size: 30 }, encoding: { x, y, color } },
      {
        data: { values: evens },
        mark: { type: 'point' as const, shape: 'diamond', size: 170, filled: true, stroke: 'white', strokeWidth: 1.5 },
        encoding: { x, y, color },
      },
      ...(['top', 'bottom'] as const).map((baseline, side) => ({
        data: { values: inOrder.filter((_, i) => i % 2 === side) },
        mark: { type: 'text' as const, baseline, dy: side === 0 ? 10 : -10, fontWeight: 600 as const },
        encoding: { x, y, text: { field: 'label', type: 'nominal' as const } },
      })),
    ],
  };
}

function logDomain(values: readonly number[], room: number): [number, number] {
  return [Math.min(...values) / room, Math.max(...values) * room];
}
