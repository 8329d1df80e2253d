// How the window of a convolution or a pool meets its map.
//   output = floor((input + 2 padding - dilation (kernel - 1) - 1) / stride) + 1

import { ShapeError } from '../core/index.ts';
import type { ConvSpec, Pair, PoolSpec } from './spec.ts';

/** All lengths are [height, width]; `padding` is the zeros on each side. */
export interface WindowShape {
  readonly input: Pair;
  readonly output: Pair;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** The height and width of a map [height, width, channels]. Throws ShapeError for any other shape. */
export function mapSize(layer: { readonly kind: string; readonly name: string }, input: readonly number[]): Pair {
  if (input.length === 3) return [input[0]!, input[1]!];
  const hint =
    input.length === 1
      ? 'put it before the flatten, or give the network an input with three dimensions'
      : 'give the network an input such as [28, 28, 1]';
  throw new ShapeError(
    `${layer.kind} "${layer.name}": got an input of shape ${show(input)}, expected a map [height, width, channels]; ${hint}`,
  );
}

function settings(layer: ConvSpec | PoolSpec, input: Pair): Omit<WindowShape, 'input' | 'output'> {
  if (layer.kind === 'conv') {
    const { kernel, stride, padding, dilation } = layer;
    return { kernel, stride, padding, dilation };
  }
  const kernel = layer.size ?? input;
  return { kernel, stride: layer.stride ?? kernel, padding: layer.padding ?? [0, 0], dilation: [1, 1] };
}

/**
 * The window of `layer` on an input [height, width, channels]; a pool without size has the whole map as its window. Throws
 * ShapeError where the window is larger than the padded map.
 */
export function windowOf(layer: ConvSpec | PoolSpec, inputShape: readonly number[]): WindowShape {
  const input = mapSize(layer, inputShape);
  const window = settings(layer, input);
  const output = ([0, 1] as const).map((axis) => {
    const span = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
    const padded = input[axis] + 2 * window.padding[axis];
    if (span <= padded) return Math.floor((padded - span) / window.stride[axis]) + 1;
    const spread = window.dilation[axis] === 1 ? '' : `, spread by dilation ${show(window.dilation)},`;
    throw new ShapeError(
      `${layer.kind} "${layer.name}": kernel ${show(window.kernel)}${spread} is larger than its input ${show(inputShape)} ` +
        `with padding ${show(window.padding)} (${span} > ${padded} in ${axis === 0 ? 'height' : 'width'}); ` +
        'use a smaller kernel, more padding, or fewer pools and strides before it',
    );
  }) as [number, number];
  return { input, output, ...window };
}
