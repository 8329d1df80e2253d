// Offset-spike calibration, after Hao et al. 2023 (arXiv 2302.10685): spikes that come unevenly leave a neuron a few spikes short
// or over after T steps, and its initial membrane makes up for it. Theirs shifts each neuron for each sample; here one start a
// channel (a neuron, on flat signals) is measured on calibration samples, so that the network stays a fixed one.
//   start += mean over samples and pixels of clip(a / s, 0, 1) T - spikes,  in thresholds, of values not 0 in both
// The engine starts all neurons of a layer at one membrane. A neuron is the same if weights, threshold and membrane are all
// multiplied by k, so channels that start elsewhere get another k.

import type { Dataset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import { inputOf } from '../lower/index.ts';
import {
  channelsOf,
  inferShapes,
  type LayerSpec,
  type NeuronSpec,
  network,
  type PerNeuron,
  sourcesOf,
  type Weights,
} from '../model/index.ts';
import type { ConvertedNetwork, ConvertedSlot } from './convert.ts';
import { forEachBatch, openNetwork, runSamples, samplesOf, spikesOf } from './run-batches.ts';

export interface OffsetOptions {
  /** Steps the network will be run for. */
  readonly timesteps: number;
  /** From the first on. Default all, at most 256. */
  readonly samples?: number;
  /** Default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/** In thresholds. A start of 0 has no k; a neuron that should start below it waits as long as the first spike takes. */
const LEAST_START = 1 / 64;
const MOST_START = 8;

/**
 * `converted` with the starts of its neurons calibrated, layer by layer from the first; a layer that this leaves with a larger
 * squared error on the calibration samples starts as before. A layer whose input is not computed by
 * weights of its own (a sum, or weights that others read too) gets one start for all its channels. Throws as `calibrate`.
 */
export async function calibrateOffsets(
  backend: Backend,
  converted: ConvertedNetwork,
  dataset: Dataset,
  options: OffsetOptions,
): Promise<ConvertedNetwork> {
  const samples = samplesOf(dataset, options.samples ?? Math.min(256, dataset.samples));
  let result = converted;
  for (const slot of converted.slots) {
    if (!slot.fires) continue;
    const before = await missingSpikes(backend, result, slot, dataset, { ...options, samples });
    const shifted = startedAt(result, slot.slot, before.mean);
    const after = await missingSpikes(backend, shifted, slot, dataset, { ...options, samples });
    if (after.squared < before.squared) result = shifted;
  }
  return result;
}

interface Missing {
  /** Spikes a neuron of each channel is short of after T steps, on average over those not 0 in both. */
  readonly mean: Float64Array;
  /** Sum of squares over all neurons. */
  readonly squared: number;
}

async function missingSpikes(
  backend: Backend,
  { spec, weights, prepared }: ConvertedNetwork,
  { slot, scale }: ConvertedSlot,
  dataset: Dataset,
  { timesteps, samples, batchSize = 32, signal }: OffsetOptions & { readonly samples: number },
): Promise<Missing> {
  const shape = inferShapes(spec).find(({ layer }) => layer === slot)!.output;
  const channels = channelsOf(shape);
  const [sums, counts] = [new Float64Array(channels), new Float64Array(channels)];
  let squared = 0;
  const size = Math.min(samples, batchSize);
  const annRun = { ...prepared, mode: 'ann' as const, timesteps: 1, observe: { activations: [slot] } };
  const ann = openNetwork(backend, annRun, inputOf(dataset), size);
  try {
    await forEachBatch(
      backend,
      { spec, weights, mode: 'snn', timesteps, observe: { spikes: [slot] } },
      dataset,
      { what: 'calibrate offsets', samples, batchSize: size, ...(signal && { signal }) },
      (program, lowered, from, to) => {
        runSamples(ann, dataset, from, to);
        const activations = ann.program.tensor(ann.lowered.activations.get(slot)!);
        const spikes = spikesOf(program, lowered, slot);
        const neurons = activations.length / (to - from);
        for (let k = 0; k < activations.length; k++) {
          const channel = k % channels;
          const own = typeof scale === 'number' ? scale : scale[channel]!;
          const asked = timesteps * Math.min(1, Math.max(0, activations[k]! / own));
          const fired = countSpikes(spikes, Math.floor(k / neurons), k % neurons, neurons, timesteps);
          if (asked === 0 && fired === 0) continue;
          sums[channel]! += asked - fired;
          squared += (asked - fired) ** 2;
          counts[channel]!++;
        }
      },
    );
  } finally {
    ann.program.close();
  }
  const mean = sums.map((sum, channel) => (counts[channel] === 0 ? 0 : sum / counts[channel]!));
  return { mean, squared };
}

function countSpikes(
  spikes: ArrayLike<number>,
  sample: number,
  neuron: number,
  neurons: number,
  timesteps: number,
): number {
  let count = 0;
  for (let t = 0; t < timesteps; t++) count += spikes[(sample * timesteps + t) * neurons + neuron]!;
  return count;
}

const clampStart = (start: number): number => Math.min(MOST_START, Math.max(LEAST_START, start));

/** The network whose slot starts `shifts` (one a channel, in thresholds) above where it starts now. */
export function startedAt(converted: ConvertedNetwork, slot: string, shifts: ArrayLike<number>): ConvertedNetwork {
  const { spec } = converted;
  const at = spec.layers.findIndex(({ name }) => name === slot);
  const layer = spec.layers[at]!;
  if (layer.kind !== 'slot' || layer.neuron.threshold === null) return converted;
  const { neuron } = layer;
  const threshold = (channel: number): number => valueAt(neuron.threshold!, channel);
  const starts = Array.from(shifts, (shift, channel) =>
    clampStart(neuron.initialMembrane / threshold(channel) + shift),
  );
  const feeder = feederOf(converted, at);
  if (feeder === undefined) {
    if (typeof neuron.threshold !== 'number') return converted;
    const mean = starts.reduce((sum, start) => sum + start, 0) / starts.length;
    return withNeuron(converted, at, { ...neuron, initialMembrane: mean * neuron.threshold }, converted.weights);
  }
  const factors = starts.map((start, channel) => 0.5 / (start * threshold(channel)));
  const scaled: NeuronSpec = {
    ...neuron,
    threshold: factors.map((factor, channel) => factor * threshold(channel)),
    initialMembrane: 0.5,
  };
  return withNeuron(converted, at, scaled, scaledColumns(converted.weights, feeder.name, factors));
}

const valueAt = (values: PerNeuron, channel: number): number =>
  typeof values === 'number' ? values : values[channel]!;

/** The layer with weights that alone computes what slot `at` reads, and is read by nothing else. */
function feederOf({ spec }: ConvertedNetwork, at: number): LayerSpec | undefined {
  const sources = sourcesOf(spec);
  const [source] = sources[at]!;
  const readers = sources.filter((names) => names.includes(source!)).length;
  const feeder = spec.layers.find(({ name }) => name === source);
  return readers === 1 && (feeder?.kind === 'conv' || feeder?.kind === 'dense') ? feeder : undefined;
}

function scaledColumns(weights: Weights, layer: string, factors: readonly number[]): Weights {
  const scaled = new Map(weights);
  for (const key of [`${layer}/weight`, `${layer}/bias`]) {
    const values = weights.get(key);
    if (values !== undefined)
      scaled.set(
        key,
        values.map((value, k) => value * factors[k % factors.length]!),
      );
  }
  return scaled;
}

function withNeuron(converted: ConvertedNetwork, at: number, neuron: NeuronSpec, weights: Weights): ConvertedNetwork {
  const { name, input, layers } = converted.spec;
  const changed = layers.map((layer, i) => (i === at && layer.kind === 'slot' ? { ...layer, neuron } : layer));
  return { ...converted, weights, spec: network(name, input, changed) };
}
