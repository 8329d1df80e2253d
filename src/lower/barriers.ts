// A batch norm that takes statistics of the batch is a barrier: it reads all of its input before it writes any output. What is
// read on both sides of a barrier cannot live in the scratch of a chunk.

import type { BackwardOp, ForwardOp } from '../engine/index.ts';

type Run = ForwardOp | BackwardOp;

const isBarrier = (op: Run): boolean =>
  op.kernel === 'batch-norm-backward' || (op.kernel === 'batch-norm' && op.statistics === 'batch');

/** Tensors that are touched on more than one side of a barrier. */
export function keptAcrossBarriers(
  forward: readonly ForwardOp[],
  backward: readonly BackwardOp[],
  tensors: { has(id: string): boolean },
): Set<string> {
  const touchedIn = new Map<string, number>();
  const kept = new Set<string>();
  let segment = 0;
  const touch = (id: string): void => {
    if (touchedIn.has(id) && touchedIn.get(id) !== segment) kept.add(id);
    touchedIn.set(id, segment);
  };
  for (const op of [...forward, ...backward]) {
    const ids = Object.values(op).filter((value) => typeof value === 'string' && tensors.has(value));
    if (isBarrier(op)) {
      for (const id of inputsOf(op)) touch(id);
      segment++;
    }
    for (const id of ids) touch(id);
  }
  return kept;
}

const inputsOf = (op: Run): string[] => ('x' in op ? [op.x, ...('dy' in op ? [op.dy] : [])] : []);
