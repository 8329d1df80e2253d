// Networks written in code: `network('mlp', [784], [dense('fc1', 256), slot('lif1', lif()), ...])`.

import { canonical } from './canonical.ts';
import type {
  DenseSpec,
  DropoutSpec,
  FlattenSpec,
  InitSpec,
  LayerSpec,
  NetworkSpec,
  NeuronSpec,
  SlotSpec,
} from './spec.ts';
import { validateNetwork } from './validate.ts';

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
  options: { bias?: boolean; init?: InitSpec['kind'] } = {},
): DenseSpec {
  return { kind: 'dense', name, units, bias: options.bias ?? true, init: { kind: options.init ?? 'kaiming-uniform' } };
}

/** Any shape to one dimension. */
export function flatten(name = 'flatten'): FlattenSpec {
  return { kind: 'flatten', name };
}

/** While training, zeroes a share `rate` of its inputs. */
export function dropout(name: string, rate: number): DropoutSpec {
  return { kind: 'dropout', name, rate };
}

/** An activation slot: `neuron` in the spiking network, `ann` (default a ReLU) in the ordinary one. */
export function slot(name: string, neuron: NeuronSpec, options: { ann?: SlotSpec['ann'] } = {}): SlotSpec {
  return { kind: 'slot', name, ann: options.ann ?? 'relu', neuron };
}
