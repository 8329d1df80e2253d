// From staged bytes or floats to the input through time: load, rate, latency, delta.
// Load, rate, delta and latency are defined in float32, so that a spike is the same on every backend: f() rounds to it.

import { philox, STREAM } from '../../core/index.ts';
import type { ForwardOp } from '../plan.ts';
import { type Run, sampleId } from './run.ts';

type Encode<Kernel extends ForwardOp['kernel']> = Extract<ForwardOp, { kernel: Kernel }>;

const f = Math.fround;

export function load(op: Encode<'load'>, run: Run): void {
  const x = run.tensor(op.x);
  const { input } = run.batch;
  for (let k = 0; k < run.samples * x.rows * x.features; k++)
    x.data[k] = op.source === 'bytes' ? f(f(input[k]!) * f(op.scale)) : input[k]!;
}

export function encodeRate(op: Encode<'encode-rate'>, run: Run): void {
  const x = run.tensor(op.x);
  const s = run.tensor(op.spikes);
  for (let sample = 0; sample < run.samples; sample++) {
    for (let i = 0; i < x.features; i++) {
      let words = new Uint32Array();
      for (let t = 0; t < s.rows; t++) {
        if (t % 32 === 0) words = uniformWords(run, sample, i, t / 32);
        const from = sample * x.rows + (x.rows === 1 ? 0 : t);
        const raw = f(f(f(x.data[from * x.features + i]!) * f(op.gain)) + f(op.offset));
        const p = Math.min(1, Math.max(0, raw));
        const fires = p >= 1 || uniformOf(words, t % 32) < Math.floor(p * 2 ** 32);
        s.data[(sample * s.rows + t) * s.features + i] = fires ? 1 : 0;
      }
    }
  }
}

/** The 32 words whose bits are the uniform numbers of 32 steps of one feature. */
function uniformWords(run: Run, sample: number, feature: number, group: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(32);
  const { seed, epoch } = run.batch;
  for (let block = 0; block < 8; block++)
    philox(words.subarray(4 * block), feature, 8 * group + block, sampleId(run, sample), epoch, seed, STREAM.encode);
  return words;
}

/** The number whose k-th bit from the top is bit `step` of word k. */
function uniformOf(words: Uint32Array, step: number): number {
  let value = 0;
  for (const word of words) value = value * 2 + ((word >>> step) & 1);
  return value;
}

/** Half to even, as torch.round. */
function roundHalfToEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

const EPSILON = 1e-7;

/** What decides when a value spikes. */
export type LatencyCode = Omit<Encode<'encode-latency'>, 'kernel' | 'layer' | 'x' | 'spikes'>;

/** Time of the spike for value x, before rounding to a step; float32 at every operation. */
export function latencyTime(op: LatencyCode, timesteps: number, x: number): number {
  const last = timesteps - 1;
  if (op.convention === 'spikingjelly') {
    if (op.form === 'linear') return f(last * f(1 - x));
    return f(last - f(Math.log(f(f(f(Math.exp(last) - 1) * x) + 1))));
  }
  if (op.form === 'linear') {
    const tau = op.normalize ? last : op.tau;
    return Math.min(f(f(-tau) * f(x - 1)), f(-tau * (op.threshold - 1)));
  }
  const time = (z: number): number => f(f(op.tau) * f(Math.log(f(z / f(z - f(op.threshold))))));
  const least = f(op.threshold + EPSILON);
  const own = time(Math.max(f(x), least));
  return op.normalize ? f(f(own * last) / time(least)) : own;
}

/** The step at which float32 value x spikes; `timesteps` or more, or Infinity, where it does not. */
export function latencyStep(op: LatencyCode, timesteps: number, x: number): number {
  if (op.convention === 'snntorch' && op.clip && x < f(op.threshold)) return Number.POSITIVE_INFINITY;
  return Math.max(0, roundHalfToEven(latencyTime(op, timesteps, x)));
}

export function encodeLatency(op: Encode<'encode-latency'>, run: Run): void {
  const x = run.tensor(op.x);
  const s = run.tensor(op.spikes);
  s.data.fill(0, 0, run.samples * s.rows * s.features);
  for (let sample = 0; sample < run.samples; sample++) {
    for (let i = 0; i < x.features; i++) {
      const t = latencyStep(op, run.timesteps, f(x.data[sample * x.features + i]!));
      if (t < s.rows) s.data[(sample * s.rows + t) * s.features + i] = 1;
    }
  }
}

export function encodeDelta(op: Encode<'encode-delta'>, run: Run): void {
  const x = run.tensor(op.x);
  const y = run.tensor(op.y);
  const F = x.features;
  for (let row = 0; row < run.samples * x.rows; row++) {
    const first = row % x.rows === 0;
    for (let i = 0; i < F; i++) {
      const now = x.data[row * F + i]!;
      const before = first ? (op.padding ? now : 0) : x.data[(row - 1) * F + i]!;
      const change = f(now - before);
      const on = change >= f(op.threshold);
      const off = op.offSpikes && change <= -f(op.threshold);
      y.data[row * F + i] = (on ? 1 : 0) - (off ? 1 : 0);
    }
  }
}
