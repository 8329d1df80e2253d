// The ball of allowed perturbations around each image: steps in it, and the way back into it. All on float32 pixels [n, size].

import type { Norm } from '../settings.ts';
import type { PixelRange } from '../subject.ts';

export interface Ball {
  readonly norm: Norm;
  readonly epsilon: number;
  readonly range: PixelRange;
  /** Pixels of an image. */
  readonly size: number;
}

const f = Math.fround;

const clamp = (value: number, low: number, high: number): number => (value < low ? low : value > high ? high : value);

/**
 * Moves each image of `points` to the nearest point of its ball around `centres`, then into the pixel range, in place. A centre lies in
 * the range, so clipping to it brings a point no further from the centre: what leaves is inside both.
 */
export function project(points: Float32Array, centres: Float32Array, { norm, epsilon, range, size }: Ball): void {
  if (norm === 'linf') {
    const reach = f(epsilon);
    for (let k = 0; k < points.length; k++) {
      const centre = centres[k]!;
      points[k] = clamp(clamp(points[k]!, f(centre - reach), f(centre + reach)), range.low, range.high);
    }
    return;
  }
  for (let from = 0; from < points.length; from += size) {
    let squares = 0;
    for (let k = from; k < from + size; k++) squares += (points[k]! - centres[k]!) ** 2;
    const share = squares > epsilon ** 2 ? epsilon / Math.sqrt(squares) : 1;
    for (let k = from; k < from + size; k++) {
      const moved = share === 1 ? points[k]! : centres[k]! + share * (points[k]! - centres[k]!);
      points[k] = clamp(f(moved), range.low, range.high);
    }
  }
}

/**
 * Moves each image by `length` (negative: down) along its gradient: in L-infinity along its signs, in L2 along its direction. An image
 * without gradient stays, a pixel without gradient too: sign(0) = 0.
 */
export function climb(
  points: Float32Array,
  gradient: Float32Array,
  length: number,
  { norm, size }: Pick<Ball, 'norm' | 'size'>,
): void {
  const step = f(length);
  if (norm === 'linf') {
    for (let k = 0; k < points.length; k++) points[k] = points[k]! + step * Math.sign(gradient[k]!);
    return;
  }
  for (let from = 0; from < points.length; from += size) {
    let squares = 0;
    for (let k = from; k < from + size; k++) squares += gradient[k]! ** 2;
    if (squares === 0) continue;
    const factor = length / Math.sqrt(squares);
    for (let k = from; k < from + size; k++) points[k] = points[k]! + factor * gradient[k]!;
  }
}
