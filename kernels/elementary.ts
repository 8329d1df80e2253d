// exp and log on four lanes, accurate to about 2 units in the last place; Cephes-style range reduction.

const X4: usize = 16;
/** Constants of exp4, four of each: V8 would put a splat together anew wherever it is used, which costs more than a load. */
const EXP = memory.data<f32>([
  -87.3, -87.3, -87.3, -87.3, 88.3, 88.3, 88.3, 88.3,
  1.44269504, 1.44269504, 1.44269504, 1.44269504, 12582912, 12582912, 12582912, 12582912,
  0.693359375, 0.693359375, 0.693359375, 0.693359375, 2.12194440e-4, 2.12194440e-4, 2.12194440e-4, 2.12194440e-4,
  1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4,
  1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3,
  8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3,
  4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2,
  1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1,
  5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1,
  1, 1, 1, 1,
]);

/** e^x; 0 below -87.3, and finite (about 2.4e38) above 88.3. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  x = f32x4.min(f32x4.max(x, v128.load(EXP)), v128.load(EXP, X4));
  // Rounded to a whole number, to even; its last bits are those of n. `nearest` and `trunc_sat` are slow, and are not joined to 256 bits.
  const shifted = f32x4.add(f32x4.mul(x, v128.load(EXP, 2 * X4)), v128.load(EXP, 3 * X4));
  const n = f32x4.sub(shifted, v128.load(EXP, 3 * X4));
  let r = f32x4.sub(x, f32x4.mul(n, v128.load(EXP, 4 * X4)));
  r = f32x4.add(r, f32x4.mul(n, v128.load(EXP, 5 * X4)));
  let p = v128.load(EXP, 6 * X4);
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 7 * X4));
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 8 * X4));
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 9 * X4));
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 10 * X4));
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 11 * X4));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), v128.load(EXP, 12 * X4));
  const scale = i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
  return f32x4.mul(p, scale);
}
