// A convolution. Weights [(ky, kx, channel of the group), filters] become [filters, channel of the group, ky, kx].

import { type ConvSpec, type Weights, windowOf } from '../../model/index.ts';
import type { GraphBuilder, Signal } from '../graph-builder.ts';

function filtersFirst(weight: Float32Array, taps: number, channels: number, filters: number): Float32Array {
  const turned = new Float32Array(weight.length);
  for (let tap = 0; tap < taps; tap++)
    for (let c = 0; c < channels; c++)
      for (let f = 0; f < filters; f++)
        turned[(f * channels + c) * taps + tap] = weight[(tap * channels + c) * filters + f]!;
  return turned;
}

export function exportConv(builder: GraphBuilder, layer: ConvSpec, x: Signal, weights: Weights): Signal {
  const { name, filters, kernel, stride, padding, dilation, groups, bias } = layer;
  const map = builder.mapOf(x);
  const channels = x.shape[2]! / groups;
  const values = filtersFirst(weights.get(`${name}/weight`)!, kernel[0] * kernel[1], channels, filters);
  const inputs = [map.id, builder.tensor(`${name}/weight`, [filters, channels, ...kernel], values)];
  if (bias) inputs.push(builder.tensor(`${name}/bias`, [filters], weights.get(`${name}/bias`)!));
  const { output } = windowOf(layer, x.shape);
  const shape = [...output, filters] as const;
  const id = builder.node(name, 'Conv', inputs, {
    kernel_shape: kernel,
    strides: stride,
    pads: [...padding, ...padding],
    dilations: dilation,
    group: groups,
  });
  return { id, shape, channelsFirst: shape };
}
