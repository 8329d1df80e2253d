// Two signals of one shape in one: add a + b, and a b, iand (1 - a) b.

import type { JoinSpec } from '../../model/index.ts';
import type { GraphBuilder, Signal } from '../graph-builder.ts';

export function exportJoin(builder: GraphBuilder, { name, mode }: JoinSpec, first: Signal, second: Signal): Signal {
  const arrange = (x: Signal): Signal => (x.shape.length === 3 ? builder.mapOf(x) : builder.natural(x));
  const [a, b] = [arrange(first), arrange(second)];
  const left = mode === 'iand' ? builder.node(`${name}@not`, 'Sub', [builder.scalar(1), a.id]) : a.id;
  return { ...a, id: builder.node(name, mode === 'add' ? 'Add' : 'Mul', [left, b.id]) };
}
