// Nonzero values of each row; with a window's reach, each as often as output pixels of the window read its pixel.

import type { ForwardOp } from '../plan.ts';
import type { Run } from './run.ts';
import { channelsOf, reachOf } from './window.ts';

export function countNonzero(op: Extract<ForwardOp, { kernel: 'count' }>, run: Run): void {
  const x = run.tensor(op.x);
  const counts = run.tensor(op.counts);
  const reach = op.reach === undefined ? undefined : reachOf(op.reach);
  const C = channelsOf(x.spec);
  for (let row = 0; row < run.samples * x.rows; row++) {
    let counted = 0;
    for (let i = 0; i < x.features; i++)
      if (x.data[row * x.features + i] !== 0) counted += reach?.[Math.floor(i / C)] ?? 1;
    counts.data[row] = counted;
  }
}
