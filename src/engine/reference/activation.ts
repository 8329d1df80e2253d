// What an ANN has between its dense layers: y = max(0, x), and dropout (one mask a sample, held over time).

import { philox, STREAM } from '../../core/index.ts';
import type { BackwardOp, ForwardOp } from '../plan.ts';
import { type Run, sampleId } from './run.ts';

export function relu(op: Extract<ForwardOp, { kernel: 'relu' }>, run: Run): void {
  const x = run.tensor(op.x);
  const y = run.tensor(op.y);
  for (let k = 0; k < run.samples * x.rows * x.features; k++) y.data[k] = Math.max(0, x.data[k]!);
}

/** dx = dy where y > 0, else 0 (also at x = 0). */
export function reluBackward(op: Extract<BackwardOp, { kernel: 'relu-backward' }>, run: Run): void {
  const y = run.tensor(op.y);
  const dy = run.tensor(op.dy);
  const dx = run.tensor(op.dx);
  for (let k = 0; k < run.samples * y.rows * y.features; k++) dx.data[k] = y.data[k]! > 0 ? dy.data[k]! : 0;
}

interface Dropout {
  readonly rate: number;
  readonly index: number;
}

/** 0 where dropped, 1/(1-rate) where kept. */
function maskOf({ rate, index }: Dropout, features: number, sample: number, run: Run): Float64Array {
  const dropBelow = Math.floor(rate * 2 ** 32);
  const words = new Uint32Array(4);
  const mask = new Float64Array(features);
  for (let f = 0; f < features; f++) {
    const { seed, epoch } = run.batch;
    philox(words, f >> 2, 0, sampleId(run, sample), epoch, seed, STREAM.dropout + 256 * index);
    mask[f] = words[f & 3]! >= dropBelow ? 1 / (1 - rate) : 0;
  }
  return mask;
}

function applyMask(op: Dropout, from: string, to: string, run: Run): void {
  const x = run.tensor(from);
  const y = run.tensor(to);
  for (let sample = 0; sample < run.samples; sample++) {
    const mask = maskOf(op, x.features, sample, run);
    for (let row = sample * x.rows; row < (sample + 1) * x.rows; row++)
      for (let f = 0; f < x.features; f++) y.data[row * x.features + f] = x.data[row * x.features + f]! * mask[f]!;
  }
}

export function dropout(op: Extract<ForwardOp, { kernel: 'dropout' }>, run: Run): void {
  applyMask(op, op.x, op.y, run);
}

export function dropoutBackward(op: Extract<BackwardOp, { kernel: 'dropout-backward' }>, run: Run): void {
  applyMask(op, op.dy, op.dx, run);
}
