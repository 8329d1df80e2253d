// Convolution of maps [pixels, channels]. W [kh kw I, O], I input channels of a group, O all filters; y[o] = b + sum over taps of
// x W, dx[i] = sum over the taps that read i of dy W^T, dW += x^T dy. All three are made of the same small matrix products, one a
// tap and group: I values of x, the group's filters of y, and rows of W.

import type { BackwardOp, ForwardOp, GradientOp, Window } from '../plan.ts';
import type { Run, Tensor } from './run.ts';
import { channelsOf, tapsOf } from './window.ts';

interface Products {
  /** Values of x and of y in one product; values from one row of W to the next. */
  readonly I: number;
  readonly filters: number;
  readonly O: number;
  /** First value of x, of y and of W of every product, in a row of each tensor. */
  readonly starts: readonly { readonly x: number; readonly y: number; readonly w: number }[];
}

function productsOf({ window, groups }: { window: Window; groups: number }, x: Tensor, y: Tensor): Products {
  const [C, O] = [channelsOf(x.spec), channelsOf(y.spec)];
  const [I, filters] = [C / groups, O / groups];
  const starts = tapsOf(window).flatMap(({ output, input, tap }) =>
    Array.from({ length: groups }, (_, g) => ({
      ...{ x: input * C + g * I, y: output * O + g * filters, w: tap * I * O + g * filters },
    })),
  );
  return { I, filters, O, starts };
}

export function conv(op: Extract<ForwardOp, { kernel: 'conv' }>, run: Run): void {
  const x = run.tensor(op.x);
  const y = run.tensor(op.y);
  const weight = run.parameter(op.weight);
  const bias = op.bias === undefined ? undefined : run.parameter(op.bias);
  const { I, filters, O, starts } = productsOf(op, x, y);
  for (let row = 0; row < run.samples * x.rows; row++) {
    const from = x.data.subarray(row * x.features, (row + 1) * x.features);
    const into = y.data.subarray(row * y.features, (row + 1) * y.features);
    for (let k = 0; k < into.length; k++) into[k] = bias?.[k % O] ?? 0;
    for (const at of starts)
      for (let i = 0; i < I; i++)
        for (let o = 0; o < filters; o++) into[at.y + o]! += from[at.x + i]! * weight[at.w + i * O + o]!;
  }
}

export function convBackward(op: Extract<BackwardOp, { kernel: 'conv-backward' }>, run: Run): void {
  const dy = run.tensor(op.dy);
  const dx = run.tensor(op.dx);
  const weight = run.parameter(op.weight);
  const { I, filters, O, starts } = productsOf(op, dx, dy);
  for (let row = 0; row < run.samples * dy.rows; row++) {
    const from = dy.data.subarray(row * dy.features, (row + 1) * dy.features);
    const into = dx.data.subarray(row * dx.features, (row + 1) * dx.features).fill(0);
    for (const at of starts)
      for (let i = 0; i < I; i++)
        for (let o = 0; o < filters; o++) into[at.x + i]! += from[at.y + o]! * weight[at.w + i * O + o]!;
  }
}

export function convGradient(op: Extract<GradientOp, { kernel: 'conv-gradient' }>, run: Run): void {
  const x = run.tensor(op.x);
  const dy = run.tensor(op.dy);
  const dWeight = run.parameter(op.dWeight);
  const { I, filters, O, starts } = productsOf(op, x, dy);
  for (let row = 0; row < run.samples * x.rows; row++) {
    const left = x.data.subarray(row * x.features, (row + 1) * x.features);
    const right = dy.data.subarray(row * dy.features, (row + 1) * dy.features);
    for (const at of starts)
      for (let i = 0; i < I; i++)
        for (let o = 0; o < filters; o++) dWeight[at.w + i * O + o]! += left[at.x + i]! * right[at.y + o]!;
  }
}
