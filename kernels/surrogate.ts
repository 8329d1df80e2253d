// Surrogate derivatives of the step at x = membrane - threshold, slope k; equations in the model's SurrogateSpec.

import { exp4 } from './elementary';

const ATAN: i32 = 0;
const SIGMOID: i32 = 1;
const FAST_SIGMOID: i32 = 2;
const TRIANGULAR: i32 = 3;

/** g[rows][32] = surrogate derivative at u - threshold; all three 32 wide, rows of u and g 128 bytes apart. */
export function surrogateRows(kind: i32, rows: i32, u: usize, threshold: usize, slope: f32, g: usize): void {
  const k = f32x4.splat(slope), one = f32x4.splat(1), zero = f32x4.splat(0);
  const halfPi = f32x4.splat(1.57079632679 * slope), half = f32x4.splat(0.5 * slope);
  const end = g + (<usize>rows << 7);
  for (let j: usize = 0; j < 128; j += 32) {
    const h0 = v128.load(threshold + j), h1 = v128.load(threshold + j, 16);
    let p = u + j;
    if (kind == ATAN) {
      for (let q = g + j; q < end; q += 128) {
        const z0 = f32x4.mul(halfPi, f32x4.sub(v128.load(p), h0)), z1 = f32x4.mul(halfPi, f32x4.sub(v128.load(p, 16), h1));
        const g0 = f32x4.div(half, f32x4.relaxed_madd(z0, z0, one)), g1 = f32x4.div(half, f32x4.relaxed_madd(z1, z1, one));
        v128.store(q, g0); v128.store(q, g1, 16);
        p += 128;
      }
    } else if (kind == SIGMOID) {
      for (let q = g + j; q < end; q += 128) {
        const g0 = sigmoidSlope(f32x4.sub(v128.load(p), h0), k), g1 = sigmoidSlope(f32x4.sub(v128.load(p, 16), h1), k);
        v128.store(q, g0); v128.store(q, g1, 16);
        p += 128;
      }
    } else if (kind == FAST_SIGMOID) {
      for (let q = g + j; q < end; q += 128) {
        const z0 = f32x4.relaxed_madd(k, f32x4.abs(f32x4.sub(v128.load(p), h0)), one);
        const z1 = f32x4.relaxed_madd(k, f32x4.abs(f32x4.sub(v128.load(p, 16), h1)), one);
        const g0 = f32x4.div(one, f32x4.mul(z0, z0)), g1 = f32x4.div(one, f32x4.mul(z1, z1));
        v128.store(q, g0); v128.store(q, g1, 16);
        p += 128;
      }
    } else if (kind == TRIANGULAR) {
      for (let q = g + j; q < end; q += 128) {
        const z0 = f32x4.sub(one, f32x4.mul(k, f32x4.abs(f32x4.sub(v128.load(p), h0))));
        const z1 = f32x4.sub(one, f32x4.mul(k, f32x4.abs(f32x4.sub(v128.load(p, 16), h1))));
        const g0 = f32x4.mul(k, f32x4.max(zero, z0)), g1 = f32x4.mul(k, f32x4.max(zero, z1));
        v128.store(q, g0); v128.store(q, g1, 16);
        p += 128;
      }
    } else {
      for (let q = g + j; q < end; q += 128) {
        v128.store(q, one); v128.store(q, one, 16);
      }
    }
  }
}

/** k s (1 - s), from exp(-|k x|) so that nothing overflows. */
// @ts-ignore: decorator
@inline
function sigmoidSlope(x: v128, k: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(f32x4.mul(k, x))));
  const q = f32x4.add(f32x4.splat(1), e);
  return f32x4.div(f32x4.mul(k, e), f32x4.mul(q, q));
}
