// Test accuracy against the time steps a spiking network is given, with the ANN as a line across.

import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { percent } from '../quantity.ts';
import { longestRuns } from './runs.ts';
import { CONFIG, type Figure, HEIGHT, KIND_COLOR, KIND_NAME, kindScale, OKABE_ITO, SCHEMA, WIDTH } from './theme.ts';

/** Points below the best shown, more only to show what a whole run reached; nearly all of interest is near the ANN. */
const SHOWN_POINTS = 20;

/** Null if the record has no spiking network. */
export function accuracyAgainstTimesteps(record: RunRecord): Figure | null {
  const { networks } = record;
  const spiking = networks.filter(({ kind }) => kind !== 'ann');
  if (spiking.length === 0) return null;
  const ann = networks.find(({ kind }) => kind === 'ann');
  const lines = longestRuns(record).flatMap(lineRows);
  const marks = spiking.map((network) => ({
    ...common(network),
    t: network.timesteps,
    accuracy: network.accuracy.value * 100,
    low: network.accuracy.low * 100,
    high: network.accuracy.high * 100,
  }));
  const longest = Math.max(2, ...marks.map(({ t }) => t));
  const best = Math.max(...[...marks, ...lines].map(({ accuracy }) => accuracy), (ann?.accuracy.value ?? 0) * 100);
  const lowest = Math.min(...lines.map(({ accuracy }) => accuracy), ...marks.map(({ low }) => low));
  const reported = Math.min(...longestRuns(record).map(({ accuracy }) => accuracy.value * 100));
  const shown = Math.min(best - SHOWN_POINTS, reported - 1);
  const floor = Math.max(0, Math.floor(Math.max(lowest, shown) / 5) * 5);
  const x = {
    field: 't',
    type: 'quantitative' as const,
    title: 'Time steps T',
    axis: { format: 'd', tickMinStep: 1, tickCount: 10 },
    scale: { domain: [1, longest], nice: false },
  };
  const domain = [floor, Math.min(100, Math.ceil(best + 0.5))];
  const y = {
    field: 'accuracy',
    type: 'quantitative' as const,
    title: 'Test accuracy (%)',
    scale: { domain, nice: false },
  };
  const color = {
    field: 'kind',
    type: 'nominal' as const,
    title: null,
    scale: kindScale(spiking.map(({ kind }) => kind)),
  };
  const cut = lowest < floor ? ` The axis starts at ${floor} %; what lies below is cut off.` : '';
  return {
    id: 'accuracy-timesteps',
    title: 'Accuracy against time steps',
    caption: `Accuracy had the run been stopped after T steps (lines), and as reported, with 95 % intervals (points). More steps cost more energy and time.${cut}`,
    alt: `Line chart. ${[...(ann ? [ann] : []), ...spiking].map(({ name, accuracy }) => `${name}: ${percent(accuracy.value)} %`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: WIDTH,
      height: HEIGHT,
      layer: [
        ...(ann === undefined ? [] : annLayers(ann, domain)),
        {
          data: { values: lines },
          mark: { type: 'line', clip: true },
          encoding: { x, y, color, detail: { field: 'network', type: 'nominal' } },
        },
        {
          data: { values: marks },
          mark: { type: 'rule', clip: true, strokeWidth: 1.5 },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
        },
        { data: { values: marks }, mark: { type: 'point', clip: true, opacity: 1 }, encoding: { x, y, color } },
      ],
    },
  };
}

const common = ({ name, kind }: NetworkRecord) => ({ network: name, kind: KIND_NAME[kind] });

const lineRows = (network: NetworkRecord) =>
  network.accuracyByStep.map((share, i) => ({ ...common(network), t: i + 1, accuracy: share * 100 }));

function annLayers(ann: NetworkRecord, domain: number[]) {
  const values = [{ accuracy: ann.accuracy.value * 100, label: `${ann.name} ${percent(ann.accuracy.value)} %` }];
  const y = { field: 'accuracy', type: 'quantitative' as const, scale: { domain, nice: false } };
  return [
    {
      data: { values },
      mark: { type: 'rule' as const, color: KIND_COLOR.ann, strokeDash: [6, 4], strokeWidth: 1.5 },
      encoding: { y },
    },
    {
      data: { values },
      mark: {
        type: 'text' as const,
        align: 'right' as const,
        baseline: 'top' as const,
        dy: 7,
        fontWeight: 600 as const,
        color: OKABE_ITO.grey,
      },
      encoding: { y, x: { value: WIDTH }, text: { field: 'label', type: 'nominal' as const } },
    },
  ];
}
