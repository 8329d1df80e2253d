// A pool of each channel of a map. The maximum of spikes is a spike, their average is not.

import { UnsupportedError } from '../core/index.ts';
import type { PoolMode, Window } from '../engine/index.ts';
import { type PoolSpec, windowOf } from '../model/index.ts';
import { channelsIn, type LoweredLayer, layout, type PlanBuilder, type Signal } from './builder.ts';
import { inputKind } from './dense.ts';

/**
 * `input`: [H, W, C] of `x`. An attack reads a winner pool, which has no gradient, as a maximum (a backward pass differentiable
 * approximation, Athalye et al. 2018, arXiv 1802.00420). Throws UnsupportedError for a winner pool that trains or that does not read spikes.
 */
export function lowerPool(builder: PlanBuilder, layer: PoolSpec, x: Signal, input: readonly number[]): LoweredLayer {
  const { name } = layer;
  const mode = modeOf(builder, layer, x);
  const window = windowOf(layer, input);
  const channels = channelsIn(x);
  const shape = { rows: x.rows, ...layout(window.output[0] * window.output[1] * channels, channels) };
  const values = mode === 'average' ? 'analog' : x.values;
  const y = builder.tensor(`${name}@y`, shape, values);
  builder.probes.push({
    kind: 'pool',
    layer: name,
    ...{ mode, window, channels },
    ...inputKind(builder, x),
    ...builder.count(name, x),
    ...(tiles(window) ? {} : builder.reached(name, x, window)),
  });
  builder.forward.push({ kernel: 'pool', layer: name, mode, window, x: x.id, y });
  return {
    y: { id: y, ...shape, values, events: mode !== 'average' && x.events, wanted: x.wanted },
    backward: (dy) => {
      if (!x.wanted || mode === 'winner') return [undefined];
      const dx = builder.gradient(x.id);
      builder.backward.push({ kernel: 'pool-backward', layer: name, mode, window, x: x.id, dy, dx });
      return [dx];
    },
  };
}

/** Is every value in exactly one window? Then counting it once is enough. */
const tiles = ({ input, output, kernel, stride, padding, dilation }: Window): boolean =>
  [0, 1].every(
    (axis) =>
      kernel[axis] === stride[axis] &&
      padding[axis] === 0 &&
      dilation[axis] === 1 &&
      output[axis]! * stride[axis]! === input[axis],
  );

function modeOf({ options, training }: PlanBuilder, { name, mode }: PoolSpec, x: Signal): PoolMode {
  if (mode !== 'winner') return mode;
  if (options.mode === 'ann' || options.purpose === 'attack') return 'max';
  if (training)
    throw new UnsupportedError(
      `pool "${name}": winner is for converted networks and is not trained; train with max or average`,
    );
  if (x.values !== 'spikes')
    throw new UnsupportedError(
      `pool "${name}": winner receives analog values, expected the spikes of a slot; put it behind a slot, or use max or average`,
    );
  return mode;
}
