// Losses, each with its gradient. The output o is [T, C] for each sample (T = 1 for logits), y the sample's class, B the size of
// the whole batch. A sample's loss is its share: the sum over the batch is the batch's loss.

import { DataError } from '../../core/index.ts';
import { isRegression } from '../operation-fields.ts';
import type { ForwardOp, LossKind } from '../plan.ts';
import type { Run } from './run.ts';

type LossOp = Extract<ForwardOp, { kernel: 'loss' }>;

/** One sample's output, [T, C], and where to add the loss's derivative by it, the same shape. */
interface Sample {
  readonly output: Float64Array;
  readonly gradient: Float64Array;
  readonly T: number;
  readonly C: number;
  readonly label: number;
  /** [C], of regressions. */
  readonly targets: ArrayLike<number>;
}

/** The loss of one sample, undivided by B; adds the derivative to `gradient`. */
type LossFunction = (sample: Sample, op: LossOp) => number;

/** -log softmax(z)[label], and its derivative softmax(z) - onehot. */
function crossEntropyOf(z: Float64Array, label: number): { loss: number; gradient: Float64Array } {
  const top = Math.max(...z);
  const sum = z.reduce((total, value) => total + Math.exp(value - top), 0);
  const gradient = z.map((value, c) => Math.exp(value - top) / sum - (c === label ? 1 : 0));
  return { loss: Math.log(sum) + top - z[label]!, gradient };
}

/** Sum over time of [T, C]. */
function countsOf({ output, T, C }: Sample): Float64Array {
  const counts = new Float64Array(C);
  for (let t = 0; t < T; t++) for (let c = 0; c < C; c++) counts[c]! += output[t * C + c]!;
  return counts;
}

/** Adds `perClass` to the gradient at every step. */
function spreadOverTime({ gradient, T, C }: Sample, perClass: Float64Array): void {
  for (let t = 0; t < T; t++) for (let c = 0; c < C; c++) gradient[t * C + c]! += perClass[c]!;
}

/** `weight` sum over t of CE(o_t). */
function crossEntropyPerStep({ output, gradient, T, C, label }: Sample, weight: number): number {
  let loss = 0;
  for (let t = 0; t < T; t++) {
    const step = crossEntropyOf(output.subarray(t * C, (t + 1) * C), label);
    loss += weight * step.loss;
    for (let c = 0; c < C; c++) gradient[t * C + c]! += weight * step.gradient[c]!;
  }
  return loss;
}

/** `weight` mean over classes of (value - target)^2 for each class, and its derivative by the values. */
function squaredError(values: Float64Array, targets: (c: number) => number, weight: number) {
  const C = values.length;
  let loss = 0;
  const gradient = new Float64Array(C);
  for (let c = 0; c < C; c++) {
    const difference = values[c]! - targets(c);
    loss += (weight * difference ** 2) / C;
    gradient[c] = (2 * weight * difference) / C;
  }
  return { loss, gradient };
}

const ceCount: LossFunction = (sample) => {
  const { loss, gradient } = crossEntropyOf(countsOf(sample), sample.label);
  spreadOverTime(sample, gradient);
  return loss;
};

const ceMaxMembrane: LossFunction = ({ output, gradient, T, C, label }) => {
  const top = new Float64Array(C);
  const at = new Int32Array(C);
  for (let c = 0; c < C; c++) {
    for (let t = 1; t < T; t++) if (output[t * C + c]! > output[at[c]! * C + c]!) at[c] = t;
    top[c] = output[at[c]! * C + c]!;
  }
  const result = crossEntropyOf(top, label);
  for (let c = 0; c < C; c++) gradient[at[c]! * C + c]! += result.gradient[c]!;
  return result.loss;
};

const mseCount: LossFunction = (sample, op) => {
  const { T, label } = sample;
  const target = (c: number): number => Math.trunc(T * (c === label ? op.onTarget : op.offTarget));
  const { loss, gradient } = squaredError(countsOf(sample), target, 1 / T);
  spreadOverTime(sample, gradient);
  return loss;
};

const mseRate: LossFunction = (sample) => {
  const { T, label } = sample;
  const rates = countsOf(sample).map((count) => count / T);
  const { loss, gradient } = squaredError(rates, (c) => (c === label ? 1 : 0), 1);
  spreadOverTime(
    sample,
    gradient.map((value) => value / T),
  );
  return loss;
};

const mseMembrane: LossFunction = ({ output, gradient, T, C, label }, op) => {
  let total = 0;
  for (let t = 0; t < T; t++) {
    const step = output.subarray(t * C, (t + 1) * C);
    const result = squaredError(step, (c) => (c === label ? op.onTarget : op.offTarget), 1 / T);
    total += result.loss;
    for (let c = 0; c < C; c++) gradient[t * C + c]! += result.gradient[c]!;
  }
  return total;
};

/** Of the last step, or of logits. */
const mseTarget: LossFunction = ({ output, gradient, T, C, targets }) => {
  const result = squaredError(output.subarray((T - 1) * C), (c) => targets[c]!, 1);
  for (let c = 0; c < C; c++) gradient[(T - 1) * C + c]! += result.gradient[c]!;
  return result.loss;
};

/** max over other classes of mean_t o, minus that of the label; of equals the first. */
const margin: LossFunction = (sample) => {
  const { gradient, T, C, label } = sample;
  const scores = countsOf(sample).map((sum) => sum / T);
  let rival = -1;
  for (let c = 0; c < C; c++) if (c !== label && (rival < 0 || scores[c]! > scores[rival]!)) rival = c;
  for (let t = 0; t < T; t++) {
    gradient[t * C + label]! -= 1 / T;
    if (rival >= 0) gradient[t * C + rival]! += 1 / T;
  }
  return (rival < 0 ? 0 : scores[rival]!) - scores[label]!;
};

const LOSSES: Record<LossKind, LossFunction> = {
  'cross-entropy': (sample) => crossEntropyPerStep(sample, 1),
  'ce-membrane': (sample) => crossEntropyPerStep(sample, 1),
  'ce-rate': (sample) => crossEntropyPerStep(sample, 1 / sample.T),
  'ce-count': ceCount,
  'ce-max-membrane': ceMaxMembrane,
  'mse-count': mseCount,
  'mse-rate': mseRate,
  'mse-membrane': mseMembrane,
  margin,
  'margin-rate': margin,
  'margin-membrane': margin,
  mse: mseTarget,
  'mse-last-membrane': mseTarget,
};

export function loss(op: LossOp, run: Run): void {
  const output = run.tensor(op.output);
  const losses = run.tensor(op.losses);
  const dOutput = op.dOutput === undefined ? undefined : run.tensor(op.dOutput);
  const [T, C, B] = [output.rows, output.features, run.batch.lossSamples ?? run.samples];
  for (let sample = 0; sample < run.samples; sample++) {
    const span = [sample * T * C, (sample + 1) * T * C] as const;
    const gradient = new Float64Array(T * C);
    const wanted = isRegression(op.loss)
      ? { label: 0, targets: targetsOf(op, run, sample, C) }
      : { label: labelOf(op, run, sample, C), targets: [] };
    losses.data[sample] = LOSSES[op.loss]({ output: output.data.slice(...span), gradient, T, C, ...wanted }, op) / B;
    dOutput?.data.set(
      gradient.map((value) => value / B),
      span[0],
    );
  }
}

function targetsOf(op: LossOp, run: Run, sample: number, outputs: number): Float32Array {
  const { targets } = run.batch;
  if (targets === undefined) throw new DataError('batch', `loss "${op.layer}" needs targets, and the batch has none`);
  if (targets.length < run.samples * outputs)
    throw new DataError(
      'batch',
      `loss "${op.layer}": got ${targets.length} targets, expected ${run.samples * outputs} (${run.samples} samples of ${outputs})`,
    );
  return targets.subarray(sample * outputs, (sample + 1) * outputs);
}

function labelOf(op: LossOp, run: Run, sample: number, classes: number): number {
  const { labels } = run.batch;
  if (labels === undefined) throw new DataError('batch', `loss "${op.layer}" needs labels, and the batch has none`);
  const label = labels[sample];
  if (label === undefined || label < 0 || label >= classes)
    throw new DataError(
      'batch',
      `loss "${op.layer}": label of sample ${sample} is ${label}, expected 0 to ${classes - 1}`,
    );
  return label;
}
