// Networks with names. Sizes of the published MNIST studies that a comparison may want to run.

import { ConfigError } from '../core/index.ts';
import { dense, dropout, flatten, network, slot } from './builder.ts';
import { lif } from './neurons/index.ts';
import type { InitSpec, LayerSpec, NetworkSpec, NeuronSpec } from './spec.ts';

export interface MlpOptions {
  /** Default `mlp-` and the sizes. */
  readonly name?: string;
  /** Neuron of the hidden slots; default `lif()`. */
  readonly neuron?: NeuronSpec;
  /** Neuron of the last slot; default: the hidden one. */
  readonly outputNeuron?: NeuronSpec;
  /** Shape of a sample, if not [sizes[0]]; a flatten is then put first. */
  readonly input?: readonly number[];
  readonly bias?: boolean;
  readonly init?: InitSpec['kind'];
  /** Dropout rate after each hidden slot; default none. */
  readonly dropout?: number;
}

/** Slots are called after their neuron: `lif1`, `if2`, ... */
const PREFIX: Readonly<Record<NeuronSpec['kind'], string>> = {
  if: 'if',
  lif: 'lif',
  plif: 'plif',
  synaptic: 'syn',
  'recurrent-lif': 'rlif',
  integrator: 'li',
};

/** A fully connected network of these sizes, input first; as an ANN its last slot is the identity. Throws ConfigError, ShapeError. */
export function mlp(sizes: readonly number[], options: MlpOptions = {}): NetworkSpec {
  if (sizes.length < 2)
    throw new ConfigError('sizes', `got [${sizes.join(', ')}], expected at least an input and an output size`);
  const hidden = options.neuron ?? lif();
  const last = sizes.length - 1;
  const layers: LayerSpec[] = options.input === undefined ? [] : [flatten()];
  for (let i = 1; i <= last; i++) {
    const neuron = i === last ? (options.outputNeuron ?? hidden) : hidden;
    layers.push(dense(`fc${i}`, sizes[i]!, { bias: options.bias ?? true, init: options.init ?? 'kaiming-uniform' }));
    layers.push(slot(`${PREFIX[neuron.kind]}${i}`, neuron, { ann: i === last ? 'identity' : 'relu' }));
    if (i < last && options.dropout !== undefined) layers.push(dropout(`drop${i}`, options.dropout));
  }
  return network(options.name ?? `mlp-${sizes.join('-')}`, options.input ?? [sizes[0]!], layers);
}

const MNIST_SHAPE = [28, 28, 1];

const SIZES: Readonly<Record<string, readonly number[]>> = {
  'mnist-mlp': [784, 256, 10],
  'mnist-wide': [784, 1000, 10],
  'mnist-two-hidden': [784, 256, 256, 10],
  'mnist-tapered': [784, 512, 256, 64, 10],
  'mnist-deep': [784, 2000, 500, 64, 16, 10],
};

/** Names that `preset` knows. */
export const PRESETS: readonly string[] = Object.keys(SIZES);

/** A network by name, for 28 x 28 images of ten classes. Throws ConfigError with the names there are. */
export function preset(
  name: string,
  options: Pick<MlpOptions, 'neuron' | 'outputNeuron' | 'dropout' | 'init'> = {},
): NetworkSpec {
  const sizes = Object.hasOwn(SIZES, name) ? SIZES[name] : undefined;
  if (sizes === undefined) throw new ConfigError('network', `got "${name}", expected one of ${PRESETS.join(', ')}`);
  return mlp(sizes, { ...options, name, input: MNIST_SHAPE });
}
