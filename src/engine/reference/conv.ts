// Convolution of maps [pixels, channels], a pass over the taps of the window. W [kh kw I, O], I input channels of a group, O all
// filters; y[o] = b + sum over taps of x W, dx[i] = sum over the taps that read i of dy W^T, dW += x^T dy.

import type { BackwardOp, ForwardOp, GradientOp, Window } from '../plan.ts';
import type { Run, Tensor } from './run.ts';
import { channelsOf, tapsOf } from './window.ts';

/** Calls `visit` with the index into one row of x, one row of y, and W, of every multiplication there is. */
function forEachProduct(
  { window, groups }: { readonly window: Window; readonly groups: number },
  [x, y]: readonly [Tensor, Tensor],
  visit: (x: number, y: number, w: number) => void,
): void {
  const [C, O] = [channelsOf(x.spec), channelsOf(y.spec)];
  const [I, filters] = [C / groups, O / groups];
  for (const { output, input, tap } of tapsOf(window))
    for (let g = 0; g < groups; g++)
      for (let i = 0; i < I; i++)
        for (let o = g * filters; o < (g + 1) * filters; o++)
          visit(input * C + g * I + i, output * O + o, (tap * I + i) * O + o);
}

export function conv(op: Extract<ForwardOp, { kernel: 'conv' }>, run: Run): void {
  const x = run.tensor(op.x);
  const y = run.tensor(op.y);
  const weight = run.parameter(op.weight);
  const bias = op.bias === undefined ? undefined : run.parameter(op.bias);
  const O = channelsOf(y.spec);
  for (let row = 0; row < run.samples * x.rows; row++) {
    const into = y.data.subarray(row * y.features, (row + 1) * y.features);
    const from = x.data.subarray(row * x.features, (row + 1) * x.features);
    for (let k = 0; k < into.length; k++) into[k] = bias?.[k % O] ?? 0;
    forEachProduct(op, [x, y], (i, o, w) => {
      into[o]! += from[i]! * weight[w]!;
    });
  }
}

export function convBackward(op: Extract<BackwardOp, { kernel: 'conv-backward' }>, run: Run): void {
  const dy = run.tensor(op.dy);
  const dx = run.tensor(op.dx);
  const weight = run.parameter(op.weight);
  for (let row = 0; row < run.samples * dy.rows; row++) {
    const into = dx.data.subarray(row * dx.features, (row + 1) * dx.features).fill(0);
    const from = dy.data.subarray(row * dy.features, (row + 1) * dy.features);
    forEachProduct(op, [dx, dy], (i, o, w) => {
      into[i]! += from[o]! * weight[w]!;
    });
  }
}

export function convGradient(op: Extract<GradientOp, { kernel: 'conv-gradient' }>, run: Run): void {
  const x = run.tensor(op.x);
  const dy = run.tensor(op.dy);
  const dWeight = run.parameter(op.dWeight);
  for (let row = 0; row < run.samples * x.rows; row++) {
    const [atX, atDy] = [row * x.features, row * dy.features];
    forEachProduct(op, [x, dy], (i, o, w) => {
      dWeight[w]! += x.data[atX + i]! * dy.data[atDy + o]!;
    });
  }
}
