// A spiking network made to fire at a rate of one's choice: the thresholds of its hidden layers are all multiplied by one factor, found by
// bisection on a few samples. Its answers mean nothing then; its layers, inputs and time steps are as they were, and so the work at
// that rate is that of a real network: some neurons busy, most not, others in each image.

import { ConfigError } from '../core/index.ts';
import { type Dataset, subset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import type { NetworkSpec, PerNeuron, Weights } from '../model/index.ts';
import { simulateNetwork } from '../simulate/index.ts';
import type { TimedNetwork } from './network-subject.ts';

export interface NetworkAtRate {
  readonly network: TimedNetwork;
  /** Spikes a hidden neuron and step, over all hidden layers. */
  readonly rate: number;
  /** What thresholds were multiplied by. */
  readonly factor: number;
}

const SAMPLES = 32;
const HALVINGS = 9;
/** Thresholds from a thousandth to a thousand times their own. */
const WIDEST = Math.log(1000);
/** Close enough, as a share of the rate asked for. */
const CLOSE = 0.05;

/** Slots that fire and are not the output: what they send is what costs. */
export function hiddenSlots({ layers }: NetworkSpec): readonly string[] {
  const last = layers.findLast(({ kind }) => kind === 'slot' || kind === 'dense');
  return layers.flatMap((layer) =>
    layer.kind === 'slot' && layer.neuron.threshold !== null && layer !== last ? [layer.name] : [],
  );
}

/** The network with the thresholds of its hidden layers multiplied. */
export function withThresholds(network: TimedNetwork, factor: number): TimedNetwork {
  const hidden = hiddenSlots(network.spec);
  const layers = network.spec.layers.map((layer) =>
    layer.kind === 'slot' && hidden.includes(layer.name)
      ? { ...layer, neuron: { ...layer.neuron, threshold: scaled(layer.neuron.threshold, factor) } }
      : layer,
  );
  const weights: Weights = new Map(
    Array.from(network.weights, ([id, values]) => {
      const learned = hidden.some((name) => id === `${name}/threshold`);
      return [id, learned ? values.map((value) => value * factor) : values];
    }),
  );
  return { ...network, spec: { ...network.spec, layers }, weights };
}

function scaled(threshold: PerNeuron | null, factor: number): PerNeuron | null {
  if (threshold === null) return null;
  return typeof threshold === 'number' ? threshold * factor : threshold.map((value) => value * factor);
}

/** Mean rate of the hidden layers on the first samples. */
export async function hiddenRate(
  backend: Backend,
  network: TimedNetwork,
  dataset: Dataset,
  signal?: AbortSignal,
): Promise<number> {
  const { spec, weights, mode, timesteps, encoder } = network;
  const first = subset(
    dataset,
    Uint32Array.from({ length: Math.min(SAMPLES, dataset.samples) }, (_, i) => i),
  );
  const options = { mode, timesteps, ...(encoder && { encoder }), ...(signal && { signal }), rateSamples: 1 };
  const { trace } = await simulateNetwork(backend, spec, weights, first, options);
  const hidden = hiddenSlots(spec);
  let [spikes, neurons] = [0, 0];
  for (const layer of trace.layers) {
    if (layer.kind !== 'neuron' || !hidden.includes(layer.layer)) continue;
    neurons += layer.neurons;
    spikes += layer.spikes.reduce((sum, value) => sum + value, 0);
  }
  return spikes / (neurons * first.samples * timesteps);
}

/**
 * The network at about `target` spikes a hidden neuron and step, or as near as its thresholds bring it. Throws ConfigError for a network
 * without hidden neurons, InterruptedError when stopped.
 */
export async function atSpikeRate(
  backend: Backend,
  network: TimedNetwork,
  dataset: Dataset,
  target: number,
  signal?: AbortSignal,
): Promise<NetworkAtRate> {
  if (hiddenSlots(network.spec).length === 0)
    throw new ConfigError(
      `network "${network.name}"`,
      'has no hidden layer that fires, so there is no spike rate to vary; give one with a hidden layer',
    );
  let [low, high] = [-WIDEST, WIDEST];
  let best: NetworkAtRate | undefined;
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const factor = Math.exp((low + high) / 2);
    const tried = withThresholds(network, factor);
    const rate = await hiddenRate(backend, tried, dataset, signal);
    if (best === undefined || Math.abs(rate - target) < Math.abs(best.rate - target))
      best = { network: tried, rate, factor };
    if (Math.abs(rate - target) <= CLOSE * target) break;
    if (rate > target) low = Math.log(factor);
    else high = Math.log(factor);
  }
  return best!;
}
