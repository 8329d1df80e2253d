// Activations other than ReLU. A quantized one is y = c clip(floor(x L / c + 1/2) / L, 0, 1) (QCFS, Bu et al. 2022).

import { address, operand, PANEL_BYTES, real, samplesOf, word } from './memory';

const RELU6 = 0, LEAKY = 1;

/** 0 x, 3 y, 6 panels, 7 rows a sample, 8 x, 9 y panel bytes, 10 form (relu6, leaky-relu, quantized), 11 slope or L (f32), 12 c. */
export function activation(d: usize, chunk: i32, thread: i32): void {
  const bytes = <usize>(samplesOf(chunk) * word(d, 7)) * PANEL_BYTES, form = word(d, 10), number = real(d, 11);
  for (let q: usize = 0; q < <usize>word(d, 6); q++) {
    const x = operand(d, 0, chunk, thread) + q * address(d, 8), y = operand(d, 3, chunk, thread) + q * address(d, 9);
    if (form == RELU6) clipPanel(x, bytes, y);
    else if (form == LEAKY) leakyPanel(x, bytes, number, y);
    else quantizedPanel(x, bytes, number, load<f32>(address(d, 12)), y);
  }
}

function clipPanel(x: usize, bytes: usize, y: usize): void {
  const zero = f32x4.splat(0), six = f32x4.splat(6);
  for (let j: usize = 0; j < bytes; j += 32) {
    const y0 = f32x4.pmin(f32x4.pmax(v128.load(x + j), zero), six), y1 = f32x4.pmin(f32x4.pmax(v128.load(x + j, 16), zero), six);
    v128.store(y + j, y0);
    v128.store(y + j, y1, 16);
  }
}

function leakyPanel(x: usize, bytes: usize, slope: f32, y: usize): void {
  const zero = f32x4.splat(0), k = f32x4.splat(slope);
  for (let j: usize = 0; j < bytes; j += 32) {
    const x0 = v128.load(x + j), x1 = v128.load(x + j, 16);
    const y0 = f32x4.add(f32x4.pmax(x0, zero), f32x4.mul(k, f32x4.pmin(x0, zero)));
    const y1 = f32x4.add(f32x4.pmax(x1, zero), f32x4.mul(k, f32x4.pmin(x1, zero)));
    v128.store(y + j, y0);
    v128.store(y + j, y1, 16);
  }
}

function quantizedPanel(x: usize, bytes: usize, levels: f32, ceiling: f32, y: usize): void {
  const half = f32x4.splat(0.5), zero = f32x4.splat(0), top = f32x4.splat(levels), c = f32x4.splat(ceiling);
  const step = f32x4.splat(ceiling / levels);
  for (let j: usize = 0; j < bytes; j += 32) {
    const k0 = f32x4.floor(f32x4.add(f32x4.div(f32x4.mul(v128.load(x + j), top), c), half));
    const k1 = f32x4.floor(f32x4.add(f32x4.div(f32x4.mul(v128.load(x + j, 16), top), c), half));
    const y0 = f32x4.mul(step, f32x4.pmin(f32x4.pmax(k0, zero), top)), y1 = f32x4.mul(step, f32x4.pmin(f32x4.pmax(k1, zero), top));
    v128.store(y + j, y0);
    v128.store(y + j, y1, 16);
  }
}

/**
 * 0 x, 3 dy, 6 dx, 9 dCeiling, 12 panels, 13 rows a sample, 14 x, 15 dy, 16 dx panel bytes, 17 form, 18 slope or L (f32), 19 c,
 * 20 scratch.
 */
export function activationBackward(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), form = word(d, 17), number = real(d, 18);
  const sampleBytes = <usize>word(d, 13) * PANEL_BYTES, bytes = <usize>samples * sampleBytes;
  const ceilings = operand(d, 9, chunk, thread), tile = operand(d, 20, chunk, thread), sums = tile + 32;
  memory.fill(sums, 0, <usize>samples << 3);
  for (let q: usize = 0; q < <usize>word(d, 12); q++) {
    const x = operand(d, 0, chunk, thread) + q * address(d, 14), dy = operand(d, 3, chunk, thread) + q * address(d, 15);
    const dx = operand(d, 6, chunk, thread) + q * address(d, 16);
    if (form == RELU6) insidePanel(x, dy, bytes, 0, 6, dx);
    else if (form == LEAKY) leakySlopes(x, dy, bytes, number, dx);
    else {
      const c = load<f32>(address(d, 19)), half = c / (2 * number);
      if (ceilings) quantizedSlopes(x, dy, samples, sampleBytes, number, c, sums, tile, dx);
      else insidePanel(x, dy, bytes, -half, c - half, dx);
    }
  }
  if (!ceilings) return;
  for (let n: usize = 0; n < <usize>samples; n++) {
    memory.fill(ceilings + (n << 7), 0, PANEL_BYTES);
    store<f32>(ceilings + (n << 7), <f32>load<f64>(sums + (n << 3)));
  }
}

/** dx = dy where low < x < high, else 0. */
function insidePanel(x: usize, dy: usize, bytes: usize, low: f32, high: f32, dx: usize): void {
  const l = f32x4.splat(low), h = f32x4.splat(high);
  for (let j: usize = 0; j < bytes; j += 32) {
    const x0 = v128.load(x + j), x1 = v128.load(x + j, 16);
    const d0 = v128.and(v128.load(dy + j), v128.and(f32x4.lt(l, x0), f32x4.lt(x0, h)));
    const d1 = v128.and(v128.load(dy + j, 16), v128.and(f32x4.lt(l, x1), f32x4.lt(x1, h)));
    v128.store(dx + j, d0);
    v128.store(dx + j, d1, 16);
  }
}

function leakySlopes(x: usize, dy: usize, bytes: usize, slope: f32, dx: usize): void {
  const zero = f32x4.splat(0), k = f32x4.splat(slope);
  for (let j: usize = 0; j < bytes; j += 32) {
    const g0 = v128.load(dy + j), g1 = v128.load(dy + j, 16);
    const m0 = f32x4.gt(v128.load(x + j), zero), m1 = f32x4.gt(v128.load(x + j, 16), zero);
    const d0 = v128.or(v128.and(g0, m0), v128.andnot(f32x4.mul(k, g0), m0));
    const d1 = v128.or(v128.and(g1, m1), v128.andnot(f32x4.mul(k, g1), m1));
    v128.store(dx + j, d0);
    v128.store(dx + j, d1, 16);
  }
}

/**
 * dx = dy between the clips, else 0; sums[sample] (f64) += dy by the ceiling: (y - x) / c between the clips, 1 above, 0 below.
 * There y L / c = floor(q + 1/2), q = x L / c, is within its clips by itself. `tile`: 32 bytes.
 */
function quantizedSlopes(
  x: usize, dy: usize, samples: i32, sampleBytes: usize, levels: f32, ceiling: f32, sums: usize, tile: usize, dx: usize,
): void {
  const ratio = f32x4.splat(levels / ceiling), part = f32x4.splat(1 / levels), half = f32x4.splat(0.5), one = f32x4.splat(1);
  const edge = ceiling / (2 * levels), low = f32x4.splat(-edge), high = f32x4.splat(ceiling - edge);
  for (let n: usize = 0; n < <usize>samples; n++) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
    for (let j: usize = 0; j < sampleBytes; j += 32) {
      const x0 = v128.load(x + j), x1 = v128.load(x + j, 16), g0 = v128.load(dy + j), g1 = v128.load(dy + j, 16);
      const q0 = f32x4.mul(x0, ratio), q1 = f32x4.mul(x1, ratio);
      const l0 = f32x4.lt(low, x0), l1 = f32x4.lt(low, x1), h0 = f32x4.lt(x0, high), h1 = f32x4.lt(x1, high);
      const d0 = v128.and(g0, v128.and(l0, h0)), d1 = v128.and(g1, v128.and(l1, h1));
      v128.store(dx + j, d0);
      v128.store(dx + j, d1, 16);
      const i0 = f32x4.mul(f32x4.sub(f32x4.floor(f32x4.add(q0, half)), q0), part);
      const i1 = f32x4.mul(f32x4.sub(f32x4.floor(f32x4.add(q1, half)), q1), part);
      s0 = f32x4.add(s0, f32x4.mul(g0, v128.and(l0, v128.bitselect(i0, one, h0))));
      s1 = f32x4.add(s1, f32x4.mul(g1, v128.and(l1, v128.bitselect(i1, one, h1))));
    }
    v128.store(tile, s0);
    v128.store(tile, s1, 16);
    let pair = f64x2.promote_low_f32x4(v128.load64_zero(tile));
    for (let k: usize = 8; k < 32; k += 8) pair = f64x2.add(pair, f64x2.promote_low_f32x4(v128.load64_zero(tile + k)));
    const at = sums + (n << 3);
    store<f64>(at, load<f64>(at) + f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
    x += sampleBytes;
    dy += sampleBytes;
    dx += sampleBytes;
  }
}
