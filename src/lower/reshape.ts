// The values of a signal in another memory layout: a flat input as a map, a map as the flat input of a dense layer.

import { channelsIn, type LoweredLayer, layout, type PlanBuilder, type Signal } from './builder.ts';

/** `x` with `channels` channels a pixel; itself where it has them. `layer`: who asks. */
export function lowerReshape(builder: PlanBuilder, layer: string, x: Signal, channels: number): LoweredLayer {
  if (channelsIn(x) === channels) return { y: x, backward: (dy) => [dy] };
  const { rows, values } = x;
  const shape = { rows, ...layout(x.features, channels) };
  const y = builder.tensor(`${x.id}@${channels === x.features ? 'flat' : 'map'}`, shape, values);
  builder.forward.push({ kernel: 'reshape', layer, x: x.id, y });
  builder.countTogether(x.id, y);
  return {
    y: { id: y, ...shape, values, events: x.events, wanted: x.wanted, ...(x.summed && { summed: true }) },
    backward: (dy) => {
      if (!x.wanted) return [undefined];
      const dx = builder.gradient(x.id, builder.rowsOf(dy));
      builder.backward.push({ kernel: 'reshape-backward', layer, dy, dx });
      return [dx];
    },
  };
}
