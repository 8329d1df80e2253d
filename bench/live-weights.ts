// Start weights with which every layer fires. With a library's default ones the deeper layers of these networks are silent for
// hundreds of steps: an engine that skips zeros would be measured on an empty network. Each layer's weights are scaled, from the
// first to the last, until that layer fires at a given rate; both sides of a comparison start from the result.

import type { Dataset } from '../src/data/index.ts';
import type { Backend } from '../src/engine/index.ts';
import { initialWeights, type Weights } from '../src/model/index.ts';
import type { BenchCase } from './cases.ts';
import { spikeRates } from './spike-rates.ts';

/** Spikes a neuron and step, of every layer. */
export const START_RATE = 0.15;

const SAMPLES = 16;
/** Halvings of the range of factors, from 1/8 to 64: to within 5 %. */
const HALVINGS = 7;
const FACTORS = [-3, 6] as const;

/** Kaiming's start values for an ANN; for an SNN scaled as above. */
export async function liveWeights(backend: Backend, entry: BenchCase, data: Dataset): Promise<Weights> {
  const weights = new Map(initialWeights(entry.network, 1));
  const layers = [...weights.keys()].filter((key) => key.endsWith('/weight'));
  if (entry.lowering.mode === 'snn')
    for (const [k, key] of layers.entries()) weights.set(key, await scaled(backend, entry, weights, data, key, k));
  return weights;
}

/** Weights `key`, which drive the layer of neurons number `k`. */
async function scaled(
  backend: Backend,
  entry: BenchCase,
  weights: ReadonlyMap<string, Float32Array>,
  data: Dataset,
  key: string,
  k: number,
): Promise<Float32Array> {
  let [low, high]: [number, number] = [...FACTORS];
  const by = (exponent: number): Float32Array => weights.get(key)!.map((value) => value * 2 ** exponent);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    const rates = await spikeRates(backend, entry, new Map([...weights, [key, by(middle)]]), data, SAMPLES);
    if (rates[k]!.rate < START_RATE) low = middle;
    else high = middle;
  }
  return by((low + high) / 2);
}
