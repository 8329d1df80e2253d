// Membranes of chosen neurons step by step, with their thresholds and spikes, a panel a neuron.

import type { WatchedNeuron } from '../../simulate/index.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { CONFIG, type Figure, KIND_COLOR, OKABE_ITO, SCHEMA } from './theme.ts';

const MOST_PANELS = 8;
const PANEL = { width: 290, height: 90 };
const COLUMNS = 2;

/** Of the first network whose neurons were watched; null if there is none. */
export function membraneTraces({ networks }: RunRecord): Figure | null {
  const network = networks.find(({ watched }) => (watched?.length ?? 0) > 0);
  if (network === undefined) return null;
  const all = network.watched!;
  const shown = all.slice(0, MOST_PANELS);
  const left = all.length - shown.length;
  return {
    id: 'membranes',
    title: `Membranes of ${network.name}`,
    caption: `Membrane of each watched neuron as it leaves each step, for test image ${[...new Set(shown.map(({ sample }) => sample))].join(', ')}. Dashed: its threshold. Marks at the top: its spikes.${left > 0 ? ` ${left} more watched neurons are not drawn.` : ''}`,
    alt: `Line charts. ${shown.map((neuron) => `${nameOf(neuron)}: ${neuron.spikes.length} spikes in ${neuron.membrane.length} steps`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      concat: shown.map((neuron, i) => panel(network, neuron, i, shown.length)),
      columns: COLUMNS,
      spacing: { row: 14, column: 30 },
    },
  };
}

/** `act1 [2, 3, 5]` on a map (y, x, channel), `act1 7` else. */
const nameOf = ({ layer, neuron, position }: WatchedNeuron): string =>
  `${layer} ${position === undefined ? neuron : `[${position.join(', ')}]`}`;

function thresholdOf({ spec }: NetworkRecord, { layer, neuron, position }: WatchedNeuron): number | null {
  const slot = spec.layers.find(({ name }) => name === layer);
  const threshold = slot?.kind === 'slot' ? slot.neuron.threshold : null;
  if (threshold === null || typeof threshold === 'number') return threshold;
  return threshold[(position === undefined ? neuron : position[2]) % threshold.length] ?? null;
}

function panel(network: NetworkRecord, neuron: WatchedNeuron, i: number, n: number) {
  const threshold = thresholdOf(network, neuron);
  const x = {
    field: 'step',
    type: 'quantitative' as const,
    title: i + COLUMNS >= n ? 'Time step' : null,
    axis: { format: 'd', tickMinStep: 1, grid: false },
    scale: { domain: [0.5, network.timesteps + 0.5], nice: false },
  };
  const values = [...neuron.membrane, 0, ...(threshold === null ? [] : [threshold])];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.15 * Math.max(high - low, 1e-9);
  const y = {
    field: 'membrane',
    type: 'quantitative' as const,
    title: i % COLUMNS === 0 ? 'Membrane' : null,
    scale: { domain: [low - room / 2, high + room], nice: false },
    axis: { tickCount: 3 },
  };
  return {
    title: { text: nameOf(neuron), anchor: 'start' as const, fontSize: 13, fontWeight: 600 as const, offset: 4 },
    ...PANEL,
    layer: [
      ...(threshold === null ? [] : [thresholdRule(threshold, y)]),
      {
        data: { values: neuron.membrane.map((membrane, t) => ({ step: t + 1, membrane })) },
        mark: {
          type: 'line' as const,
          strokeWidth: 1.5,
          color: KIND_COLOR[network.kind],
          point: network.timesteps <= 32 && { size: 18 },
        },
        encoding: { x, y },
      },
      {
        data: { values: neuron.spikes.map((t) => ({ step: t + 1 })) },
        mark: {
          type: 'tick' as const,
          orient: 'vertical' as const,
          thickness: 2,
          size: 10,
          opacity: 1,
          color: '#222222',
        },
        encoding: { x, y: { value: 5 } },
      },
    ],
  };
}

const thresholdRule = <Y>(threshold: number, y: Y) => ({
  data: { values: [{ membrane: threshold }] },
  mark: { type: 'rule' as const, color: OKABE_ITO.grey, strokeDash: [5, 4], strokeWidth: 1.2 },
  encoding: { y },
});
