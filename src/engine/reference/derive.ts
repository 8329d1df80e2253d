// Learnable neuron parameters: from the raw value that is trained to the vectors [N] a neuron uses, and back.
//   beta  a = clamp(raw, 0, 1), b = 1, c = 0       tau  k = 1/(1 + exp(-raw)), a = 1 - k, b = k or 1, c = rest k
// A raw parameter of 1 column serves all N neurons, so its gradient is their sum.

import { logistic } from '../../core/index.ts';
import type { UpdateOp } from '../plan.ts';

type Update<Kernel extends UpdateOp['kernel']> = Extract<UpdateOp, { kernel: Kernel }>;
type Parameters = (id: string) => Float64Array;

/** Raw value of neuron n. */
const rawOf = (raw: Float64Array, n: number): number => raw[raw.length === 1 ? 0 : n]!;

/** Adds up what N neurons ask of the raw values they share. */
function gather(dRaw: Float64Array, N: number, ofNeuron: (n: number) => number): void {
  dRaw.fill(0);
  for (let n = 0; n < N; n++) dRaw[dRaw.length === 1 ? 0 : n]! += ofNeuron(n);
}

export function deriveDecay(op: Update<'derive-decay'>, parameter: Parameters): void {
  const [raw, a, b, c] = [parameter(op.raw), parameter(op.a), parameter(op.b), parameter(op.c)];
  for (let n = 0; n < a.length; n++) {
    const k = logistic(rawOf(raw, n));
    a[n] = op.form === 'beta' ? Math.min(1, Math.max(0, rawOf(raw, n))) : 1 - k;
    b[n] = op.form === 'tau' && op.inputDecay ? k : 1;
    c[n] = op.form === 'tau' ? op.rest * k : 0;
  }
}

export function deriveDecayBackward(op: Update<'derive-decay-backward'>, parameter: Parameters): void {
  const raw = parameter(op.raw);
  const dA = parameter(op.dA);
  const dB = op.dB === undefined ? undefined : parameter(op.dB);
  const dC = op.dC === undefined ? undefined : parameter(op.dC);
  gather(parameter(op.dRaw), dA.length, (n) => {
    const value = rawOf(raw, n);
    if (op.form === 'beta') return value >= 0 && value <= 1 ? dA[n]! : 0;
    const k = logistic(value);
    const dk = -dA[n]! + (op.inputDecay ? (dB?.[n] ?? 0) : 0) + op.rest * (dC?.[n] ?? 0);
    return dk * k * (1 - k);
  });
}

export function spread(op: Update<'spread'>, parameter: Parameters): void {
  parameter(op.vector).fill(parameter(op.raw)[0]!);
}

export function spreadBackward(op: Update<'spread-backward'>, parameter: Parameters): void {
  const dVector = parameter(op.dVector);
  gather(parameter(op.dRaw), dVector.length, (n) => dVector[n]!);
}
