// The work of each operation of a plan for one batch, from shapes and counted nonzeros alone.

import type { BackwardOp, ForwardOp, GradientOp } from '../engine/index.ts';
import { tapsInside } from '../simulate/index.ts';
import { trafficOf } from './operands.ts';
import { type DenseAndDone, productWork, recurrentWork } from './products.ts';
import { type Arithmetic, addArithmetic, type Work } from './work.ts';
import { channelsOf, rowsOf, tensorOf, valuesOf, type WorkContext } from './work-context.ts';

type Op = ForwardOp | BackwardOp | GradientOp;

/** [multiply-adds, other operations] of one value. Nominal: what the equation asks for, without random numbers and exponentials. */
type Each = readonly [multiplyAdds: number, additions: number];

const each = (values: number, [multiplyAdds, additions]: Each): Arithmetic => ({
  multiplyAdds: values * multiplyAdds,
  additions: values * additions,
});

/** `kernel`: the one that ran, where it is another than the plan's. */
export function workOf(op: Op, context: WorkContext, kernel: string = op.kernel): Work {
  return { ...arithmeticOf(op, context, kernel), ...trafficOf(op, context) };
}

function arithmeticOf(op: Op, context: WorkContext, kernel: string): DenseAndDone {
  switch (op.kernel) {
    case 'dense':
    case 'conv':
    case 'dense-backward':
    case 'conv-backward':
    case 'dense-gradient':
    case 'conv-gradient':
      return productWork(op, context, kernel);
    case 'neuron':
    case 'neuron-backward': {
      const work = op.kernel === 'neuron' ? neuronWork(op, context) : neuronBackwardWork(op, context);
      const { weight } = op.dynamics.recurrent ?? {};
      if (weight === undefined) return both(work);
      const { dense, done } = recurrentWork(op, tensorOf(context, op.current).features, context);
      return { dense: addArithmetic(dense, work), done: addArithmetic(done, work) };
    }
    default:
      return both(gradientWise(op, context));
  }
}

const both = (work: Arithmetic): DenseAndDone => ({ dense: work, done: work });

type ValueWise = Exclude<Op, { kernel: `dense${string}` | `conv${string}` | `neuron${string}` }>;

/** Operations that do the same for every value: gradients first. */
function gradientWise(op: ValueWise, context: WorkContext): Arithmetic {
  const values = (id: string): number => valuesOf(context, id);
  switch (op.kernel) {
    case 'batch-norm-backward':
      return each(op.dx === undefined ? 0 : values(op.dx), [2, 1]);
    case 'running-norm-backward':
      return each(values(op.dy), [1, 0]);
    case 'softmax-backward':
      return each(values(op.y), [2, 0]);
    case 'join-backward':
      return each(values(op.dy), [0, op.da !== undefined && op.db !== undefined ? 2 : 1]);
    case 'accumulate':
      return each(Math.max(values(op.a), op.b === undefined ? 0 : values(op.b)), [0, 1]);
    case 'relu-backward':
    case 'dropout-backward':
    case 'sum-gradient':
      return each(values(op.dy), [0, 1]);
    case 'scale-gradient':
      return each(values(op.dy), [1, 0]);
    default:
      return valueWise(op, context);
  }
}

type Rest = Exclude<
  ValueWise,
  {
    kernel:
      | 'batch-norm-backward'
      | 'running-norm-backward'
      | 'softmax-backward'
      | 'join-backward'
      | 'accumulate'
      | 'relu-backward'
      | 'dropout-backward'
      | 'sum-gradient'
      | 'scale-gradient';
  }
>;

/** The others: what a network does forward, and gradients that look at windows or at the same values as forward. */
function valueWise(op: Rest, context: WorkContext): Arithmetic {
  const values = (id: string): number => valuesOf(context, id);
  switch (op.kernel) {
    case 'load':
      return each(values(op.x), [0, op.source === 'bytes' ? 1 : 0]);
    case 'encode-rate':
    case 'encode-latency':
      return each(values(op.spikes), [0, 1]);
    case 'encode-delta':
      return each(values(op.y), [0, 2]);
    case 'pool':
    case 'pool-backward': {
      const [map, other] = op.kernel === 'pool' ? [op.x, op.y] : [op.dx, op.dy];
      const spec = tensorOf(context, map);
      return each(rowsOf(context, tensorOf(context, other)) * tapsInside(op.window) * channelsOf(spec), [0, 1]);
    }
    case 'batch-norm':
      return each(values(op.x), [1, 0]);
    case 'activation':
    case 'activation-backward':
      return each(values(op.x), op.form === 'quantized' ? [1, 2] : [0, 1]);
    case 'softmax':
      return each(values(op.x), [0, 3]);
    case 'join':
      return each(values(op.y), [0, 1]);
    case 'relu':
    case 'dropout':
      return each(values(op.x), [0, 1]);
    case 'loss':
      return each(values(op.output), [0, 3]);
    case 'count':
    case 'reshape':
    case 'reshape-backward':
      return each(0, [0, 0]);
    default:
      throw op satisfies never;
  }
}

/** Charge a m + b i + c, a synapse's filter, the comparison with the threshold, the reset, a recurrence one to one. */
function neuronWork(op: ForwardOp & { kernel: 'neuron' }, context: WorkContext): Arithmetic {
  const { alpha, threshold, reset, recurrent } = op.dynamics;
  const count = (there: boolean): number => (there ? 1 : 0);
  const multiplyAdds =
    2 + count(alpha !== undefined) + count(reset === 'subtract') + count(recurrent?.scale !== undefined);
  const additions = count(threshold !== undefined) + count(reset === 'value') + count(recurrent?.bias !== undefined);
  return each(updatesOf(op.current, context), [multiplyAdds, additions]);
}

/** The surrogate's slope (nominally 3), the gradient through charge and reset, and one product a learned vector. */
function neuronBackwardWork(op: BackwardOp & { kernel: 'neuron-backward' }, context: WorkContext): Arithmetic {
  const learned = [op.dA, op.dB, op.dC, op.dThreshold, op.dAlpha].filter((id) => id !== undefined).length;
  return each(updatesOf(op.current, context), [2 + learned, 3]);
}

/** Neurons times samples times steps, also where the current is the same at each step. */
const updatesOf = (current: string, context: WorkContext): number =>
  context.samples * context.plan.timesteps * tensorOf(context, current).features;
