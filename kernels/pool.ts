// Pools. An output panel is an element-wise maximum or sum of the panels its window reads, row by row, so each is a stream over
// rows of 32 values with one accumulator a value; a maximum of spikes is the OR of their words.
// Descriptor: 0 x, 3 y, 6 scratch, 9 mode (0 max, 1 average, 2 winner), 10 rows a sample, 11 panels a pixel, 12 x panel bytes,
// 13 y panel bytes, 14 x is spikes, 15 divisor (f32), 16 its reciprocal (f32, 0 where not exact), 17 window (12 words).

import { address, operand, PANEL_BYTES, real, samplesOf, word } from './memory';
import { lanes } from './lanes';
import { listReaders, listTaps } from './taps';

const MODE = 9, ROWS = 10, PER_PIXEL = 11, X_BYTES = 12, Y_BYTES = 13, SPIKES = 14, DIVISOR = 15, RECIPROCAL = 16, WINDOW = 17;
const AVERAGE = 1, WINNER = 2;

export function pool(d: usize, chunk: i32, thread: i32): void {
  const list = operand(d, 6, chunk, thread), perPixel = <usize>word(d, PER_PIXEL);
  const samples = samplesOf(chunk), rows = samples * word(d, ROWS), mode = word(d, MODE), spikes = word(d, SPIKES) != 0;
  const x = operand(d, 0, chunk, thread);
  let y = operand(d, 3, chunk, thread);
  for (let oy = 0; oy < word(d, WINDOW + 2); oy++) {
    for (let ox = 0; ox < word(d, WINDOW + 3); ox++) {
      const n = listTaps(d, WINDOW, oy, ox, list);
      toAddresses(list, n, x, perPixel * address(d, X_BYTES));
      for (let q: usize = 0; q < perPixel; q++) {
        if (mode == WINNER) winnerPanel(n, list, samples, word(d, ROWS), y, list + (<usize>n << 2));
        else if (mode == AVERAGE) {
          if (spikes) averageSpikes(n, list, rows, real(d, DIVISOR), y);
          else averagePanel(d, n, list, rows, y);
        } else if (spikes) orPanel(n, list, rows, y);
        else maxPanel(n, list, rows, y);
        advance(list, n, address(d, X_BYTES));
        y += address(d, Y_BYTES);
      }
    }
  }
}

/** Pixel numbers become addresses of their first panel. */
function toAddresses(list: usize, n: i32, base: usize, pixelBytes: usize): void {
  for (let k: usize = 0; k < <usize>n << 2; k += 4) store<u32>(list + k, <u32>(base + <usize>load<u32>(list + k) * pixelBytes));
}

/** Addresses move to the next panel of their pixel. */
function advance(list: usize, n: i32, panelBytes: usize): void {
  for (let k: usize = 0; k < <usize>n << 2; k += 4) store<u32>(list + k, load<u32>(list + k) + <u32>panelBytes);
}

function maxPanel(n: i32, list: usize, rows: i32, y: usize): void {
  const end = list + (<usize>n << 2);
  for (let j: usize = 0; j < <usize>rows * PANEL_BYTES; j += PANEL_BYTES) {
    let p = <usize>load<u32>(list) + j;
    let a0 = v128.load(p), a1 = v128.load(p, 16), a2 = v128.load(p, 32), a3 = v128.load(p, 48);
    let a4 = v128.load(p, 64), a5 = v128.load(p, 80), a6 = v128.load(p, 96), a7 = v128.load(p, 112);
    for (let k = list + 4; k < end; k += 4) {
      p = <usize>load<u32>(k) + j;
      a0 = f32x4.pmax(a0, v128.load(p)); a1 = f32x4.pmax(a1, v128.load(p, 16));
      a2 = f32x4.pmax(a2, v128.load(p, 32)); a3 = f32x4.pmax(a3, v128.load(p, 48));
      a4 = f32x4.pmax(a4, v128.load(p, 64)); a5 = f32x4.pmax(a5, v128.load(p, 80));
      a6 = f32x4.pmax(a6, v128.load(p, 96)); a7 = f32x4.pmax(a7, v128.load(p, 112));
    }
    const o = y + j;
    v128.store(o, a0); v128.store(o, a1, 16); v128.store(o, a2, 32); v128.store(o, a3, 48);
    v128.store(o, a4, 64); v128.store(o, a5, 80); v128.store(o, a6, 96); v128.store(o, a7, 112);
  }
}

/** Words of rows past the last are computed too: panels of bits are padded to 128 bytes. */
function orPanel(n: i32, list: usize, rows: i32, y: usize): void {
  const end = list + (<usize>n << 2);
  for (let j: usize = 0; j < <usize>rows << 2; j += 16) {
    let a = v128.load(<usize>load<u32>(list) + j);
    for (let k = list + 4; k < end; k += 4) a = v128.or(a, v128.load(<usize>load<u32>(k) + j));
    v128.store(y + j, a);
  }
}

function averagePanel(d: usize, n: i32, list: usize, rows: i32, y: usize): void {
  const end = list + (<usize>n << 2), divisor = f32x4.splat(real(d, DIVISOR)), reciprocal = f32x4.splat(real(d, RECIPROCAL));
  const exact = real(d, RECIPROCAL) != 0;
  for (let j: usize = 0; j < <usize>rows * PANEL_BYTES; j += 64) {
    let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
    for (let k = list; k < end; k += 4) {
      const p = <usize>load<u32>(k) + j;
      a0 = f32x4.add(a0, v128.load(p)); a1 = f32x4.add(a1, v128.load(p, 16));
      a2 = f32x4.add(a2, v128.load(p, 32)); a3 = f32x4.add(a3, v128.load(p, 48));
    }
    if (exact) {
      a0 = f32x4.mul(a0, reciprocal); a1 = f32x4.mul(a1, reciprocal); a2 = f32x4.mul(a2, reciprocal); a3 = f32x4.mul(a3, reciprocal);
    } else {
      a0 = f32x4.div(a0, divisor); a1 = f32x4.div(a1, divisor); a2 = f32x4.div(a2, divisor); a3 = f32x4.div(a3, divisor);
    }
    v128.store(y + j, a0); v128.store(y + j, a1, 16); v128.store(y + j, a2, 32); v128.store(y + j, a3, 48);
  }
}

/** Spikes of a window are counted in bytes, 100 taps at most at a time. */
const BYTE_TAPS: usize = 100;

/** y[rows][32] = spikes of the panels listed, counted and divided. */
export function averageSpikes(n: i32, list: usize, rows: i32, by: f32, y: usize): void {
  const end = list + (<usize>n << 2), divisor = f32x4.splat(by);
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const low = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1), high = i8x16(2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  for (let r: usize = 0; r < <usize>rows << 2; r += 4) {
    let s0 = i16x8.splat(0), s1 = i16x8.splat(0), s2 = i16x8.splat(0), s3 = i16x8.splat(0);
    for (let k = list; k < end; ) {
      let a = i8x16.splat(0), b = i8x16.splat(0);
      for (const stop = min(end, k + (BYTE_TAPS << 2)); k < stop; k += 4) {
        const w = v128.load_splat<u32>(<usize>load<u32>(k) + r);
        a = i8x16.sub(a, i8x16.eq(v128.and(i8x16.swizzle(w, low), bits), bits));
        b = i8x16.sub(b, i8x16.eq(v128.and(i8x16.swizzle(w, high), bits), bits));
      }
      s0 = i16x8.add(s0, i16x8.extend_low_i8x16_u(a)); s1 = i16x8.add(s1, i16x8.extend_high_i8x16_u(a));
      s2 = i16x8.add(s2, i16x8.extend_low_i8x16_u(b)); s3 = i16x8.add(s3, i16x8.extend_high_i8x16_u(b));
    }
    storeShares(s0, divisor, y);
    storeShares(s1, divisor, y + 32);
    storeShares(s2, divisor, y + 64);
    storeShares(s3, divisor, y + 96);
    y += PANEL_BYTES;
  }
}

/** Eight counts divided. */
// @ts-ignore: decorator
@inline
function storeShares(counts: v128, divisor: v128, y: usize): void {
  v128.store(y, f32x4.div(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(counts)), divisor));
  v128.store(y, f32x4.div(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(counts)), divisor), 16);
}

/** Spikes of the input that has spiked most so far, the first of several; `counts`: [tap][32]. */
function winnerPanel(n: i32, list: usize, samples: i32, T: i32, y: usize, counts: usize): void {
  for (let s = 0; s < samples; s++) {
    memory.fill(counts, 0, <usize>n << 7);
    for (let r = <usize>(s * T) << 2; r < <usize>((s + 1) * T) << 2; r += 4) {
      store<u32>(y + r, winners(n, list, r, counts, 0) | (winners(n, list, r, counts, 16) << 4) |
        (winners(n, list, r, counts, 32) << 8) | (winners(n, list, r, counts, 48) << 12) |
        (winners(n, list, r, counts, 64) << 16) | (winners(n, list, r, counts, 80) << 20) |
        (winners(n, list, r, counts, 96) << 24) | (winners(n, list, r, counts, 112) << 28));
    }
  }
}

/** Four lanes of a row of words, lanes 4 j on at byte 16 j of the counts. */
function winners(n: i32, list: usize, row: usize, counts: usize, at: usize): u32 {
  const bits = i32x4.shl(i32x4(1, 2, 4, 8), <i32>(at >> 2));
  let best = i32x4.splat(-1), spikes = i32x4.splat(0);
  for (let k: usize = 0; k < <usize>n; k++) {
    const w = v128.load_splat<u32>(<usize>load<u32>(list + (k << 2)) + row);
    const spike = i32x4.eq(v128.and(w, bits), bits);
    const count = i32x4.sub(v128.load(counts + (k << 7) + at), spike);
    v128.store(counts + (k << 7) + at, count);
    spikes = v128.bitselect(spike, spikes, i32x4.gt_s(count, best));
    best = i32x4.max_s(best, count);
  }
  return <u32>i32x4.bitmask(spikes);
}

/**
 * 0 x, 3 dy, 6 dx, 9 scratch, 12 average, 13 rows a sample, 14 panels a pixel, 15 x, 16 dy, 17 dx panel bytes, 18 x is spikes,
 * 19 windows overlap, 20 windows leave gaps, 21 bytes of dx, 22 divisor and 23 reciprocal as above, 24 window.
 */
export function poolBackward(d: usize, chunk: i32, thread: i32): void {
  if (word(d, 12) != 0) averageBackward(d, chunk, thread);
  else maxBackward(d, chunk, thread);
}

/** Every input pixel gathers from the outputs that read it. */
function averageBackward(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 13), list = operand(d, 9, chunk, thread), perPixel = <usize>word(d, 14);
  const dy = operand(d, 3, chunk, thread);
  let dx = operand(d, 6, chunk, thread);
  // What averagePanel reads of a pool's descriptor, 7 words further on.
  const form = d + 28;
  for (let iy = 0; iy < word(d, 24); iy++) {
    for (let ix = 0; ix < word(d, 25); ix++) {
      const n = listReaders(d, 24, iy, ix, list);
      toAddresses(list, n, dy, perPixel * address(d, 16));
      for (let q: usize = 0; q < perPixel; q++) {
        averagePanel(form, n, list, rows, dx);
        advance(list, n, address(d, 16));
        dx += address(d, 17);
      }
    }
  }
}

function maxBackward(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 13), perPixel = <usize>word(d, 14);
  const x = operand(d, 0, chunk, thread), dx = operand(d, 6, chunk, thread);
  const xList = operand(d, 9, chunk, thread), dxList = xList + (<usize>(word(d, 28) * word(d, 29)) << 2);
  const spikes = word(d, 18) != 0, adds = word(d, 19) != 0;
  if (adds || word(d, 20) != 0) memory.fill(dx, 0, address(d, 21));
  let dy = operand(d, 3, chunk, thread);
  for (let oy = 0; oy < word(d, 26); oy++) {
    for (let ox = 0; ox < word(d, 27); ox++) {
      const n = listTaps(d, 24, oy, ox, xList);
      memory.copy(dxList, xList, <usize>n << 2);
      toAddresses(xList, n, x, perPixel * address(d, 15));
      toAddresses(dxList, n, dx, perPixel * address(d, 17));
      for (let q: usize = 0; q < perPixel; q++) {
        if (spikes) toFirstSpike(n, xList, rows, dy, dxList, adds);
        else if (adds) addToFirstMaximum(n, xList, rows, dy, dxList);
        else toFirstMaximum(n, xList, rows, dy, dxList);
        advance(xList, n, address(d, 15));
        advance(dxList, n, address(d, 17));
        dy += address(d, 16);
      }
    }
  }
}

/** dx of a window's inputs: dy at its first maximum, zero elsewhere. */
function toFirstMaximum(n: i32, xList: usize, rows: i32, dy: usize, dxList: usize): void {
  const end = <usize>n << 2;
  for (let j: usize = 0; j < <usize>rows * PANEL_BYTES; j += 32) {
    let m0 = v128.load(<usize>load<u32>(xList) + j), m1 = v128.load(<usize>load<u32>(xList) + j, 16);
    for (let k: usize = 4; k < end; k += 4) {
      const p = <usize>load<u32>(xList + k) + j;
      m0 = f32x4.pmax(m0, v128.load(p));
      m1 = f32x4.pmax(m1, v128.load(p, 16));
    }
    // What is left of dy: all of it until the maximum has been met.
    let d0 = v128.load(dy + j), d1 = v128.load(dy + j, 16);
    for (let k: usize = 0; k < end; k += 4) {
      const p = <usize>load<u32>(xList + k) + j, to = <usize>load<u32>(dxList + k) + j;
      const h0 = f32x4.eq(v128.load(p), m0), h1 = f32x4.eq(v128.load(p, 16), m1);
      const g0 = v128.and(d0, h0), g1 = v128.and(d1, h1);
      d0 = v128.andnot(d0, h0);
      d1 = v128.andnot(d1, h1);
      v128.store(to, g0);
      v128.store(to, g1, 16);
    }
  }
}

/** The same, added to dx: windows overlap. */
function addToFirstMaximum(n: i32, xList: usize, rows: i32, dy: usize, dxList: usize): void {
  const end = <usize>n << 2;
  for (let j: usize = 0; j < <usize>rows * PANEL_BYTES; j += 32) {
    let m0 = v128.load(<usize>load<u32>(xList) + j), m1 = v128.load(<usize>load<u32>(xList) + j, 16);
    for (let k: usize = 4; k < end; k += 4) {
      const p = <usize>load<u32>(xList + k) + j;
      m0 = f32x4.pmax(m0, v128.load(p));
      m1 = f32x4.pmax(m1, v128.load(p, 16));
    }
    let d0 = v128.load(dy + j), d1 = v128.load(dy + j, 16);
    for (let k: usize = 0; k < end; k += 4) {
      const p = <usize>load<u32>(xList + k) + j, to = <usize>load<u32>(dxList + k) + j;
      const h0 = f32x4.eq(v128.load(p), m0), h1 = f32x4.eq(v128.load(p, 16), m1);
      const g0 = f32x4.add(v128.load(to), v128.and(d0, h0)), g1 = f32x4.add(v128.load(to, 16), v128.and(d1, h1));
      d0 = v128.andnot(d0, h0);
      d1 = v128.andnot(d1, h1);
      v128.store(to, g0);
      v128.store(to, g1, 16);
    }
  }
}

/** Of spikes: the first that fired, or the window's first input where none did. */
function toFirstSpike(n: i32, xList: usize, rows: i32, dy: usize, dxList: usize, adds: bool): void {
  const end = <usize>n << 2;
  for (let r: usize = 0; r < <usize>rows; r++) {
    let any: u32 = 0;
    for (let k: usize = 0; k < end; k += 4) any |= load<u32>(<usize>load<u32>(xList + k) + (r << 2));
    const at = r * PANEL_BYTES;
    let left: u32 = <u32>-1, none = ~any;
    for (let k: usize = 0; k < end; k += 4) {
      const hit = (load<u32>(<usize>load<u32>(xList + k) + (r << 2)) | none) & left;
      left &= ~hit;
      none = 0;
      spreadGradient(hit, dy + at, <usize>load<u32>(dxList + k) + at, adds);
    }
  }
}

// @ts-ignore: decorator
@inline
function spreadGradient(hit: u32, from: usize, to: usize, adds: bool): void {
  const w = i32x4.splat(hit);
  const g0 = v128.and(v128.load(from), lanes(w, 0)), g1 = v128.and(v128.load(from, 16), lanes(w, 1));
  const g2 = v128.and(v128.load(from, 32), lanes(w, 2)), g3 = v128.and(v128.load(from, 48), lanes(w, 3));
  const g4 = v128.and(v128.load(from, 64), lanes(w, 4)), g5 = v128.and(v128.load(from, 80), lanes(w, 5));
  const g6 = v128.and(v128.load(from, 96), lanes(w, 6)), g7 = v128.and(v128.load(from, 112), lanes(w, 7));
  if (!adds) {
    v128.store(to, g0); v128.store(to, g1, 16); v128.store(to, g2, 32); v128.store(to, g3, 48);
    v128.store(to, g4, 64); v128.store(to, g5, 80); v128.store(to, g6, 96); v128.store(to, g7, 112);
    return;
  }
  const h0 = f32x4.add(v128.load(to), g0), h1 = f32x4.add(v128.load(to, 16), g1);
  const h2 = f32x4.add(v128.load(to, 32), g2), h3 = f32x4.add(v128.load(to, 48), g3);
  const h4 = f32x4.add(v128.load(to, 64), g4), h5 = f32x4.add(v128.load(to, 80), g5);
  const h6 = f32x4.add(v128.load(to, 96), g6), h7 = f32x4.add(v128.load(to, 112), g7);
  v128.store(to, h0); v128.store(to, h1, 16); v128.store(to, h2, 32); v128.store(to, h3, 48);
  v128.store(to, h4, 64); v128.store(to, h5, 80); v128.store(to, h6, 96); v128.store(to, h7, 112);
}
