// Is a plan sound? Every tensor and parameter an operation names exists, has the shape and kind it needs, and was written
// before it is read. Every backend checks a plan with this before it lays out memory, so all refuse the same plans.

import { ShapeError } from '../../core/index.ts';
import type { BackwardOp, ForwardOp, GradientOp, Plan } from '../plan.ts';
import { checkNeuron, checkNeuronBackward } from './check-neuron.ts';
import { checkUpdate } from './check-update.ts';
import { type Operands, operandsOf } from './operands.ts';

const SPIKES = { values: ['spikes'] } as const;
const ANALOG = { values: ['analog'] } as const;
const EITHER = { values: ['analog', 'spikes'] } as const;

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
  for (const { id, features } of plan.tensors)
    if (!whole(features)) throw new ShapeError(`plan: tensor "${id}" has ${features} features, expected at least 1`);
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
      use.writes('spikes', op.spikes, { ...SPIKES, rows: 'step', features: x.features });
      return;
    }
    case 'encode-delta': {
      const x = use.reads('x', op.x, { ...EITHER, rows: 'step' });
      use.writes('y', op.y, { ...(op.offSpikes ? ANALOG : EITHER), rows: 'step', features: x.features });
      return;
    }
    case 'dense': {
      const x = use.reads('x', op.x, EITHER);
      const weight = use.parameter('weight', op.weight, x.features);
      use.parameterIf('bias', op.bias, 1, weight.columns);
      use.writes('y', op.y, { ...ANALOG, rows: x.rows, features: weight.columns });
      return;
    }
    case 'dropout':
      checkRate(op.rate, use);
      sameShape('x', op.x, 'y', op.y, use);
      return;
    case 'relu':
      sameShape('x', op.x, 'y', op.y, use);
      return;
    case 'neuron':
      checkNeuron(op, use);
      return;
    case 'count': {
      const x = use.reads('x', op.x, EITHER);
      use.writes('counts', op.counts, { values: ['count'], rows: x.rows, features: 1 });
      return;
    }
    case 'loss':
      checkLoss(op, use);
      return;
    default:
      throw op satisfies never;
  }
}

function checkLoss(op: Extract<ForwardOp, { kernel: 'loss' }>, use: Operands): void {
  const rows = op.loss === 'cross-entropy' ? 'sample' : 'step';
  const output = use.reads('output', op.output, { ...EITHER, rows });
  use.writesIf('dOutput', op.dOutput, { ...ANALOG, rows, features: output.features });
  use.writes('losses', op.losses, { ...ANALOG, rows: 'sample', features: 1 });
}

function checkRate(rate: number, use: Operands): void {
  if (!(rate >= 0 && rate < 1)) use.refuse(`rate is ${rate}, expected at least 0 and below 1`);
}

function sameShape(readRole: string, read: string, writeRole: string, written: string, use: Operands): void {
  const x = use.reads(readRole, read, EITHER);
  use.writes(writeRole, written, { ...ANALOG, rows: x.rows, features: x.features });
}

function checkBackward(op: BackwardOp, use: Operands): void {
  switch (op.kernel) {
    case 'dense-backward': {
      const dy = use.reads('dy', op.dy, ANALOG);
      const weight = use.parameter('weight', op.weight, undefined, dy.features);
      use.writes('dx', op.dx, { ...ANALOG, rows: dy.rows, features: weight.rows });
      return;
    }
    case 'relu-backward': {
      const y = use.reads('y', op.y, ANALOG);
      use.reads('dy', op.dy, { ...ANALOG, rows: y.rows, features: y.features });
      use.writes('dx', op.dx, { ...ANALOG, rows: y.rows, features: y.features });
      return;
    }
    case 'dropout-backward':
      checkRate(op.rate, use);
      sameShape('dy', op.dy, 'dx', op.dx, use);
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
      const x = use.reads('x', op.x, EITHER);
      const dy = use.reads('dy', op.dy, { ...ANALOG, rows: x.rows });
      use.parameter('dWeight', op.dWeight, x.features, dy.features);
      if (op.shift === 1 && x.rows !== 'step') use.refuse(`shift 1 needs one row a step, "${op.x}" has one a sample`);
      return;
    }
    case 'sum-gradient': {
      const dy = use.reads('dy', op.dy, ANALOG);
      use.parameter('dVector', op.dVector, 1, dy.features);
      return;
    }
    case 'scale-gradient': {
      const spikes = use.reads('spikes', op.spikes, { ...SPIKES, rows: 'step' });
      use.reads('dy', op.dy, { ...ANALOG, rows: 'step', features: spikes.features });
      use.parameter('dScale', op.dScale, 1, spikes.features);
      return;
    }
    default:
      throw op satisfies never;
  }
}
