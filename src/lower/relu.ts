// An activation slot of an ANN: a ReLU, or the identity, which costs nothing.

import type { SlotSpec } from '../model/index.ts';
import type { LoweredLayer, PlanBuilder, Signal } from './builder.ts';

export function lowerRelu(builder: PlanBuilder, layer: SlotSpec, x: Signal): LoweredLayer {
  const { name } = layer;
  const observed = builder.options.observe?.activations?.includes(name) === true;
  if (layer.ann === 'identity') {
    if (observed) builder.keep(x.id);
    return { y: x, backward: (dy) => dy };
  }
  const y = builder.tensor(`${name}@y`, x.rows, x.features);
  builder.forward.push({ kernel: 'relu', layer: name, x: x.id, y });
  if (observed) builder.keep(y);
  builder.probes.push({ kind: 'relu', layer: name, features: x.features, ...builder.count(name, { ...x, id: y }), y });
  return {
    y: { ...x, id: y },
    backward: (dy) => {
      if (!x.wanted) return undefined;
      const dx = builder.gradient(x.id);
      builder.backward.push({ kernel: 'relu-backward', layer: name, y, dy, dx });
      return dx;
    },
  };
}
