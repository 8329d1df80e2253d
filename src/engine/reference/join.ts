// Two signals in one: add a + b, and a b, iand (1 - a) b (Fang et al. 2021); and the sum of the gradients of a signal read twice. A
// signal of one row a sample is the same at every step; its gradient is the sum over them.

import type { BackwardOp, ForwardOp, JoinMode } from '../plan.ts';
import type { Run, Tensor } from './run.ts';

const JOINS: Readonly<Record<JoinMode, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  and: (a, b) => a * b,
  iand: (a, b) => (1 - a) * b,
};

/** Index in `of` of the value that stands for value k of `y`, whose rows may be finer. */
function indexIn(of: Tensor, y: Tensor, k: number): number {
  const row = Math.floor(k / y.features);
  return Math.floor(row / (y.rows / of.rows)) * of.features + (k % y.features);
}

export function join(op: Extract<ForwardOp, { kernel: 'join' }>, run: Run): void {
  const [a, b, y] = [run.tensor(op.a), run.tensor(op.b), run.tensor(op.y)];
  for (let k = 0; k < run.samples * y.rows * y.features; k++)
    y.data[k] = JOINS[op.mode](a.data[indexIn(a, y, k)]!, b.data[indexIn(b, y, k)]!);
}

export function joinBackward(op: Extract<BackwardOp, { kernel: 'join-backward' }>, run: Run): void {
  const [a, b, dy] = [run.tensor(op.a), run.tensor(op.b), run.tensor(op.dy)];
  const add = (id: string | undefined, slope: (k: number) => number): void => {
    if (id === undefined) return;
    const into = run.tensor(id);
    into.data.fill(0, 0, run.samples * into.rows * into.features);
    for (let k = 0; k < run.samples * dy.rows * dy.features; k++)
      into.data[indexIn(into, dy, k)]! += dy.data[k]! * slope(k);
  };
  const sign = op.mode === 'and' ? 1 : -1;
  add(op.da, (k) => sign * b.data[indexIn(b, dy, k)]!);
  add(op.db, (k) => (op.mode === 'and' ? 0 : 1) + sign * a.data[indexIn(a, dy, k)]!);
}

export function accumulate(op: Extract<BackwardOp, { kernel: 'accumulate' }>, run: Run): void {
  const y = run.tensor(op.y);
  const sum = new Float64Array(run.samples * y.rows * y.features);
  for (const from of [op.a, ...(op.b === undefined ? [] : [op.b])].map((id) => run.tensor(id)))
    for (let k = 0; k < run.samples * from.rows * from.features; k++) sum[indexIn(y, from, k)]! += from.data[k]!;
  // only now, as y may be one of the operands
  y.data.set(sum);
}
