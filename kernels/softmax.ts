// Softmax over the features of a row: y = exp(x - max x) / sum; dx = y (dy - sum dy y). Lanes past the last feature hold zeros.

import { address, operand, PANEL_BYTES, samplesOf, word } from './memory';
import { exp4 } from './elementary';

/** 0 x, 3 y, 6 features, 7 rows a sample, 8 x, 9 y panel bytes. */
export function softmax(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 7), features = word(d, 6);
  for (let r: usize = 0; r < <usize>rows; r++) {
    const x = operand(d, 0, chunk, thread) + r * PANEL_BYTES, y = operand(d, 3, chunk, thread) + r * PANEL_BYTES;
    let top = f32x4.splat(-Infinity);
    for (let f = 0; f < features; f += 4) {
      const v = v128.load(x + place(f, address(d, 8)));
      top = f32x4.pmax(top, v128.bitselect(v, f32x4.splat(-Infinity), valid(features - f)));
    }
    top = f32x4.pmax(top, v128.shuffle<i32>(top, top, 2, 3, 0, 1));
    top = f32x4.pmax(top, v128.shuffle<i32>(top, top, 1, 0, 3, 2));
    let sum = f32x4.splat(0);
    for (let f = 0; f < (features + 31 & ~31); f += 4) {
      const e = v128.and(exp4(f32x4.sub(v128.load(x + place(f, address(d, 8))), top)), valid(features - f));
      sum = f32x4.add(sum, e);
      v128.store(y + place(f, address(d, 9)), e);
    }
    const total = f32x4.splat(total4(sum));
    for (let f = 0; f < features; f += 4) {
      const at = y + place(f, address(d, 9));
      v128.store(at, f32x4.div(v128.load(at), total));
    }
  }
}

/** 0 y, 3 dy, 6 dx, 9 panels, 10 rows a sample, 11 y, 12 dy, 13 dx panel bytes. */
export function softmaxBackward(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 10), lanes = word(d, 9) << 5;
  for (let r: usize = 0; r < <usize>rows; r++) {
    const y = operand(d, 0, chunk, thread) + r * PANEL_BYTES, dy = operand(d, 3, chunk, thread) + r * PANEL_BYTES;
    const dx = operand(d, 6, chunk, thread) + r * PANEL_BYTES;
    const own = f32x4.splat(atLargest(y, address(d, 11), dy, address(d, 12), lanes));
    let sum = f32x4.splat(0);
    for (let f = 0; f < lanes; f += 4) {
      const g = f32x4.sub(v128.load(dy + place(f, address(d, 12))), own);
      sum = f32x4.add(sum, f32x4.mul(v128.load(y + place(f, address(d, 11))), g));
    }
    const total = f32x4.splat(total4(sum));
    for (let f = 0; f < lanes; f += 4) {
      const g = f32x4.sub(f32x4.sub(v128.load(dy + place(f, address(d, 12))), own), total);
      v128.store(dx + place(f, address(d, 13)), f32x4.mul(v128.load(y + place(f, address(d, 11))), g));
    }
  }
}

/** dy where y is largest. Counted from there nothing cancels, however close to 1 that y is. */
function atLargest(y: usize, yBytes: usize, dy: usize, dyBytes: usize, lanes: i32): f32 {
  let best = v128.load(y), own = v128.load(dy);
  for (let f = 4; f < lanes; f += 4) {
    const v = v128.load(y + place(f, yBytes)), more = f32x4.gt(v, best);
    own = v128.bitselect(v128.load(dy + place(f, dyBytes)), own, more);
    best = v128.bitselect(v, best, more);
  }
  let most = f32x4.extract_lane(best, 0), value = f32x4.extract_lane(own, 0);
  if (f32x4.extract_lane(best, 1) > most) { most = f32x4.extract_lane(best, 1); value = f32x4.extract_lane(own, 1); }
  if (f32x4.extract_lane(best, 2) > most) { most = f32x4.extract_lane(best, 2); value = f32x4.extract_lane(own, 2); }
  return f32x4.extract_lane(best, 3) > most ? f32x4.extract_lane(own, 3) : value;
}

/** Bytes from a row's first feature to feature f. */
// @ts-ignore: decorator
@inline
function place(f: i32, panelBytes: usize): usize {
  return <usize>(f >> 5) * panelBytes + (<usize>(f & 31) << 2);
}

/** Masks of the first n lanes. */
// @ts-ignore: decorator
@inline
function valid(n: i32): v128 {
  return i32x4.gt_s(i32x4.splat(n), i32x4(0, 1, 2, 3));
}

// @ts-ignore: decorator
@inline
function total4(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
