// What an ANN computes at a slot, value by value. A quantized one, y = c clip(floor(x L / c + 1/2) / L, 0, 1) (QCFS, Bu et al. 2022),
// is written operation by operation in the engine's order: a sum that differs in its last bit may fall on the other side of a step.

import type { SlotSpec, Weights } from '../../model/index.ts';
import type { GraphBuilder, Signal } from '../graph-builder.ts';

export function exportActivation(builder: GraphBuilder, { name, ann }: SlotSpec, x: Signal, weights: Weights): Signal {
  const clip = (id: string, from: number, to: number, as = name): string =>
    builder.node(as, 'Clip', [id, builder.scalar(from), builder.scalar(to)]);
  if (ann === 'identity') return x;
  if (ann === 'relu') return { ...x, id: builder.node(name, 'Relu', [x.id]) };
  if (ann === 'relu6') return { ...x, id: clip(x.id, 0, 6) };
  if (ann.kind === 'leaky-relu')
    return { ...x, id: builder.node(name, 'LeakyRelu', [x.id], { alpha: { float: ann.slope } }) };
  const ceiling = weights.get(`${name}/ceiling`)![0]!;
  const step = (role: string, op: string, id: string, by?: string): string =>
    builder.node(role === '' ? name : `${name}@${role}`, op, by === undefined ? [id] : [id, by]);
  const scaled = step('scaled', 'Mul', x.id, builder.scalar(ann.levels));
  const levels = step('levels', 'Div', scaled, builder.tensor(`${name}/ceiling`, [], Float32Array.of(ceiling)));
  const floor = step('floor', 'Floor', step('rounded', 'Add', levels, builder.scalar(0.5)));
  const clipped = clip(floor, 0, ann.levels, `${name}@clipped`);
  const height = builder.tensor(`${name}/step`, [], Float32Array.of(Math.fround(ceiling) / ann.levels));
  return { ...x, id: step('', 'Mul', clipped, height) };
}
