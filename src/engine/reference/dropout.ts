// Dropout: y = x mask / (1 - rate), one mask a sample, held over time. Random numbers are keyed by the place of a feature in
// memory where a pixel's channels fill up blocks of 32, so that a backend that stores maps so draws no number it cannot use.

import { philox, STREAM } from '../../core/index.ts';
import type { BackwardOp, ForwardOp, TensorSpec } from '../plan.ts';
import { type Run, sampleId } from './run.ts';
import { channelsOf } from './window.ts';

interface Dropout {
  readonly rate: number;
  readonly index: number;
}

/** The number of feature f in the random counter: pixel 32 ceil(channels / 32) + channel. */
function counterOf(spec: TensorSpec, f: number): number {
  const C = channelsOf(spec);
  return Math.floor(f / C) * 32 * Math.ceil(C / 32) + (f % C);
}

/** 0 where dropped, 1/(1-rate) where kept. */
function maskOf({ rate, index }: Dropout, spec: TensorSpec, sample: number, run: Run): Float64Array {
  const dropBelow = Math.floor(rate * 2 ** 32);
  const words = new Uint32Array(4);
  const mask = new Float64Array(spec.features);
  for (let f = 0; f < spec.features; f++) {
    const { seed, epoch } = run.batch;
    const counter = counterOf(spec, f);
    philox(words, counter >> 2, 0, sampleId(run, sample), epoch, seed, STREAM.dropout + 256 * index);
    mask[f] = words[counter & 3]! >= dropBelow ? 1 / (1 - rate) : 0;
  }
  return mask;
}

function applyMask(op: Dropout, from: string, to: string, run: Run): void {
  const x = run.tensor(from);
  const y = run.tensor(to);
  for (let sample = 0; sample < run.samples; sample++) {
    const mask = maskOf(op, x.spec, sample, run);
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
