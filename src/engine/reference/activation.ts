// Activations of an ANN, value by value: relu max(0, x); relu6 min(max(0, x), 6); leaky-relu x or slope x; quantized (QCFS, Bu et al.
// 2022) c clip(floor(x L / c + 1/2) / L, 0, 1), whose gradient passes straight through where it is not clipped.

import type { ActivationForm, BackwardOp, ForwardOp } from '../plan.ts';
import type { Run } from './run.ts';

/** A function of one value: y, dy/dx, and dy/dc by a quantized activation's ceiling c. */
interface Activation {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
  readonly byCeiling: (x: number) => number;
}

function activationOf({ form, slope = 0, levels = 1, ceiling }: ActivationForm, run: Run): Activation {
  const never = (): number => 0;
  switch (form) {
    case 'relu6':
      return {
        value: (x) => Math.min(6, Math.max(0, x)),
        slope: (x) => (x > 0 && x < 6 ? 1 : 0),
        byCeiling: never,
      };
    case 'leaky-relu':
      return { value: (x) => (x > 0 ? x : slope * x), slope: (x) => (x > 0 ? 1 : slope), byCeiling: never };
    case 'quantized':
      return quantized(levels, run.parameter(ceiling!)[0]!);
    default:
      throw form satisfies never;
  }
}

function quantized(levels: number, c: number): Activation {
  const value = (x: number): number => c * Math.min(1, Math.max(0, Math.floor((x * levels) / c + 0.5) / levels));
  const half = c / (2 * levels);
  return {
    value,
    slope: (x) => (x > -half && x < c - half ? 1 : 0),
    byCeiling: (x) => (x <= -half ? 0 : x < c - half ? (value(x) - x) / c : 1),
  };
}

export function activation(op: Extract<ForwardOp, { kernel: 'activation' }>, run: Run): void {
  const [x, y] = [run.tensor(op.x), run.tensor(op.y)];
  const { value } = activationOf(op, run);
  for (let k = 0; k < run.samples * x.rows * x.features; k++) y.data[k] = value(x.data[k]!);
}

export function activationBackward(op: Extract<BackwardOp, { kernel: 'activation-backward' }>, run: Run): void {
  const [x, dy, dx] = [run.tensor(op.x), run.tensor(op.dy), run.tensor(op.dx)];
  const { slope, byCeiling } = activationOf(op, run);
  const dCeiling = op.dCeiling === undefined ? undefined : run.tensor(op.dCeiling).data;
  const size = x.rows * x.features;
  dCeiling?.fill(0, 0, run.samples);
  for (let k = 0; k < run.samples * size; k++) {
    if (dCeiling) dCeiling[Math.floor(k / size)]! += dy.data[k]! * byCeiling(x.data[k]!);
    dx.data[k] = dy.data[k]! * slope(x.data[k]!);
  }
}

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
