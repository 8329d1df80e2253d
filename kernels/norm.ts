// Batch norm. Where it takes the statistics of the batch, each chunk leaves partial sums in float64, one item combines them in
// ascending order of the chunks (Chan, Golub and LeVeque 1983), and the next phase applies what came out. One pass over a chunk
// is enough: values are shifted by the mean of the channel's first rows, summed in float32 for eight panels and then in float64.

import { address, H_CHUNKS, operand, PANEL_BYTES, real, samplesOf, word, ZEROS } from './memory';
import { fma } from './gemm';

/** Panels summed in float32 before they are added to the sums in float64. */
const TILE: usize = 8;

/**
 * Mean and sum of squared distances from it, of a chunk. 0 x, 3 partial ([panel of a pixel][2][32] f64), 6 scratch, 9 pixels,
 * 10 panels a pixel, 11 rows a sample, 12 x panel bytes.
 */
export function normPartial(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 11), pixels = <usize>word(d, 9), perPixel = <usize>word(d, 10);
  const scratch = operand(d, 6, chunk, thread), shift = scratch, tile = scratch + 128;
  const n = <f64>(<i32>pixels * rows);
  for (let c: usize = 0; c < perPixel; c++) {
    const out = operand(d, 3, chunk, thread) + (c << 9);
    memory.fill(out, 0, 512);
    for (let k: usize = 0; k < pixels; k++) {
      const x = operand(d, 0, chunk, thread) + (k * perPixel + c) * address(d, 12);
      if (k == 0) meanOfRows(x, rows, shift);
      if (k % TILE == 0) memory.fill(tile, 0, 256);
      addPanel(x, rows, shift, tile);
      addPanel(x + 64, rows, shift + 64, tile + 64);
      if (k % TILE == TILE - 1 || k == pixels - 1) addTile(tile, out);
    }
    for (let at: usize = 0; at < 256; at += 8) {
      const sum = load<f64>(out + at);
      store<f64>(out + at + 256, load<f64>(out + at + 256) - sum * sum / n);
      store<f64>(out + at, <f64>load<f32>(shift + (at >> 1)) + sum / n);
    }
  }
}

/** mean[32] of the rows of a panel. */
function meanOfRows(x: usize, rows: i32, mean: usize): void {
  const share = f32x4.splat(1 / <f32>rows), end = x + <usize>rows * PANEL_BYTES;
  for (let j: usize = 0; j < 128; j += 16) {
    let sum = f32x4.splat(0);
    for (let p = x; p < end; p += PANEL_BYTES) sum = f32x4.add(sum, v128.load(p + j));
    v128.store(mean + j, f32x4.mul(sum, share));
  }
}

/** Half a panel: tile[0][16] += x - shift, tile[1][16] (128 bytes on) += its square. */
function addPanel(x: usize, rows: i32, shift: usize, tile: usize): void {
  const k0 = v128.load(shift), k1 = v128.load(shift, 16), k2 = v128.load(shift, 32), k3 = v128.load(shift, 48);
  let s0 = v128.load(tile), s1 = v128.load(tile, 16), s2 = v128.load(tile, 32), s3 = v128.load(tile, 48);
  let q0 = v128.load(tile, 128), q1 = v128.load(tile, 144), q2 = v128.load(tile, 160), q3 = v128.load(tile, 176);
  const end = x + <usize>rows * PANEL_BYTES;
  for (; x < end; x += PANEL_BYTES) {
    const a0 = f32x4.sub(v128.load(x), k0), a1 = f32x4.sub(v128.load(x, 16), k1);
    const a2 = f32x4.sub(v128.load(x, 32), k2), a3 = f32x4.sub(v128.load(x, 48), k3);
    s0 = f32x4.add(s0, a0); s1 = f32x4.add(s1, a1); s2 = f32x4.add(s2, a2); s3 = f32x4.add(s3, a3);
    q0 = fma(a0, a0, q0); q1 = fma(a1, a1, q1); q2 = fma(a2, a2, q2); q3 = fma(a3, a3, q3);
  }
  v128.store(tile, s0); v128.store(tile, s1, 16); v128.store(tile, s2, 32); v128.store(tile, s3, 48);
  v128.store(tile, q0, 128); v128.store(tile, q1, 144); v128.store(tile, q2, 160); v128.store(tile, q3, 176);
}

/** out[64] f64 += tile[64] f32. */
function addTile(tile: usize, out: usize): void {
  for (let j: usize = 0; j < 256; j += 8) {
    const at = out + (j << 1);
    v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(v128.load64_zero(tile + j))));
  }
}

/** Values of a channel in a chunk. */
// @ts-ignore: decorator
@inline
function valuesOf(chunk: i32, perSample: i32): f64 {
  return <f64>(samplesOf(chunk) * perSample);
}

/**
 * One item: one panel of channels. Mean and deviation of the batch, and the running statistics moved towards them.
 * 0 partial, 1 its bytes a chunk, 2 values a sample, 3 channels, 4 batchMean, 5 batchDeviation, 6 mean, 7 variance,
 * 8 epsilon, 9 momentum (f32), 10 repeats.
 */
export function normCombine(d: usize, item: i32, thread: i32): void {
  const chunks = load<i32>(H_CHUNKS), perSample = word(d, 2);
  if (chunks == 0) return;
  const last = min(32, word(d, 3) - (item << 5));
  for (let lane: usize = 0; lane < <usize>last; lane++) {
    const at = (<usize>item << 7) + (lane << 2);
    let p = address(d, 0) + (<usize>item << 9) + (lane << 3);
    let n = valuesOf(0, perSample), mean = load<f64>(p), squares = load<f64>(p + 256);
    for (let c = 1; c < chunks; c++) {
      p += address(d, 1);
      const m = valuesOf(c, perSample), delta = load<f64>(p) - mean, total = n + m;
      mean += delta * m / total;
      squares += load<f64>(p + 256) + delta * delta * n * m / total;
      n = total;
    }
    const variance = max<f64>(0, squares / n), all = n * <f64>word(d, 10), momentum = <f64>real(d, 9);
    store<f32>(address(d, 4) + at, <f32>mean);
    store<f32>(address(d, 5) + at, <f32>(1 / Math.sqrt(variance + <f64>real(d, 8))));
    moveTowards(address(d, 6) + at, momentum, mean);
    // Of a single value nothing is known about the variance: it stays.
    if (all > 1) moveTowards(address(d, 7) + at, momentum, variance * all / (all - 1));
  }
}

// @ts-ignore: decorator
@inline
function moveTowards(at: usize, momentum: f64, value: f64): void {
  const old = <f64>load<f32>(at);
  store<f32>(at, <f32>(old + momentum * (value - old)));
}

/**
 * y = (x - m) factor gamma d + beta. 0 x, 3 y, 6 scratch, 9 pixels, 10 panels a pixel, 11 rows a sample, 12 x, 13 y panel bytes,
 * 14 m, 15 d, or the variance, 16 it is the variance, 17 gamma, 18 beta, 19 factor, 20 epsilon (f32). m, beta: 0 for zeros.
 */
export function batchNorm(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 11), pixels = <usize>word(d, 9), perPixel = <usize>word(d, 10);
  const scale = operand(d, 6, chunk, thread);
  const factor = f32x4.splat(real(d, 19)), epsilon = f32x4.splat(real(d, 20)), one = f32x4.splat(1);
  for (let c: usize = 0; c < perPixel; c++) {
    const at = c << 7, m = address(d, 14) ? address(d, 14) + at : ZEROS, beta = address(d, 18) ? address(d, 18) + at : ZEROS;
    for (let j: usize = 0; j < 128; j += 16) {
      let deviation = v128.load(address(d, 15) + at + j);
      if (word(d, 16) != 0) deviation = f32x4.div(one, f32x4.sqrt(f32x4.add(deviation, epsilon)));
      v128.store(scale + j, f32x4.mul(f32x4.mul(factor, v128.load(address(d, 17) + at + j)), deviation));
    }
    for (let k: usize = 0; k < pixels; k++) {
      const x = operand(d, 0, chunk, thread) + (k * perPixel + c) * address(d, 12);
      const y = operand(d, 3, chunk, thread) + (k * perPixel + c) * address(d, 13);
      scalePanel(x, rows, m, scale, beta, y);
      scalePanel(x + 64, rows, m + 64, scale + 64, beta + 64, y + 64);
    }
  }
}

/** Half a panel: y = (x - m) s + b. */
function scalePanel(x: usize, rows: i32, m: usize, s: usize, b: usize, y: usize): void {
  const m0 = v128.load(m), m1 = v128.load(m, 16), m2 = v128.load(m, 32), m3 = v128.load(m, 48);
  const s0 = v128.load(s), s1 = v128.load(s, 16), s2 = v128.load(s, 32), s3 = v128.load(s, 48);
  const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
  for (let j: usize = 0; j < <usize>rows * PANEL_BYTES; j += PANEL_BYTES) {
    const y0 = fma(f32x4.sub(v128.load(x + j), m0), s0, b0), y1 = fma(f32x4.sub(v128.load(x + j, 16), m1), s1, b1);
    const y2 = fma(f32x4.sub(v128.load(x + j, 32), m2), s2, b2), y3 = fma(f32x4.sub(v128.load(x + j, 48), m3), s3, b3);
    v128.store(y + j, y0); v128.store(y + j, y1, 16); v128.store(y + j, y2, 32); v128.store(y + j, y3, 48);
  }
}
