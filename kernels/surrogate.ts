// Surrogate derivatives of the step at x = membrane - threshold, slope k; equations in the model's SurrogateSpec.

import { exp4 } from './elementary';

export const ATAN: i32 = 0;
export const SIGMOID: i32 = 1;
export const FAST_SIGMOID: i32 = 2;
export const TRIANGULAR: i32 = 3;
export const STRAIGHT_THROUGH: i32 = 4;

// @ts-ignore: decorator
@inline
export function surrogate(kind: i32, x: v128, k: v128): v128 {
  const one = f32x4.splat(1);
  if (kind == ATAN) {
    const z = f32x4.mul(f32x4.mul(f32x4.splat(1.57079632679), k), x);
    return f32x4.div(f32x4.mul(f32x4.splat(0.5), k), f32x4.relaxed_madd(z, z, one));
  }
  if (kind == SIGMOID) {
    const e = exp4(f32x4.neg(f32x4.abs(f32x4.mul(k, x))));
    const q = f32x4.add(one, e);
    return f32x4.div(f32x4.mul(k, e), f32x4.mul(q, q));
  }
  if (kind == FAST_SIGMOID) {
    const q = f32x4.relaxed_madd(k, f32x4.abs(x), one);
    return f32x4.div(one, f32x4.mul(q, q));
  }
  if (kind == TRIANGULAR) {
    return f32x4.mul(k, f32x4.max(f32x4.splat(0), f32x4.sub(one, f32x4.mul(k, f32x4.abs(x)))));
  }
  return one;
}
