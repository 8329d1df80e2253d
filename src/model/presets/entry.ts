// What a preset is: a network with a name, where it comes from, and what had to be chosen to build it.

import type { InitSpec, JoinSpec, NetworkSpec, NeuronSpec } from '../spec.ts';

/** What a preset can be told. Each preset takes some of these; `options` of its description lists them. */
export interface PresetOptions {
  /** Neuron of the hidden slots. */
  readonly neuron?: NeuronSpec;
  /** Neuron of the last slot. */
  readonly outputNeuron?: NeuronSpec;
  readonly init?: InitSpec['kind'];
  /** Rate of every dropout layer; 0: no such layers. */
  readonly dropout?: number;
  /** Shape of a sample. */
  readonly input?: readonly number[];
  readonly classes?: number;
  /** A batch norm after every convolution. */
  readonly batchNorm?: boolean;
  /** How a residual block of spikes joins its two paths. */
  readonly join?: JoinSpec['mode'];
}

/** What a reader should know of a preset. */
export interface PresetDescription {
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** The publication it is taken from. */
  readonly source: string;
  /** What the source leaves open or cannot be built, what was chosen, and why. */
  readonly notes: readonly string[];
  /** Default shape of a sample. */
  readonly input: readonly number[];
  /** Default number of classes. */
  readonly classes: number;
  /** Options it takes. */
  readonly options: readonly (keyof PresetOptions)[];
}

/** Options with the description's input and classes filled in. */
export type Filled = PresetOptions & Required<Pick<PresetOptions, 'input' | 'classes'>>;

export interface PresetEntry extends PresetDescription {
  readonly build: (options: Filled, name: string) => NetworkSpec;
}

/** Options that every preset takes. */
export const COMMON = ['neuron', 'outputNeuron', 'init', 'input', 'classes'] as const;
