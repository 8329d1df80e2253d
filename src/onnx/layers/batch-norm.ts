// Batch norm by its running statistics. The factor of threshold-dependent norms goes into the scale.

import type { BatchNormSpec, Weights } from '../../model/index.ts';
import type { GraphBuilder, Signal } from '../graph-builder.ts';

export function exportBatchNorm(builder: GraphBuilder, layer: BatchNormSpec, x: Signal, weights: Weights): Signal {
  const { name, epsilon, threshold } = layer;
  const read = x.shape.length === 3 ? builder.mapOf(x) : builder.natural(builder.flat(x));
  const vector = (role: string, factor = 1): string => {
    const values = weights.get(`${name}/${role}`)!;
    return builder.tensor(
      `${name}/${role}`,
      [values.length],
      values.map((value) => value * factor),
    );
  };
  const vectors = [vector('scale', threshold), vector('shift'), vector('mean'), vector('variance')];
  const id = builder.node(name, 'BatchNormalization', [read.id, ...vectors], { epsilon: { float: epsilon } });
  if (read.shape.length === x.shape.length) return { ...read, id };
  return { id: builder.reshape(`${name}@shaped`, id, x.shape), shape: x.shape };
}
