// Networks written in code: `network('mlp', [784], [dense('fc1', 256), slot('lif1', lif()), ...])`. Every layer takes `from`,
// the name of the layer it reads if that is not the one before.

import { canonical } from './canonical.ts';
import type {
  BatchNormSpec,
  DenseSpec,
  DropoutSpec,
  FlattenSpec,
  InitSpec,
  JoinSpec,
  LayerSpec,
  NetworkSpec,
  NeuronSpec,
  SlotSpec,
  SoftmaxSpec,
} from './spec.ts';
import { validateNetwork } from './validate.ts';

/** What every layer of one input may be told. */
export interface Reads {
  /** The layer to read, or `input`; default: the layer before. */
  readonly from?: string | undefined;
}

/** The `from` of a spec: left out where it is not given. */
export const reading = ({ from }: Reads): { readonly from?: string } => (from === undefined ? {} : { from });

/** A checked, frozen network. Throws ConfigError or ShapeError. */
export function network(name: string, input: readonly number[], layers: readonly LayerSpec[]): NetworkSpec {
  const spec: NetworkSpec = canonical({ format: 'spikewatt-network', version: 1, name, input, layers });
  validateNetwork(spec);
  return spec;
}

/** A fully connected layer; default: with bias, Kaiming-uniform weights. */
export function dense(
  name: string,
  units: number,
  options: Reads & { bias?: boolean; init?: InitSpec['kind'] } = {},
): DenseSpec {
  const { bias = true, init = 'kaiming-uniform' } = options;
  return { kind: 'dense', name, units, bias, init: { kind: init }, ...reading(options) };
}

/** Any shape to one dimension. */
export function flatten(name = 'flatten', options: Reads = {}): FlattenSpec {
  return { kind: 'flatten', name, ...reading(options) };
}

/** While training, zeroes a share `rate` of its inputs. */
export function dropout(name: string, rate: number, options: Reads = {}): DropoutSpec {
  return { kind: 'dropout', name, rate, ...reading(options) };
}

/** An activation slot: `neuron` in the spiking network, `ann` (default a ReLU) in the ordinary one. */
export function slot(name: string, neuron: NeuronSpec, options: Reads & { ann?: SlotSpec['ann'] } = {}): SlotSpec {
  return { kind: 'slot', name, ann: options.ann ?? 'relu', neuron, ...reading(options) };
}

/** Batch norm, by channel; defaults epsilon 1e-5, momentum 0.1, threshold 1 (see spec.ts). */
export function batchNorm(
  name: string,
  options: Reads & { epsilon?: number; momentum?: number; threshold?: number } = {},
): BatchNormSpec {
  const { epsilon = 1e-5, momentum = 0.1, threshold = 1 } = options;
  return { kind: 'batch-norm', name, epsilon, momentum, threshold, ...reading(options) };
}

/** Probabilities; only as the last layer. */
export function softmax(name = 'softmax', options: Reads = {}): SoftmaxSpec {
  return { kind: 'softmax', name, ...reading(options) };
}

/** Two signals of one shape in one. */
export function join(name: string, mode: JoinSpec['mode'], from: readonly [string, string]): JoinSpec {
  return { kind: 'join', name, mode, from };
}

/** The sum of two signals: a residual connection. */
export function add(name: string, first: string, second: string): JoinSpec {
  return join(name, 'add', [first, second]);
}
