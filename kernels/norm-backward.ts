// Batch norm with statistics of the batch, backward: sums of dy and of dy xhat over each chunk, their total over the batch, then
//   dx = factor gamma d (dy - mean(dy) - xhat mean(dy xhat)),  xhat = (x - m) d
// Sums as in norm.ts: float32 over eight panels, float64 beyond.

import { address, H_CHUNKS, operand, PANEL_BYTES, real, samplesOf, word } from './memory';
import { fma } from './gemm';

const TILE: usize = 8;

/**
 * Sums of dy and dy (x - m) over a chunk. 0 x, 3 dy, 6 partial ([panel of a pixel][2][32] f64), 9 scratch, 12 pixels, 13 panels
 * a pixel, 14 rows a sample, 15 x, 16 dy panel bytes, 17 m.
 */
export function normBackwardPartial(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 14), pixels = <usize>word(d, 12), perPixel = <usize>word(d, 13);
  const tile = operand(d, 9, chunk, thread);
  for (let c: usize = 0; c < perPixel; c++) {
    const out = operand(d, 6, chunk, thread) + (c << 9), m = address(d, 17) + (c << 7);
    memory.fill(out, 0, 512);
    for (let k: usize = 0; k < pixels; k++) {
      const x = operand(d, 0, chunk, thread) + (k * perPixel + c) * address(d, 15);
      const dy = operand(d, 3, chunk, thread) + (k * perPixel + c) * address(d, 16);
      if (k % TILE == 0) memory.fill(tile, 0, 256);
      addProducts(x, dy, rows, m, tile);
      addProducts(x + 64, dy + 64, rows, m + 64, tile + 64);
      if (k % TILE != TILE - 1 && k != pixels - 1) continue;
      for (let j: usize = 0; j < 256; j += 8) {
        const at = out + (j << 1);
        v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(v128.load64_zero(tile + j))));
      }
    }
  }
}

/** Half a panel: tile[0][16] += dy, tile[1][16] (128 bytes on) += dy (x - m). */
function addProducts(x: usize, dy: usize, rows: i32, m: usize, tile: usize): void {
  const m0 = v128.load(m), m1 = v128.load(m, 16), m2 = v128.load(m, 32), m3 = v128.load(m, 48);
  let s0 = v128.load(tile), s1 = v128.load(tile, 16), s2 = v128.load(tile, 32), s3 = v128.load(tile, 48);
  let q0 = v128.load(tile, 128), q1 = v128.load(tile, 144), q2 = v128.load(tile, 160), q3 = v128.load(tile, 176);
  for (let j: usize = 0; j < <usize>rows * PANEL_BYTES; j += PANEL_BYTES) {
    const g0 = v128.load(dy + j), g1 = v128.load(dy + j, 16), g2 = v128.load(dy + j, 32), g3 = v128.load(dy + j, 48);
    s0 = f32x4.add(s0, g0); s1 = f32x4.add(s1, g1); s2 = f32x4.add(s2, g2); s3 = f32x4.add(s3, g3);
    q0 = fma(g0, f32x4.sub(v128.load(x + j), m0), q0); q1 = fma(g1, f32x4.sub(v128.load(x + j, 16), m1), q1);
    q2 = fma(g2, f32x4.sub(v128.load(x + j, 32), m2), q2); q3 = fma(g3, f32x4.sub(v128.load(x + j, 48), m3), q3);
  }
  v128.store(tile, s0); v128.store(tile, s1, 16); v128.store(tile, s2, 32); v128.store(tile, s3, 48);
  v128.store(tile, q0, 128); v128.store(tile, q1, 144); v128.store(tile, q2, 160); v128.store(tile, q3, 176);
}

/**
 * One item: one panel of channels. dBeta and dGamma, and for dx the means of dy and of dy xhat times d.
 * 0 partial, 1 its bytes a chunk, 2 values a sample, 3 channels, 4 batchDeviation, 5 dGamma, 6 dBeta, 7 factor (f32),
 * 8 means ([panel][2][32] f32).
 */
export function normBackwardCombine(d: usize, item: i32, thread: i32): void {
  const chunks = load<i32>(H_CHUNKS), last = min(32, word(d, 3) - (item << 5));
  if (chunks == 0) return;
  for (let lane: usize = 0; lane < <usize>last; lane++) {
    const at = (<usize>item << 7) + (lane << 2), means = address(d, 8) + (<usize>item << 8) + (lane << 2);
    let p = address(d, 0) + (<usize>item << 9) + (lane << 3);
    let sum: f64 = 0, product: f64 = 0, n: f64 = 0;
    for (let c = 0; c < chunks; c++) {
      sum += load<f64>(p);
      product += load<f64>(p + 256);
      n += <f64>(samplesOf(c) * word(d, 2));
      p += address(d, 1);
    }
    const deviation = <f64>load<f32>(address(d, 4) + at);
    product *= deviation;
    addTo(address(d, 5) + at, <f64>real(d, 7) * product);
    addTo(address(d, 6) + at, sum);
    store<f32>(means, <f32>(sum / n));
    store<f32>(means + 128, <f32>(product / n * deviation));
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, value: f64): void {
  store<f32>(at, <f32>(<f64>load<f32>(at) + value));
}

/**
 * 0 x, 3 dy, 6 dx, 9 scratch, 12 pixels, 13 panels a pixel, 14 rows a sample, 15 x, 16 dy, 17 dx panel bytes,
 * 18 m, 19 batchDeviation, 20 gamma, 21 factor (f32), 22 means.
 */
export function batchNormBackward(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 14), pixels = <usize>word(d, 12), perPixel = <usize>word(d, 13);
  const scale = operand(d, 9, chunk, thread);
  const factor = f32x4.splat(real(d, 21));
  for (let c: usize = 0; c < perPixel; c++) {
    const at = c << 7, m = address(d, 18) + at, means = address(d, 22) + (c << 8);
    for (let j: usize = 0; j < 128; j += 16) {
      const gamma = f32x4.mul(factor, v128.load(address(d, 20) + at + j));
      const s = f32x4.mul(gamma, v128.load(address(d, 19) + at + j)), minus = f32x4.neg(s);
      v128.store(scale + j, s);
      v128.store(scale + j, f32x4.mul(minus, v128.load(means + j)), 128);
      v128.store(scale + j, f32x4.mul(minus, v128.load(means + j, 128)), 256);
    }
    for (let k: usize = 0; k < pixels; k++) {
      const q = k * perPixel + c;
      const x = operand(d, 0, chunk, thread) + q * address(d, 15);
      const dy = operand(d, 3, chunk, thread) + q * address(d, 16), dx = operand(d, 6, chunk, thread) + q * address(d, 17);
      gradientPanel(x, dy, rows, m, scale, dx);
      gradientPanel(x + 64, dy + 64, rows, m + 64, scale + 64, dx + 64);
    }
  }
}

/** Half a panel: dx = s dy + o + k (x - m); s, o and k 128 bytes apart. */
function gradientPanel(x: usize, dy: usize, rows: i32, m: usize, s: usize, dx: usize): void {
  const m0 = v128.load(m), m1 = v128.load(m, 16), m2 = v128.load(m, 32), m3 = v128.load(m, 48);
  const s0 = v128.load(s), s1 = v128.load(s, 16), s2 = v128.load(s, 32), s3 = v128.load(s, 48);
  const o0 = v128.load(s, 128), o1 = v128.load(s, 144), o2 = v128.load(s, 160), o3 = v128.load(s, 176);
  const k0 = v128.load(s, 256), k1 = v128.load(s, 272), k2 = v128.load(s, 288), k3 = v128.load(s, 304);
  for (let j: usize = 0; j < <usize>rows * PANEL_BYTES; j += PANEL_BYTES) {
    const a0 = fma(k0, f32x4.sub(v128.load(x + j), m0), o0), a1 = fma(k1, f32x4.sub(v128.load(x + j, 16), m1), o1);
    const a2 = fma(k2, f32x4.sub(v128.load(x + j, 32), m2), o2), a3 = fma(k3, f32x4.sub(v128.load(x + j, 48), m3), o3);
    const d0 = fma(s0, v128.load(dy + j), a0), d1 = fma(s1, v128.load(dy + j, 16), a1);
    const d2 = fma(s2, v128.load(dy + j, 32), a2), d3 = fma(s3, v128.load(dy + j, 48), a3);
    v128.store(dx + j, d0); v128.store(dx + j, d1, 16); v128.store(dx + j, d2, 32); v128.store(dx + j, d3, 48);
  }
}
