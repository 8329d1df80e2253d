// Dropout, y = x mask / (1 - rate), while training; nothing at all otherwise.

import type { DropoutSpec } from '../model/index.ts';
import type { LoweredLayer, PlanBuilder, Signal } from './builder.ts';

/** `index`: which of the network's dropout layers this is; it keys the random stream. */
export function lowerDropout(builder: PlanBuilder, layer: DropoutSpec, x: Signal, index: number): LoweredLayer {
  const { name, rate } = layer;
  if (!builder.training || rate === 0) return { y: x, backward: (dy) => [dy] };
  const y = builder.tensor(`${name}@y`, x);
  builder.forward.push({ kernel: 'dropout', layer: name, rate, index, x: x.id, y });
  return {
    y: { ...x, id: y, values: 'analog', events: false },
    backward: (dy) => {
      if (!x.wanted) return [undefined];
      const dx = builder.gradient(x.id);
      builder.backward.push({ kernel: 'dropout-backward', layer: name, rate, index, dy, dx });
      return [dx];
    },
  };
}
