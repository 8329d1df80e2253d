// A pool of each channel. An average counts padding as zeros; `winner` is a maximum where nothing spikes.

import { type PoolSpec, windowOf } from '../../model/index.ts';
import type { GraphBuilder, Signal } from '../graph-builder.ts';

export function exportPool(builder: GraphBuilder, layer: PoolSpec, x: Signal): Signal {
  const { name, mode } = layer;
  const { input, output, kernel, stride, padding } = windowOf(layer, x.shape);
  const shape = [...output, x.shape[2]!] as const;
  const map = builder.mapOf(x);
  const kind = mode === 'average' ? 'Average' : 'Max';
  const whole = [0, 1].every((axis) => kernel[axis] === input[axis] && padding[axis] === 0);
  const settings = { kernel_shape: kernel, strides: stride, pads: [...padding, ...padding] };
  const id = whole
    ? builder.node(name, `Global${kind}Pool`, [map.id])
    : builder.node(
        name,
        `${kind}Pool`,
        [map.id],
        mode === 'average' ? { ...settings, count_include_pad: 1 } : settings,
      );
  return { id, shape, channelsFirst: shape };
}
