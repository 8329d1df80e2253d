// Softmax over the features of a row: y = exp(x) / sum exp(x); dx = y (dy - sum dy y).

import type { BackwardOp, ForwardOp } from '../plan.ts';
import type { Run } from './run.ts';

export function softmax(op: Extract<ForwardOp, { kernel: 'softmax' }>, run: Run): void {
  const [x, y] = [run.tensor(op.x), run.tensor(op.y)];
  for (let row = 0; row < run.samples * x.rows; row++) {
    const span = [row * x.features, (row + 1) * x.features] as const;
    const values = x.data.subarray(...span);
    // shifted by the largest, so that no exponential overflows
    const top = Math.max(...values);
    const powers = values.map((value) => Math.exp(value - top));
    const sum = powers.reduce((total, power) => total + power, 0);
    y.data.set(
      powers.map((power) => power / sum),
      span[0],
    );
  }
}

export function softmaxBackward(op: Extract<BackwardOp, { kernel: 'softmax-backward' }>, run: Run): void {
  const [y, dy, dx] = [run.tensor(op.y), run.tensor(op.dy), run.tensor(op.dx)];
  for (let row = 0; row < run.samples * y.rows; row++) {
    const [from, until] = [row * y.features, (row + 1) * y.features];
    // counted from dy at the largest y nothing cancels, however close to 1 that y is
    let top = from;
    for (let k = from; k < until; k++) if (y.data[k]! > y.data[top]!) top = k;
    const own = dy.data[top]!;
    let product = 0;
    for (let k = from; k < until; k++) product += (dy.data[k]! - own) * y.data[k]!;
    for (let k = from; k < until; k++) dx.data[k] = y.data[k]! * (dy.data[k]! - own - product);
  }
}
