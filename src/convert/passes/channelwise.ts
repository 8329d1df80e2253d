// A layer that scales each channel of a map by a number of its own.

import type { ConvSpec } from '../../model/index.ts';

/** A 1x1 convolution that scales each of `channels` channels by a weight of its own. */
export function channelwise(name: string, channels: number, bias: boolean): ConvSpec {
  return {
    kind: 'conv',
    name,
    filters: channels,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: channels,
    bias,
    init: { kind: 'kaiming-uniform' },
  };
}
