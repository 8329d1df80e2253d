// Register-blocked matrix products on panels. Every output is one chain of multiply-adds in ascending order of the summed
// index, so skipping zeros or cutting the sum into pieces changes no bit. Written in neighbouring 128-bit pairs, which V8's
// revectoriser turns into 256-bit operations: 12 accumulators, two panel rows and a broadcast then fill the 16 registers.
// Without it the 6x8 block is the one that does not spill.

import { PANEL_BYTES } from './memory';

// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/**
 * c[6 rows][16] = init + sum_k a[row][k] b[k][16]. `a` points at panel 0 of the first row, `panelStride` bytes a panel of `lanes`
 * values (32, or fewer where each panel is a pixel of few channels);
 * `b` rows are 128 bytes apart; `init` is advanced by `initStride` bytes a row (0: a bias, 128: c itself).
 */
export function block6x16(a: usize, panelStride: usize, lanes: i32, K: i32, b: usize, init: usize, initStride: usize, c: usize): void {
  let c00 = v128.load(init), c01 = v128.load(init, 16), c02 = v128.load(init, 32), c03 = v128.load(init, 48);
  init += initStride;
  let c10 = v128.load(init), c11 = v128.load(init, 16), c12 = v128.load(init, 32), c13 = v128.load(init, 48);
  init += initStride;
  let c20 = v128.load(init), c21 = v128.load(init, 16), c22 = v128.load(init, 32), c23 = v128.load(init, 48);
  init += initStride;
  let c30 = v128.load(init), c31 = v128.load(init, 16), c32 = v128.load(init, 32), c33 = v128.load(init, 48);
  init += initStride;
  let c40 = v128.load(init), c41 = v128.load(init, 16), c42 = v128.load(init, 32), c43 = v128.load(init, 48);
  init += initStride;
  let c50 = v128.load(init), c51 = v128.load(init, 16), c52 = v128.load(init, 32), c53 = v128.load(init, 48);
  for (let k = 0; k < K; k += lanes) {
    let ap = a;
    const end = ap + (<usize>min(lanes, K - k) << 2);
    while (ap < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
      let v = v128.load_splat<f32>(ap);
      c00 = fma(v, b0, c00); c01 = fma(v, b1, c01); c02 = fma(v, b2, c02); c03 = fma(v, b3, c03);
      v = v128.load_splat<f32>(ap, 128);
      c10 = fma(v, b0, c10); c11 = fma(v, b1, c11); c12 = fma(v, b2, c12); c13 = fma(v, b3, c13);
      v = v128.load_splat<f32>(ap, 256);
      c20 = fma(v, b0, c20); c21 = fma(v, b1, c21); c22 = fma(v, b2, c22); c23 = fma(v, b3, c23);
      v = v128.load_splat<f32>(ap, 384);
      c30 = fma(v, b0, c30); c31 = fma(v, b1, c31); c32 = fma(v, b2, c32); c33 = fma(v, b3, c33);
      v = v128.load_splat<f32>(ap, 512);
      c40 = fma(v, b0, c40); c41 = fma(v, b1, c41); c42 = fma(v, b2, c42); c43 = fma(v, b3, c43);
      v = v128.load_splat<f32>(ap, 640);
      c50 = fma(v, b0, c50); c51 = fma(v, b1, c51); c52 = fma(v, b2, c52); c53 = fma(v, b3, c53);
      ap += 4;
      b += 128;
    }
    a += panelStride;
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c02, 32); v128.store(c, c03, 48);
  v128.store(c, c10, 128); v128.store(c, c11, 144); v128.store(c, c12, 160); v128.store(c, c13, 176);
  v128.store(c, c20, 256); v128.store(c, c21, 272); v128.store(c, c22, 288); v128.store(c, c23, 304);
  v128.store(c, c30, 384); v128.store(c, c31, 400); v128.store(c, c32, 416); v128.store(c, c33, 432);
  v128.store(c, c40, 512); v128.store(c, c41, 528); v128.store(c, c42, 544); v128.store(c, c43, 560);
  v128.store(c, c50, 640); v128.store(c, c51, 656); v128.store(c, c52, 672); v128.store(c, c53, 688);
}

/** The same for 8 columns: what 128-bit registers can hold. */
export function block6x8(a: usize, panelStride: usize, lanes: i32, K: i32, b: usize, init: usize, initStride: usize, c: usize): void {
  let c00 = v128.load(init), c01 = v128.load(init, 16);
  init += initStride;
  let c10 = v128.load(init), c11 = v128.load(init, 16);
  init += initStride;
  let c20 = v128.load(init), c21 = v128.load(init, 16);
  init += initStride;
  let c30 = v128.load(init), c31 = v128.load(init, 16);
  init += initStride;
  let c40 = v128.load(init), c41 = v128.load(init, 16);
  init += initStride;
  let c50 = v128.load(init), c51 = v128.load(init, 16);
  for (let k = 0; k < K; k += lanes) {
    let ap = a;
    const end = ap + (<usize>min(lanes, K - k) << 2);
    while (ap < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let v = v128.load_splat<f32>(ap);
      c00 = fma(v, b0, c00); c01 = fma(v, b1, c01);
      v = v128.load_splat<f32>(ap, 128);
      c10 = fma(v, b0, c10); c11 = fma(v, b1, c11);
      v = v128.load_splat<f32>(ap, 256);
      c20 = fma(v, b0, c20); c21 = fma(v, b1, c21);
      v = v128.load_splat<f32>(ap, 384);
      c30 = fma(v, b0, c30); c31 = fma(v, b1, c31);
      v = v128.load_splat<f32>(ap, 512);
      c40 = fma(v, b0, c40); c41 = fma(v, b1, c41);
      v = v128.load_splat<f32>(ap, 640);
      c50 = fma(v, b0, c50); c51 = fma(v, b1, c51);
      ap += 4;
      b += 128;
    }
    a += panelStride;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(c, c10, 128); v128.store(c, c11, 144);
  v128.store(c, c20, 256); v128.store(c, c21, 272);
  v128.store(c, c30, 384); v128.store(c, c31, 400);
  v128.store(c, c40, 512); v128.store(c, c41, 528);
  v128.store(c, c50, 640); v128.store(c, c51, 656);
}

/** Zeros to 16 columns of six rows. */
function clearHalf(y: usize): void {
  const zero = f32x4.splat(0);
  for (const end = y + 6 * PANEL_BYTES; y < end; y += PANEL_BYTES) {
    v128.store(y, zero); v128.store(y, zero, 16); v128.store(y, zero, 32); v128.store(y, zero, 48);
  }
}

/**
 * One output panel: y[rows][32] = init + a b. Rows are computed in sixes: `a` and `y` are padded to a multiple of six. With up to
 * 16 `columns` the other half of the panel is set to zero.
 */
export function gemmPanel(
  rows: i32, a: usize, panelStride: usize, lanes: i32, K: i32, b: usize, init: usize, initStride: usize, y: usize, wide: bool,
  columns: i32,
): void {
  const end = a + <usize>rows * PANEL_BYTES, both = columns > 16;
  while (a < end) {
    if (wide) {
      block6x16(a, panelStride, lanes, K, b, init, initStride, y);
      if (both) block6x16(a, panelStride, lanes, K, b + 64, init + 64, initStride, y + 64);
    } else {
      block6x8(a, panelStride, lanes, K, b, init, initStride, y);
      block6x8(a, panelStride, lanes, K, b + 32, init + 32, initStride, y + 32);
      if (both) {
        block6x8(a, panelStride, lanes, K, b + 64, init + 64, initStride, y + 64);
        block6x8(a, panelStride, lanes, K, b + 96, init + 96, initStride, y + 96);
      }
    }
    if (!both) clearHalf(y + 64);
    a += 6 * PANEL_BYTES;
    y += 6 * PANEL_BYTES;
    init += 6 * initStride;
  }
}

/**
 * c[4 features][16] += sum over pixels, then rows, of x[pixel][row][4] dy[pixel][row][16]; `x` points at the first of the four
 * features in its panel, pixels are `xBytes` and `dyBytes` apart, `c` rows 128 bytes.
 */
export function block4x16T(pixels: i32, rows: i32, x: usize, xBytes: usize, dy: usize, dyBytes: usize, c: usize): void {
  let c00 = v128.load(c), c01 = v128.load(c, 16), c02 = v128.load(c, 32), c03 = v128.load(c, 48);
  let c10 = v128.load(c, 128), c11 = v128.load(c, 144), c12 = v128.load(c, 160), c13 = v128.load(c, 176);
  let c20 = v128.load(c, 256), c21 = v128.load(c, 272), c22 = v128.load(c, 288), c23 = v128.load(c, 304);
  let c30 = v128.load(c, 384), c31 = v128.load(c, 400), c32 = v128.load(c, 416), c33 = v128.load(c, 432);
  for (let i = 0; i < pixels; i++) {
    const end = x + <usize>rows * PANEL_BYTES;
    let p = dy;
    for (let a = x; a < end; a += PANEL_BYTES) {
      const b0 = v128.load(p), b1 = v128.load(p, 16), b2 = v128.load(p, 32), b3 = v128.load(p, 48);
      let v = v128.load_splat<f32>(a);
      c00 = fma(v, b0, c00); c01 = fma(v, b1, c01); c02 = fma(v, b2, c02); c03 = fma(v, b3, c03);
      v = v128.load_splat<f32>(a, 4);
      c10 = fma(v, b0, c10); c11 = fma(v, b1, c11); c12 = fma(v, b2, c12); c13 = fma(v, b3, c13);
      v = v128.load_splat<f32>(a, 8);
      c20 = fma(v, b0, c20); c21 = fma(v, b1, c21); c22 = fma(v, b2, c22); c23 = fma(v, b3, c23);
      v = v128.load_splat<f32>(a, 12);
      c30 = fma(v, b0, c30); c31 = fma(v, b1, c31); c32 = fma(v, b2, c32); c33 = fma(v, b3, c33);
      p += PANEL_BYTES;
    }
    x += xBytes;
    dy += dyBytes;
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c02, 32); v128.store(c, c03, 48);
  v128.store(c, c10, 128); v128.store(c, c11, 144); v128.store(c, c12, 160); v128.store(c, c13, 176);
  v128.store(c, c20, 256); v128.store(c, c21, 272); v128.store(c, c22, 288); v128.store(c, c23, 304);
  v128.store(c, c30, 384); v128.store(c, c31, 400); v128.store(c, c32, 416); v128.store(c, c33, 432);
}
