// The same values under other channels: in row-major order nothing moves.

import type { BackwardOp, ForwardOp } from '../plan.ts';
import type { Run } from './run.ts';

function copy(from: string, to: string, run: Run): void {
  const x = run.tensor(from);
  run.tensor(to).data.set(x.data.subarray(0, run.samples * x.rows * x.features));
}

export function reshape(op: Extract<ForwardOp, { kernel: 'reshape' }>, run: Run): void {
  copy(op.x, op.y, run);
}

export function reshapeBackward(op: Extract<BackwardOp, { kernel: 'reshape-backward' }>, run: Run): void {
  copy(op.dy, op.dx, run);
}
