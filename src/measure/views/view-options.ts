// What a view needs beside the trace.

import type { NetworkSpec } from '../../model/index.ts';
import {
  type ActivityTrace,
  type ConvActivity,
  type DenseActivity,
  kernelTaps,
  type LayerActivity,
} from '../../simulate/index.ts';
import { convInputs, convOutputs, convSynapses, fanOutOfPixel } from '../counting/conv.ts';

export interface ViewOptions {
  /** The network that ran: which of its neuron parameters are learned (NeuroBench counts parameters and bytes). */
  readonly spec: NetworkSpec;
  /** Samples a call of the model gets; syops adds a bias once a call. Default: all samples in one. */
  readonly batch?: number;
}

export interface Quantity {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Layers of weights. */
export type Weighted = DenseActivity | ConvActivity;

export const isWeighted = (layer: LayerActivity): layer is Weighted => layer.kind === 'dense' || layer.kind === 'conv';
export const weightedLayers = ({ layers }: ActivityTrace): Weighted[] => layers.filter(isWeighted);

/** Weights a layer holds. */
export const weightsOf = (layer: Weighted): number =>
  layer.kind === 'dense'
    ? layer.inputs * layer.outputs
    : (kernelTaps(layer.window) * layer.inputChannels * layer.filters) / layer.groups;

/** Biases a layer holds. */
export const biasesOf = (layer: Weighted): number =>
  !layer.bias ? 0 : layer.kind === 'dense' ? layer.outputs : layer.filters;

/** Values of one input and of one output. */
export const inputsOf = (layer: Weighted): number => (layer.kind === 'dense' ? layer.inputs : convInputs(layer));
export const outputsOf = (layer: Weighted): number => (layer.kind === 'dense' ? layer.outputs : convOutputs(layer));

/** Synapses, borders exact. */
export const synapsesOf = (layer: Weighted): number =>
  layer.kind === 'dense' ? layer.inputs * layer.outputs : convSynapses(layer);

/** Synapses had padding been part of the map: every output value with every weight of its window. */
export const paddedSynapses = (layer: Weighted): number =>
  layer.kind === 'dense'
    ? layer.inputs * layer.outputs
    : convOutputs(layer) * kernelTaps(layer.window) * (layer.inputChannels / layer.groups);

/** Synapses that met a nonzero input, at each execution, over all samples; borders exact. */
export const metSynapses = (layer: Weighted): number[] =>
  layer.kind === 'dense'
    ? layer.nonzeroIn.map((count) => count * layer.outputs)
    : layer.reachedPixels.map((count) => count * fanOutOfPixel(layer));

/** Values a layer's input took; tools that look at values decide by it whether it was spikes. */
export const inputValues = (activity: Weighted): 'binary' | 'ternary' | 'real' =>
  activity.inputValues ?? (activity.input === 'spikes' ? 'binary' : 'real');

/**
 * Calls of a layer in one inference by a tool that runs every layer at every step, over executions here: T for a result computed
 * once and reused, else 1.
 */
export const repeats = (activity: { readonly executions: number }, timesteps: number): number =>
  timesteps / activity.executions;
