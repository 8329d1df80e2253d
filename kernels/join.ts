// Joins of two signals (add a + b, and a b, iand (1 - a) b), their gradients, and the sum of gradients of a signal read twice. A
// signal with one row a sample, where others have one a step, is the same at every step; its gradient is the sum over steps.

import { address, operand, PANEL_BYTES, samplesOf, word, ZEROS } from './memory';
import { expandPanel } from './events';
import { fma } from './gemm';
import { averageSpikes } from './pool';

const ADD = 0, AND = 1;

/**
 * 0 a, 3 b, 6 y, 9 scratch, 12 mode (add, and, iand), 13 panels, 14 rows a sample of y, 15 a, 16 b, 17 y panel bytes, 18 a, 19 b,
 * 20 y is spikes, 21 a, 22 b has one row a sample and y has more.
 */
export function join(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, 14), mode = word(d, 12), bits = word(d, 20) != 0;
  const scratch = operand(d, 9, chunk, thread), second = scratch + <usize>(samples * T) * PANEL_BYTES;
  const aRows = word(d, 21) != 0 ? samples : samples * T, bRows = word(d, 22) != 0 ? samples : samples * T;
  for (let q: usize = 0; q < <usize>word(d, 13); q++) {
    let a = operand(d, 0, chunk, thread) + q * address(d, 15), b = operand(d, 3, chunk, thread) + q * address(d, 16);
    const y = operand(d, 6, chunk, thread) + q * address(d, 17);
    if (bits) {
      joinWords(a, word(d, 21) != 0, b, word(d, 22) != 0, samples, T, mode, y);
      continue;
    }
    if (mode == ADD && word(d, 18) != 0 && word(d, 19) != 0 && aRows == bRows) {
      store<u32>(scratch, <u32>a);
      store<u32>(scratch, <u32>b, 4);
      averageSpikes(2, scratch, aRows, 1, y);
      continue;
    }
    a = asFloats(a, word(d, 18) != 0, aRows, scratch);
    b = asFloats(b, word(d, 19) != 0, bRows, second);
    if (aRows == bRows) joinRows(a, PANEL_BYTES, b, PANEL_BYTES, aRows, mode, y);
    else {
      const aNext: usize = aRows == samples ? 0 : PANEL_BYTES, bNext: usize = bRows == samples ? 0 : PANEL_BYTES;
      for (let n: usize = 0; n < <usize>samples; n++) {
        const first = n * <usize>T * PANEL_BYTES;
        joinRows(a + (aNext ? first : n << 7), aNext, b + (bNext ? first : n << 7), bNext, T, mode, y + first);
      }
    }
  }
}

/** The panel itself, or its spikes as 0.0 and 1.0 in `room`. */
function asFloats(x: usize, spikes: bool, rows: i32, room: usize): usize {
  if (!spikes) return x;
  expandPanel(x, rows, room);
  return room;
}

function joinRows(a: usize, aNext: usize, b: usize, bNext: usize, rows: i32, mode: i32, y: usize): void {
  const one = f32x4.splat(1);
  for (const end = y + <usize>rows * PANEL_BYTES; y < end; y += PANEL_BYTES) {
    for (let j: usize = 0; j < PANEL_BYTES; j += 64) {
      let a0 = v128.load(a + j), a1 = v128.load(a + j, 16), a2 = v128.load(a + j, 32), a3 = v128.load(a + j, 48);
      const b0 = v128.load(b + j), b1 = v128.load(b + j, 16), b2 = v128.load(b + j, 32), b3 = v128.load(b + j, 48);
      if (mode == ADD) {
        a0 = f32x4.add(a0, b0); a1 = f32x4.add(a1, b1); a2 = f32x4.add(a2, b2); a3 = f32x4.add(a3, b3);
        v128.store(y + j, a0); v128.store(y + j, a1, 16); v128.store(y + j, a2, 32); v128.store(y + j, a3, 48);
        continue;
      }
      if (mode != AND) {
        a0 = f32x4.sub(one, a0); a1 = f32x4.sub(one, a1); a2 = f32x4.sub(one, a2); a3 = f32x4.sub(one, a3);
      }
      a0 = f32x4.mul(a0, b0); a1 = f32x4.mul(a1, b1); a2 = f32x4.mul(a2, b2); a3 = f32x4.mul(a3, b3);
      v128.store(y + j, a0); v128.store(y + j, a1, 16); v128.store(y + j, a2, 32); v128.store(y + j, a3, 48);
    }
    a += aNext;
    b += bNext;
  }
}

/** `and` and `iand` of spikes. */
function joinWords(a: usize, aHeld: bool, b: usize, bHeld: bool, samples: i32, T: i32, mode: i32, y: usize): void {
  const flip: u32 = mode == AND ? 0 : <u32>-1;
  if (!aHeld && !bHeld) {
    const flips = i32x4.splat(flip);
    for (let j: usize = 0; j < <usize>(samples * T) << 2; j += 16) {
      v128.store(y + j, v128.and(v128.xor(v128.load(a + j), flips), v128.load(b + j)));
    }
    return;
  }
  for (let n = 0; n < samples; n++) {
    for (let r = n * T; r < (n + 1) * T; r++) {
      const left = load<u32>(a + (<usize>(aHeld ? n : r) << 2)) ^ flip;
      store<u32>(y + (<usize>r << 2), left & load<u32>(b + (<usize>(bHeld ? n : r) << 2)));
    }
  }
}

/**
 * da = dy (b, or -b of iand), db = dy (a, or 1 - a). 0 a, 3 b, 6 dy, 9 da, 12 db, 15 scratch, 18 mode, 19 panels, 20 rows a sample
 * of dy, 21 a, 22 b, 23 dy, 24 da, 25 db panel bytes, 26 a, 27 b is spikes, 28 a, 29 b, 30 da, 31 db has one row a sample only.
 */
export function joinBackward(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, 20), iand = word(d, 18) != AND, room = operand(d, 15, chunk, thread);
  for (let q: usize = 0; q < <usize>word(d, 19); q++) {
    const a = operand(d, 0, chunk, thread) + q * address(d, 21), b = operand(d, 3, chunk, thread) + q * address(d, 22);
    const dy = operand(d, 6, chunk, thread) + q * address(d, 23);
    const da = operand(d, 9, chunk, thread) + q * address(d, 24), db = operand(d, 12, chunk, thread) + q * address(d, 25);
    if (address(d, 9)) {
      const values = asFloats(b, word(d, 27) != 0, samples * (word(d, 29) != 0 ? 1 : T), room);
      slopes(values, word(d, 29) != 0, iand ? -1 : 1, 0, dy, samples, T, da, word(d, 30) != 0);
    }
    if (address(d, 12)) {
      const values = asFloats(a, word(d, 26) != 0, samples * (word(d, 28) != 0 ? 1 : T), room);
      slopes(values, word(d, 28) != 0, iand ? -1 : 1, iand ? 1 : 0, dy, samples, T, db, word(d, 31) != 0);
    }
  }
}

/** out = dy (sign x + offset), summed over the steps of a sample where it has one row a sample. */
function slopes(
  x: usize, xHeld: bool, sign: f32, offset: f32, dy: usize, samples: i32, T: i32, out: usize, summed: bool,
): void {
  const s = f32x4.splat(sign), o = f32x4.splat(offset), next: usize = xHeld ? 0 : PANEL_BYTES;
  const outNext: usize = summed ? 0 : PANEL_BYTES;
  if (!xHeld && !summed) {
    for (let j: usize = 0; j < <usize>(samples * T) * PANEL_BYTES; j += 32) {
      const d0 = f32x4.mul(v128.load(dy + j), fma(s, v128.load(x + j), o));
      const d1 = f32x4.mul(v128.load(dy + j, 16), fma(s, v128.load(x + j, 16), o));
      v128.store(out + j, d0);
      v128.store(out + j, d1, 16);
    }
    return;
  }
  for (let n = 0; n < samples; n++) {
    if (summed) memory.fill(out, 0, PANEL_BYTES);
    for (let t = 0; t < T; t++) {
      for (let j: usize = 0; j < PANEL_BYTES; j += 32) {
        const from = summed ? out + j : ZEROS;
        const d0 = fma(v128.load(dy + j), fma(s, v128.load(x + j), o), v128.load(from));
        const d1 = fma(v128.load(dy + j, 16), fma(s, v128.load(x + j, 16), o), v128.load(from, 16));
        v128.store(out + j, d0);
        v128.store(out + j, d1, 16);
      }
      dy += PANEL_BYTES;
      x += next;
      out += outNext;
    }
    if (xHeld) x += PANEL_BYTES;
    if (summed) out += PANEL_BYTES;
  }
}

/** 0 a, 3 b, 6 y (may be a or b), 9 panels, 10 rows a sample of y, 11 a, 12 b, 13 y panel bytes, 14 a, 15 b rows for one of y; 0 rows: no b. */
export function accumulate(d: usize, chunk: i32, thread: i32): void {
  const rows = <usize>(samplesOf(chunk) * word(d, 10)), aSteps = <usize>word(d, 14), bSteps = <usize>word(d, 15);
  for (let q: usize = 0; q < <usize>word(d, 9); q++) {
    let a = operand(d, 0, chunk, thread) + q * address(d, 11), b = operand(d, 3, chunk, thread) + q * address(d, 12);
    const y = operand(d, 6, chunk, thread) + q * address(d, 13);
    if (aSteps == 1 && bSteps == 1) {
      for (let j: usize = 0; j < rows * PANEL_BYTES; j += 32) {
        const y0 = f32x4.add(v128.load(a + j), v128.load(b + j)), y1 = f32x4.add(v128.load(a + j, 16), v128.load(b + j, 16));
        v128.store(y + j, y0);
        v128.store(y + j, y1, 16);
      }
      continue;
    }
    for (let r: usize = 0; r < rows; r++) {
      for (let j: usize = 0; j < PANEL_BYTES; j += 16) {
        const sum = sumOfSteps(a + j, aSteps);
        v128.store(y + (r << 7) + j, bSteps ? f32x4.add(sum, sumOfSteps(b + j, bSteps)) : sum);
      }
      a += aSteps << 7;
      b += bSteps << 7;
    }
  }
}

// @ts-ignore: decorator
@inline
function sumOfSteps(x: usize, steps: usize): v128 {
  let sum = v128.load(x);
  for (let t: usize = 1; t < steps; t++) sum = f32x4.add(sum, v128.load(x + (t << 7)));
  return sum;
}
