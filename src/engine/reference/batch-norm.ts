// Batch norm per channel: y = factor gamma xhat + beta, xhat = (x - m) d, d = 1 / sqrt(v + epsilon); m and v of the batch, or the
// running ones. Backward (Ioffe and Szegedy 2015): dx = factor gamma d (dy - mean(dy) - xhat mean(dy xhat)). Time steps that share
// a row weigh every row alike, so they matter to the unbiased variance only.

import type { BackwardOp, ForwardOp } from '../plan.ts';
import type { Run, Tensor } from './run.ts';
import { channelsOf } from './window.ts';

type BatchNorm = Extract<ForwardOp, { kernel: 'batch-norm' }>;
type BatchNormBackward = Extract<BackwardOp, { kernel: 'batch-norm-backward' }>;

/** Mean over samples, rows and pixels of `value(k, channel)`, k the index of a value; per channel. */
function meanByChannel(x: Tensor, samples: number, value: (k: number, channel: number) => number): Float64Array {
  const C = channelsOf(x.spec);
  const sums = new Float64Array(C);
  const size = samples * x.rows * x.features;
  for (let k = 0; k < size; k++) sums[k % C]! += value(k, k % C);
  return sums.map((sum) => sum / (size / C));
}

export function batchNorm(op: BatchNorm, run: Run): void {
  if (run.samples === 0) return;
  if (op.statistics === 'batch') takeStatistics(op, run);
  const [x, y] = [run.tensor(op.x), run.tensor(op.y)];
  const [gamma, beta] = [run.parameter(op.gamma), run.parameter(op.beta)];
  const C = channelsOf(x.spec);
  const running = op.statistics === 'running';
  const mean = run.parameter(running ? op.mean : op.batchMean);
  const deviation = running
    ? run.parameter(op.variance).map((v) => 1 / Math.sqrt(v + op.epsilon))
    : run.parameter(op.batchDeviation);
  for (let k = 0; k < run.samples * x.rows * x.features; k++) {
    const c = k % C;
    y.data[k] = op.factor * gamma[c]! * (x.data[k]! - mean[c]!) * deviation[c]! + beta[c]!;
  }
}

/** Statistics of the batch, and the running ones moved towards them. */
function takeStatistics(op: BatchNorm, run: Run): void {
  const x = run.tensor(op.x);
  const C = channelsOf(x.spec);
  const mean = meanByChannel(x, run.samples, (k) => x.data[k]!);
  const variance = meanByChannel(x, run.samples, (k, c) => (x.data[k]! - mean[c]!) ** 2);
  run.parameter(op.batchMean).set(mean);
  run.parameter(op.batchDeviation).set(variance.map((v) => 1 / Math.sqrt(v + op.epsilon)));
  const n = (run.samples * x.rows * x.features * op.repeats) / C;
  const towards = (id: string, c: number, value: number): void => {
    const vector = run.parameter(id);
    vector[c]! += op.momentum * (value - vector[c]!);
  };
  for (let c = 0; c < C; c++) {
    towards(op.mean, c, mean[c]!);
    // of a single value nothing is known about the variance: it stays
    if (n > 1) towards(op.variance, c, (variance[c]! * n) / (n - 1));
  }
}

export function batchNormBackward(op: BatchNormBackward, run: Run): void {
  if (run.samples === 0) return;
  const [x, dy] = [run.tensor(op.x), run.tensor(op.dy)];
  const [gamma, dGamma, dBeta] = [run.parameter(op.gamma), run.parameter(op.dGamma), run.parameter(op.dBeta)];
  const [mean, deviation] = [run.parameter(op.batchMean), run.parameter(op.batchDeviation)];
  const C = channelsOf(x.spec);
  const xhat = (k: number, c: number): number => (x.data[k]! - mean[c]!) * deviation[c]!;
  const meanDy = meanByChannel(x, run.samples, (k) => dy.data[k]!);
  const meanProduct = meanByChannel(x, run.samples, (k, c) => dy.data[k]! * xhat(k, c));
  const size = run.samples * x.rows * x.features;
  for (let c = 0; c < C; c++) {
    dGamma[c]! += (op.factor * meanProduct[c]! * size) / C;
    dBeta[c]! += (meanDy[c]! * size) / C;
  }
  if (op.dx === undefined) return;
  const dx = run.tensor(op.dx);
  for (let k = 0; k < size; k++) {
    const c = k % C;
    const centred = dy.data[k]! - meanDy[c]! - xhat(k, c) * meanProduct[c]!;
    dx.data[k] = op.factor * gamma[c]! * deviation[c]! * centred;
  }
}

export function runningNormBackward(op: Extract<BackwardOp, { kernel: 'running-norm-backward' }>, run: Run): void {
  const [dy, dx] = [run.tensor(op.dy), run.tensor(op.dx)];
  const [gamma, variance] = [run.parameter(op.gamma), run.parameter(op.variance)];
  const C = channelsOf(dy.spec);
  for (let k = 0; k < run.samples * dy.rows * dy.features; k++)
    dx.data[k] = (op.factor * gamma[k % C]! * dy.data[k]!) / Math.sqrt(variance[k % C]! + op.epsilon);
}
