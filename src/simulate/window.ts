// How often the windows of a convolution or a pool read each pixel of their input, borders, strides and gaps included. Rows and
// columns are independent: a pixel's count is the product of its row's and its column's.

import type { Window } from '../engine/index.ts';

/** Output positions along one axis that read each input position [input]. */
function reachAlong(window: Window, axis: 0 | 1): number[] {
  const reach = new Array<number>(window.input[axis]).fill(0);
  for (let output = 0; output < window.output[axis]; output++)
    for (let tap = 0; tap < window.kernel[axis]; tap++) {
      const at = output * window.stride[axis] - window.padding[axis] + tap * window.dilation[axis];
      if (at >= 0 && at < reach.length) reach[at]!++;
    }
  return reach;
}

/** Output pixels that read each input pixel [height * width]. */
export function pixelReach(window: Window): number[] {
  const [rows, columns] = [reachAlong(window, 0), reachAlong(window, 1)];
  return rows.flatMap((row) => columns.map((column) => row * column));
}

/** Pairs of output pixel and input pixel inside the map; taps that fall on padding are left out. */
export function tapsInside(window: Window): number {
  const sum = (reach: readonly number[]): number => reach.reduce((total, count) => total + count, 0);
  return sum(reachAlong(window, 0)) * sum(reachAlong(window, 1));
}

/** Output pixels that the most read input pixel is read by. */
export function mostReached(window: Window): number {
  return Math.max(...reachAlong(window, 0)) * Math.max(...reachAlong(window, 1));
}

/** Is every input pixel read by exactly one output pixel? */
export const tilesExactly = (window: Window): boolean =>
  [0, 1].every((axis) => reachAlong(window, axis as 0 | 1).every((count) => count === 1));

export const inputPixels = ({ input }: Window): number => input[0] * input[1];
export const outputPixels = ({ output }: Window): number => output[0] * output[1];
export const kernelTaps = ({ kernel }: Window): number => kernel[0] * kernel[1];
