// Fully connected: y = b + x W, W [in, out]. dx = dy W^T, dW += x^T dy, db += sum of dy over rows.
// I inputs, O outputs; a row is a sample, or a time step of one.

import type { BackwardOp, ForwardOp, GradientOp } from '../plan.ts';
import type { Run } from './run.ts';
import { channelsOf } from './window.ts';

export function dense(op: Extract<ForwardOp, { kernel: 'dense' }>, run: Run): void {
  const x = run.tensor(op.x);
  const y = run.tensor(op.y);
  const weight = run.parameter(op.weight);
  const bias = op.bias === undefined ? undefined : run.parameter(op.bias);
  const [I, O] = [x.features, y.features];
  for (let row = 0; row < run.samples * x.rows; row++) {
    for (let o = 0; o < O; o++) {
      let sum = bias?.[o] ?? 0;
      for (let i = 0; i < I; i++) sum += x.data[row * I + i]! * weight[i * O + o]!;
      y.data[row * O + o] = sum;
    }
  }
}

export function denseBackward(op: Extract<BackwardOp, { kernel: 'dense-backward' }>, run: Run): void {
  const dy = run.tensor(op.dy);
  const dx = run.tensor(op.dx);
  const weight = run.parameter(op.weight);
  const [I, O] = [dx.features, dy.features];
  for (let row = 0; row < run.samples * dy.rows; row++) {
    for (let i = 0; i < I; i++) {
      let sum = 0;
      for (let o = 0; o < O; o++) sum += dy.data[row * O + o]! * weight[i * O + o]!;
      dx.data[row * I + i] = sum;
    }
  }
}

/** With `shift` 1 the row of step t meets x at t - 1; step 0 has nothing before it. */
export function denseGradient(op: Extract<GradientOp, { kernel: 'dense-gradient' }>, run: Run): void {
  const x = run.tensor(op.x);
  const dy = run.tensor(op.dy);
  const dWeight = run.parameter(op.dWeight);
  const [I, O, shift] = [x.features, dy.features, op.shift ?? 0];
  for (let sample = 0; sample < run.samples; sample++) {
    for (let t = shift; t < dy.rows; t++) {
      const from = sample * dy.rows + t;
      for (let i = 0; i < I; i++) {
        const value = x.data[(from - shift) * I + i]!;
        for (let o = 0; o < O; o++) dWeight[i * O + o]! += value * dy.data[from * O + o]!;
      }
    }
  }
}

/** Sum over rows, and over the pixels of a map. */
export function sumGradient(op: Extract<GradientOp, { kernel: 'sum-gradient' }>, run: Run): void {
  const dy = run.tensor(op.dy);
  const dVector = run.parameter(op.dVector);
  const C = channelsOf(dy.spec);
  for (let k = 0; k < run.samples * dy.rows * dy.features; k++) dVector[k % C]! += dy.data[k]!;
}

/** One-to-one recurrence: dScale += sum over t >= 1 of s[t-1] dy[t]. */
export function scaleGradient(op: Extract<GradientOp, { kernel: 'scale-gradient' }>, run: Run): void {
  const { data: spikes, features: N, rows: T } = run.tensor(op.spikes);
  const dy = run.tensor(op.dy);
  const dScale = run.parameter(op.dScale);
  for (let sample = 0; sample < run.samples; sample++) {
    for (let t = 1; t < T; t++) {
      const row = sample * T + t;
      for (let n = 0; n < N; n++) dScale[n]! += spikes[(row - 1) * N + n]! * dy.data[row * N + n]!;
    }
  }
}
