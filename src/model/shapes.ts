// Shape inference: what each layer receives and gives, without batch and time.

import { ShapeError } from '../core/index.ts';
import { perNeuronLengths } from './neurons/index.ts';
import type { LayerSpec, NetworkSpec } from './spec.ts';

/** One layer's shapes, channels last. */
export interface LayerShape {
  readonly layer: string;
  readonly kind: LayerSpec['kind'];
  readonly input: readonly number[];
  readonly output: readonly number[];
}

/** Number of values in a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

function checkNeuronCount(layer: LayerSpec & { kind: 'slot' }, input: readonly number[]): void {
  for (const [field, length] of perNeuronLengths(layer.neuron)) {
    if (length === sizeOf(input)) continue;
    throw new ShapeError(
      `slot "${layer.name}": neuron.${field} lists ${length} values, its input ${show(input)} has ${sizeOf(input)} neurons; ` +
        'give one value for each neuron, or a single number for all',
    );
  }
}

function outputOf(layer: LayerSpec, input: readonly number[]): readonly number[] {
  switch (layer.kind) {
    case 'flatten':
      return [sizeOf(input)];
    case 'dense':
      if (input.length !== 1) {
        throw new ShapeError(
          `dense "${layer.name}": got an input of shape ${show(input)}, expected one dimension such as [${sizeOf(input)}]; ` +
            'put a flatten before it',
        );
      }
      return [layer.units];
    case 'slot':
      checkNeuronCount(layer, input);
      return input;
    case 'dropout':
      return input;
    default:
      throw new TypeError(`unknown layer ${layer satisfies never}`);
  }
}

/** Input and output shape of each layer, in order. Throws ShapeError. */
export function inferShapes(spec: Pick<NetworkSpec, 'input' | 'layers'>): readonly LayerShape[] {
  let input = spec.input;
  return spec.layers.map((layer) => {
    const shape = { layer: layer.name, kind: layer.kind, input, output: outputOf(layer, input) };
    input = shape.output;
    return shape;
  });
}

/** Shape of the network's output. Throws ShapeError. */
export function outputShape(spec: Pick<NetworkSpec, 'input' | 'layers'>): readonly number[] {
  return inferShapes(spec).at(-1)?.output ?? spec.input;
}
