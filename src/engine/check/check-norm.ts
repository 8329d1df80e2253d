// What batch norms ask of their operands: vectors of one value a channel.

import type { BackwardOp, ForwardOp } from '../plan.ts';
import { channelsOf, type Operands, shapeOf } from './operands.ts';

const ANALOG = { values: ['analog'] } as const;

type BatchNorm = Extract<ForwardOp, { kernel: 'batch-norm' }>;
type BatchNormBackward = Extract<BackwardOp, { kernel: 'batch-norm-backward' }>;
type RunningNormBackward = Extract<BackwardOp, { kernel: 'running-norm-backward' }>;

export function checkBatchNorm(op: BatchNorm, use: Operands): void {
  const x = use.reads('x', op.x, ANALOG);
  for (const role of ['gamma', 'beta', 'mean', 'variance', 'batchMean', 'batchDeviation'] as const)
    use.parameter(role, op[role], 1, channelsOf(x));
  checkNumbers(op, use);
  if (!(op.momentum >= 0 && op.momentum <= 1)) use.refuse(`momentum is ${op.momentum}, expected 0 to 1`);
  use.writes('y', op.y, { ...ANALOG, ...shapeOf(x) });
}

export function checkBatchNormBackward(op: BatchNormBackward, use: Operands): void {
  const x = use.reads('x', op.x, ANALOG);
  use.reads('dy', op.dy, { ...ANALOG, ...shapeOf(x) });
  for (const role of ['gamma', 'batchMean', 'batchDeviation', 'dGamma', 'dBeta'] as const)
    use.parameter(role, op[role], 1, channelsOf(x));
  checkNumbers(op, use);
  use.writesIf('dx', op.dx, { ...ANALOG, ...shapeOf(x) });
}

export function checkRunningNormBackward(op: RunningNormBackward, use: Operands): void {
  const dy = use.reads('dy', op.dy, ANALOG);
  for (const role of ['gamma', 'variance'] as const) use.parameter(role, op[role], 1, channelsOf(dy));
  checkScale(op, use);
  use.writes('dx', op.dx, { ...ANALOG, ...shapeOf(dy) });
}

function checkScale({ epsilon, factor }: Pick<BatchNorm, 'epsilon' | 'factor'>, use: Operands): void {
  if (!(epsilon > 0)) use.refuse(`epsilon is ${epsilon}, expected more than 0`);
  if (!Number.isFinite(factor)) use.refuse(`factor is ${factor}, expected a finite number`);
}

function checkNumbers({ epsilon, factor, repeats }: BatchNorm | BatchNormBackward, use: Operands): void {
  checkScale({ epsilon, factor }, use);
  if (!Number.isInteger(repeats) || repeats < 1)
    use.refuse(`repeats is ${repeats}, expected a whole number of at least 1`);
}
