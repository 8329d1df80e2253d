// How busy a network is: what its speed here depends on, and what a comparison with a dense library has to say.

import { type Dataset, subset } from '../src/data/index.ts';
import type { Backend } from '../src/engine/index.ts';
import type { Weights } from '../src/model/index.ts';
import { simulateNetwork } from '../src/simulate/index.ts';
import { BATCH, type BenchCase } from './cases.ts';

export interface LayerRate {
  readonly layer: string;
  /** Spikes a neuron and step. */
  readonly rate: number;
}

/** Rates of every layer of neurons on the first samples (default: a batch); none for an ANN. */
export async function spikeRates(
  backend: Backend,
  { network, lowering: { mode, timesteps, encoder } }: BenchCase,
  weights: Weights,
  data: Dataset,
  samples = BATCH,
): Promise<readonly LayerRate[]> {
  if (mode === 'ann') return [];
  const first = subset(
    data,
    Uint32Array.from({ length: Math.min(samples, data.samples) }, (_, i) => i),
  );
  const options = { mode, timesteps, batchSize: 32, ...(encoder && { encoder }) };
  const { trace } = await simulateNetwork(backend, network, weights, first, options);
  return trace.layers.flatMap((activity) => {
    if (activity.kind !== 'neuron') return [];
    const spikes = activity.spikes.reduce((sum, value) => sum + value, 0);
    return { layer: activity.layer, rate: spikes / (activity.neurons * first.samples * timesteps) };
  });
}

/** Below this share a layer says little: what follows it gets hardly any events. */
const SILENT = 0.005;

export const ratesText = (
  rates: readonly { readonly layer: string; readonly first?: number; readonly last: number }[],
): string => {
  const percent = (rate: number): string => `${(100 * rate).toFixed(1)}`;
  const text = rates.map(({ layer, first, last }) =>
    first === undefined ? `${layer} ${percent(last)}` : `${layer} ${percent(first)} to ${percent(last)}`,
  );
  const silent = rates.filter(({ last }) => last < SILENT).map(({ layer }) => layer);
  return `${text.join(', ')} %${silent.length > 0 ? `; SILENT: ${silent.join(', ')}, times say nothing of a working network` : ''}`;
};
