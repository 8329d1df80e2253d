// An ANN into a spiking network that computes the same with rates: a ReLU becomes an integrate-and-fire neuron that subtracts
// its threshold. With scale s_l of slot l the activation s_l means a spike at every step; to keep spikes 0 or 1 the scales are
// folded into the weights: W_l s_(l-1) / s_l, b_l / s_l, the bias added at every step.
// Diehl et al. 2015 (10.1109/IJCNN.2015.7280696); Rueckauer et al. 2017 (10.3389/fnins.2017.00682).

import { ConfigError, UnsupportedError } from '../core/index.ts';
import {
  checkWeights,
  ifNeuron,
  integrator,
  type LayerSpec,
  type NetworkSpec,
  type NeuronSpec,
  network,
  type SlotSpec,
  slot,
  type Weights,
} from '../model/index.ts';
import type { Scales } from './options.ts';

export interface ConvertOptions {
  /** Membranes start at half the threshold, so that a rate rounds to the nearest instead of down. Default false. */
  readonly halfThreshold?: boolean;
  /** Neuron that stands for a ReLU; default: IF, fires at >= 1, threshold subtracted at once. Its threshold must be 1. */
  readonly neuron?: NeuronSpec;
  /** A last slot that is the identity: `membrane` (default) sums the logits over time, `spikes` fires by them. */
  readonly output?: 'membrane' | 'spikes';
}

/** Sums its input over time and never fires. */
const READ_OUT: NeuronSpec = { ...integrator({ beta: 1 }), decay: { form: 'none' } };

export interface ConvertedNetwork {
  readonly spec: NetworkSpec;
  readonly weights: Weights;
}

/**
 * Converts the ANN reading of `spec`. Dropout layers are dropped. Throws UnsupportedError naming a layer that has no spiking
 * equivalent, ConfigError for scales or a neuron that will not do, ShapeError for weights of another network.
 */
export function convertNetwork(
  spec: NetworkSpec,
  weights: Weights,
  scales: Scales,
  options: ConvertOptions = {},
): ConvertedNetwork {
  checkWeights(spec, weights, 'ann');
  const neuron = neuronOf(options);
  const last = spec.layers.findLast(({ kind }) => kind === 'dense' || kind === 'slot');
  if (last?.kind !== 'slot' && options.output === 'spikes')
    throw new UnsupportedError(
      `network "${spec.name}": ends in "${last?.name}", which cannot spike; put an identity slot behind it, or read its membrane`,
    );
  const folded = new Map<string, Float32Array>();
  const layers: LayerSpec[] = [];
  let incoming = 1;
  /** Dense layers since the last slot: the first takes the incoming scale, the last is divided by the slot's own. */
  let chain: string[] = [];
  for (const layer of spec.layers) {
    if (layer.kind === 'dropout') continue;
    if (layer.kind === 'dense') {
      copyDense(layer.name, weights, folded);
      if (chain.length === 0) scaleArray(folded.get(`${layer.name}/weight`)!, incoming);
      chain.push(layer.name);
    }
    if (layer.kind !== 'slot') {
      layers.push(layer);
      continue;
    }
    checkSlot(layer, layer === last, chain);
    const spiking = spikingSlot(layer, neuron, options);
    const outgoing = spiking.neuron.threshold === null ? 1 : scaleOf(layer.name, scales);
    const target = chain.at(-1)!;
    scaleArray(folded.get(`${target}/weight`)!, 1 / outgoing);
    const bias = folded.get(`${target}/bias`);
    if (bias !== undefined) scaleArray(bias, 1 / outgoing);
    layers.push(spiking);
    incoming = outgoing;
    chain = [];
  }
  return { spec: network(`${spec.name}-converted`, spec.input, layers), weights: folded };
}

function spikingSlot(layer: SlotSpec, neuron: NeuronSpec, { output }: ConvertOptions): SlotSpec {
  const readOut = layer.ann === 'identity' && output !== 'spikes';
  return slot(layer.name, readOut ? READ_OUT : neuron, { ann: layer.ann });
}

function checkSlot(layer: SlotSpec, isLast: boolean, chain: readonly string[]): void {
  if (layer.ann === 'identity' && !isLast)
    throw new UnsupportedError(
      `slot "${layer.name}": is the identity within the network, whose negative values spikes cannot carry; make it a ReLU or remove it`,
    );
  if (chain.length === 0)
    throw new UnsupportedError(
      `slot "${layer.name}": has no dense layer of its own to fold its scale into; put a dense layer before it`,
    );
}

function neuronOf({ neuron, halfThreshold = false }: ConvertOptions): NeuronSpec {
  const chosen =
    neuron ?? ifNeuron({ tie: '>=', reset: { kind: 'subtract', moment: 'same-step', gradient: 'through' } });
  if (chosen.threshold !== 1)
    throw new ConfigError(
      'neuron.threshold',
      `got ${JSON.stringify(chosen.threshold)}, expected 1: scales are folded into the weights, not into thresholds`,
    );
  if (chosen.recurrent !== undefined || chosen.synapse !== undefined)
    throw new ConfigError('neuron', `got "${chosen.kind}", expected a neuron without recurrence and synaptic filter`);
  return halfThreshold ? { ...chosen, initialMembrane: 0.5 } : chosen;
}

function scaleOf(name: string, scales: Scales): number {
  const scale = scales.get(name);
  if (scale !== undefined && scale > 0 && Number.isFinite(scale)) return scale;
  throw new ConfigError(
    `scales.${name}`,
    `got ${scale ?? 'none'}, expected a positive number; calibrate the network first (there are: ${[...scales.keys()].join(', ') || 'none'})`,
  );
}

function copyDense(name: string, weights: Weights, into: Map<string, Float32Array>): void {
  for (const role of ['weight', 'bias']) {
    const values = weights.get(`${name}/${role}`);
    if (values !== undefined) into.set(`${name}/${role}`, Float32Array.from(values));
  }
}

function scaleArray(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
}
