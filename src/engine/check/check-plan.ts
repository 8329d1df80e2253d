// Is a plan sound? Every tensor and parameter an operation names exists, has the shape and kind it needs, and was written
// before it is read. Every backend checks a plan with this before it lays out memory, so all refuse the same plans.

import { ShapeError } from '../../core/index.ts';
import type { BackwardOp, ForwardOp, GradientOp, Plan } from '../plan.ts';
import { checkNeuron, checkNeuronBackward } from './check-neuron.ts';
import { checkBatchNorm, checkBatchNormBackward, checkRunningNormBackward } from './check-norm.ts';
import { checkUpdate } from './check-update.ts';
import {
  checkAccumulate,
  checkActivation,
  checkActivationBackward,
  checkDropout,
  checkJoin,
  checkJoinBackward,
  checkReshape,
  checkSameShape,
  checkSoftmax,
  checkSoftmaxBackward,
} from './check-values.ts';
import {
  checkConv,
  checkConvBackward,
  checkConvGradient,
  checkCount,
  checkPool,
  checkPoolBackward,
} from './check-window.ts';
import { channelsOf, type Operands, operandsOf, shapeOf } from './operands.ts';

const SPIKES = { values: ['spikes'] } as const;
const ANALOG = { values: ['analog'] } as const;
const EITHER = { values: ['analog', 'spikes'] } as const;
const KEPT = { keep: 'gradients' } as const;

/** Throws a ShapeError that names the operation, the operand, what it is and what was expected. */
export function checkPlan(plan: Plan): void {
  checkSizes(plan);
  const operands = operandsOf(plan);
  for (const op of plan.forward) checkForward(op, operands(op));
  for (const op of plan.backward) checkBackward(op, operands(op));
  for (const op of plan.gradients) checkGradient(op, operands(op));
  for (const op of plan.update) checkUpdate(op, operands(op));
}

function checkSizes(plan: Plan): void {
  const whole = (value: number) => Number.isInteger(value) && value >= 1;
  if (!whole(plan.timesteps))
    throw new ShapeError(`plan: timesteps is ${plan.timesteps}, expected a whole number of at least 1`);
  for (const { id, features, channels } of plan.tensors) {
    if (!whole(features)) throw new ShapeError(`plan: tensor "${id}" has ${features} features, expected at least 1`);
    if (channels !== undefined && (!whole(channels) || features % channels !== 0))
      throw new ShapeError(
        `plan: tensor "${id}" has ${channels} channels, expected a whole number that divides its ${features} features`,
      );
  }
  for (const { id, rows, columns } of plan.parameters)
    if (!whole(rows) || !whole(columns))
      throw new ShapeError(`plan: parameter "${id}" is [${rows}, ${columns}], expected at least [1, 1]`);
}

function checkForward(op: ForwardOp, use: Operands): void {
  switch (op.kernel) {
    case 'load':
      use.writes('x', op.x, ANALOG);
      return;
    case 'encode-rate':
    case 'encode-latency': {
      const x = use.reads('x', op.x, { ...ANALOG, ...(op.kernel === 'encode-latency' && { rows: 'sample' }) });
      use.writes('spikes', op.spikes, { ...SPIKES, ...shapeOf(x), rows: 'step' });
      return;
    }
    case 'encode-delta': {
      const x = use.reads('x', op.x, { ...EITHER, rows: 'step' });
      use.writes('y', op.y, { ...(op.offSpikes ? ANALOG : EITHER), ...shapeOf(x) });
      return;
    }
    case 'dense':
      checkDense(op, use);
      return;
    case 'conv':
      checkConv(op, use);
      return;
    case 'pool':
      checkPool(op, use);
      return;
    case 'batch-norm':
      checkBatchNorm(op, use);
      return;
    case 'activation':
      checkActivation(op, use);
      return;
    case 'softmax':
      checkSoftmax(op, use);
      return;
    case 'join':
      checkJoin(op, use);
      return;
    case 'reshape':
      checkReshape(['x', op.x], ['y', op.y], use);
      return;
    case 'dropout':
      checkDropout(op.rate, use);
      checkSameShape(['x', op.x], ['y', op.y], use);
      return;
    case 'relu':
      checkSameShape(['x', op.x], ['y', op.y], use);
      return;
    case 'neuron':
      checkNeuron(op, use);
      return;
    case 'count':
      checkCount(op, use);
      return;
    case 'loss':
      checkLoss(op, use);
      return;
    default:
      throw op satisfies never;
  }
}

/** A dense layer sees no pixels: its input is flat. */
function checkDense(op: Extract<ForwardOp, { kernel: 'dense' }>, use: Operands): void {
  const { rows, features } = use.reads('x', op.x, EITHER);
  use.reads('x', op.x, { channels: features });
  const { columns } = use.parameter('weight', op.weight, features);
  use.parameterIf('bias', op.bias, 1, columns);
  use.writes('y', op.y, { ...ANALOG, rows, features: columns, channels: columns });
}

function checkLoss(op: Extract<ForwardOp, { kernel: 'loss' }>, use: Operands): void {
  const rows = ['cross-entropy', 'margin', 'mse'].includes(op.loss) ? 'sample' : 'step';
  const { features } = use.reads('output', op.output, { ...EITHER, rows });
  use.reads('output', op.output, { channels: features });
  use.writesIf('dOutput', op.dOutput, { ...ANALOG, rows, features, channels: features });
  use.writes('losses', op.losses, { ...ANALOG, rows: 'sample', features: 1 });
}

function checkBackward(op: BackwardOp, use: Operands): void {
  switch (op.kernel) {
    case 'dense-backward': {
      const { rows, features } = use.reads('dy', op.dy, ANALOG);
      use.reads('dy', op.dy, { channels: features });
      const weight = use.parameter('weight', op.weight, undefined, features);
      use.writes('dx', op.dx, { ...ANALOG, rows, features: weight.rows, channels: weight.rows });
      return;
    }
    case 'conv-backward':
      checkConvBackward(op, use);
      return;
    case 'pool-backward':
      checkPoolBackward(op, use);
      return;
    case 'batch-norm-backward':
      checkBatchNormBackward(op, use);
      return;
    case 'running-norm-backward':
      checkRunningNormBackward(op, use);
      return;
    case 'activation-backward':
      checkActivationBackward(op, use);
      return;
    case 'softmax-backward':
      checkSoftmaxBackward(op, use);
      return;
    case 'join-backward':
      checkJoinBackward(op, use);
      return;
    case 'accumulate':
      checkAccumulate(op, use);
      return;
    case 'reshape-backward':
      checkReshape(['dy', op.dy], ['dx', op.dx], use);
      return;
    case 'relu-backward': {
      const y = use.reads('y', op.y, ANALOG);
      use.reads('dy', op.dy, { ...ANALOG, ...shapeOf(y) });
      use.writes('dx', op.dx, { ...ANALOG, ...shapeOf(y) });
      return;
    }
    case 'dropout-backward':
      checkDropout(op.rate, use);
      checkSameShape(['dy', op.dy], ['dx', op.dx], use);
      return;
    case 'neuron-backward':
      checkNeuronBackward(op, use);
      return;
    default:
      throw op satisfies never;
  }
}

function checkGradient(op: GradientOp, use: Operands): void {
  switch (op.kernel) {
    case 'dense-gradient': {
      const x = use.reads('x', op.x, { ...EITHER, ...KEPT });
      use.reads('x', op.x, { channels: x.features });
      const dy = use.reads('dy', op.dy, { ...ANALOG, ...KEPT, rows: x.rows });
      use.reads('dy', op.dy, { channels: dy.features });
      use.parameter('dWeight', op.dWeight, x.features, dy.features);
      if (op.shift === 1 && x.rows !== 'step') use.refuse(`shift 1 needs one row a step, "${op.x}" has one a sample`);
      return;
    }
    case 'conv-gradient':
      checkConvGradient(op, use);
      return;
    case 'sum-gradient': {
      const dy = use.reads('dy', op.dy, { ...ANALOG, ...KEPT });
      use.parameter('dVector', op.dVector, 1, channelsOf(dy));
      return;
    }
    case 'scale-gradient': {
      const spikes = use.reads('spikes', op.spikes, { ...SPIKES, ...KEPT, rows: 'step' });
      use.reads('spikes', op.spikes, { channels: spikes.features });
      use.reads('dy', op.dy, { ...ANALOG, ...KEPT, ...shapeOf(spikes) });
      use.parameter('dScale', op.dScale, 1, spikes.features);
      return;
    }
    default:
      throw op satisfies never;
  }
}
