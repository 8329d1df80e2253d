// Events: the nonzero entries of a chunk, as lists. A row list holds, for each row, the byte offsets (feature * 128) of its
// nonzero features within a weight panel; a column list holds, for each feature, the byte offsets (row * 128) of the rows
// that are nonzero there. Both ascend, so sums over them run in the order of the dense sums.

import { PANEL_BYTES } from './memory';

/** Number of spikes in the first `rows` rows of a bit matrix. */
export function countSpikes(bits: usize, panels: i32, panelStride: usize, rows: i32): i32 {
  let n = 0;
  for (let q = 0; q < panels; q++) {
    const end = bits + (<usize>rows << 2);
    for (let p = bits; p < end; p += 4) n += popcnt<i32>(load<i32>(p));
    bits += panelStride;
  }
  return n;
}

/** Nonzero entries among 32 values as a bit mask. */
// @ts-ignore: decorator
@inline
export function nonzeroMask(p: usize): u32 {
  const zero = f32x4.splat(0);
  const m0 = i32x4.bitmask(f32x4.ne(v128.load(p), zero)) | (i32x4.bitmask(f32x4.ne(v128.load(p, 16), zero)) << 4);
  const m1 = i32x4.bitmask(f32x4.ne(v128.load(p, 32), zero)) | (i32x4.bitmask(f32x4.ne(v128.load(p, 48), zero)) << 4);
  const m2 = i32x4.bitmask(f32x4.ne(v128.load(p, 64), zero)) | (i32x4.bitmask(f32x4.ne(v128.load(p, 80), zero)) << 4);
  const m3 = i32x4.bitmask(f32x4.ne(v128.load(p, 96), zero)) | (i32x4.bitmask(f32x4.ne(v128.load(p, 112), zero)) << 4);
  return m0 | (m1 << 8) | (m2 << 16) | (m3 << 24);
}

/** The bit matrix of nonzero entries of a panel matrix. */
export function maskMatrix(x: usize, panels: i32, panelStride: usize, rows: i32, bits: usize, bitStride: usize): void {
  for (let q = 0; q < panels; q++) {
    let p = x;
    for (let r = 0; r < rows; r++) {
      store<u32>(bits + (<usize>r << 2), nonzeroMask(p));
      p += PANEL_BYTES;
    }
    x += panelStride;
    bits += bitStride;
  }
}

/** Entries a list may be written past its end: they are noise, overwritten or never read. */
export const LIST_SPARE: i32 = 16;

/**
 * Appends the row lists of panels [first, last) of a bit matrix to `list`, which has n entries: `start[rows + 1]` (indices into
 * `list`), entries feature * 128. Returns the new n. Entries are stored eight at a time whether there are as many or not,
 * as loops of unpredictable length cost more.
 */
export function listRows(
  bits: usize, first: i32, last: i32, panelStride: usize, rows: i32, start: usize, list: usize, n: i32,
): i32 {
  let to = list + (<usize>n << 2);
  for (let r = 0; r < rows; r++) {
    store<u32>(start + (<usize>r << 2), <u32>((to - list) >> 2));
    let p = bits + <usize>first * panelStride + (<usize>r << 2);
    let base = <u32>first << 12;
    // Two panels at a time: loops of half as many unpredictable ends.
    for (let q = first; q < last; q += 2) {
      let w = <u64>load<u32>(p);
      if (q + 1 < last) w |= <u64>load<u32>(p + panelStride) << 32;
      const end = to + (<usize>popcnt<u64>(w) << 2);
      while (w != 0) {
        store<u32>(to, base + (<u32>ctz<u64>(w) << 7)); w &= w - 1;
        store<u32>(to, base + (<u32>ctz<u64>(w) << 7), 4); w &= w - 1;
        store<u32>(to, base + (<u32>ctz<u64>(w) << 7), 8); w &= w - 1;
        store<u32>(to, base + (<u32>ctz<u64>(w) << 7), 12); w &= w - 1;
        store<u32>(to, base + (<u32>ctz<u64>(w) << 7), 16); w &= w - 1;
        store<u32>(to, base + (<u32>ctz<u64>(w) << 7), 20); w &= w - 1;
        store<u32>(to, base + (<u32>ctz<u64>(w) << 7), 24); w &= w - 1;
        store<u32>(to, base + (<u32>ctz<u64>(w) << 7), 28); w &= w - 1;
        to += 32;
      }
      to = end;
      p += 2 * panelStride;
      base += 8192;
    }
  }
  store<u32>(start + (<usize>rows << 2), <u32>((to - list) >> 2));
  return <i32>((to - list) >> 2);
}

/** The values of a panel matrix at the entries of its row lists, parallel to `list`. */
export function gatherRows(x: usize, panelStride: usize, rows: i32, start: usize, list: usize, values: usize): void {
  for (let r = 0; r < rows; r++) {
    const end = <usize>load<u32>(start + (<usize>r << 2), 4) << 2;
    for (let e = <usize>load<u32>(start + (<usize>r << 2)) << 2; e < end; e += 4) {
      const feature = <usize>load<u32>(list + e) >> 7;
      store<f32>(values + e, load<f32>(x + (feature >> 5) * panelStride + <usize>r * PANEL_BYTES + ((feature & 31) << 2)));
    }
  }
}

/** Spikes of one panel as 0.0 and 1.0: x[row][32]. Bits become masks of bytes, and those are widened. */
export function expandPanel(bits: usize, rows: i32, x: usize): void {
  const one = f32x4.splat(1), places = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const low = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1), high = i8x16(2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  for (const end = bits + (<usize>rows << 2); bits < end; bits += 4) {
    const w = v128.load_splat<u32>(bits);
    const a = i8x16.eq(v128.and(i8x16.swizzle(w, low), places), places), b = i8x16.eq(v128.and(i8x16.swizzle(w, high), places), places);
    expandEight(i16x8.extend_low_i8x16_s(a), one, x);
    expandEight(i16x8.extend_high_i8x16_s(a), one, x + 32);
    expandEight(i16x8.extend_low_i8x16_s(b), one, x + 64);
    expandEight(i16x8.extend_high_i8x16_s(b), one, x + 96);
    x += PANEL_BYTES;
  }
}

// @ts-ignore: decorator
@inline
function expandEight(masks: v128, one: v128, x: usize): void {
  v128.store(x, v128.and(i32x4.extend_low_i16x8_s(masks), one));
  v128.store(x, v128.and(i32x4.extend_high_i16x8_s(masks), one), 16);
}

/** Bit `b` of word `a` to bit `a` of word `b`, for 32 words at `p`: halves, then quarters, ... of the square change places. */
export function transposeBits(p: usize): void {
  const high = i32x4.splat(0x0000ffff), bytes = i32x4.splat(0x00ff00ff), nibbles = i32x4.splat(0x0f0f0f0f);
  for (let i: usize = 0; i < 64; i += 16) exchange(p + i, p + i + 64, 16, high);
  for (let i: usize = 0; i < 128; i += 64) {
    exchange(p + i, p + i + 32, 8, bytes);
    exchange(p + i + 16, p + i + 48, 8, bytes);
  }
  const pairs = i32x4.splat(0x33333333), singles = i32x4.splat(0x55555555);
  for (let i = p; i < p + 128; i += 32) {
    exchange(i, i + 16, 4, nibbles);
    const x = v128.load(i), y = v128.load(i, 16);
    let a = v128.shuffle<i32>(x, y, 0, 1, 4, 5), b = v128.shuffle<i32>(x, y, 2, 3, 6, 7);
    const t = v128.and(v128.xor(i32x4.shr_u(a, 2), b), pairs);
    a = v128.xor(a, i32x4.shl(t, 2));
    b = v128.xor(b, t);
    let even = v128.shuffle<i32>(a, b, 0, 4, 2, 6), odd = v128.shuffle<i32>(a, b, 1, 5, 3, 7);
    const u = v128.and(v128.xor(i32x4.shr_u(even, 1), odd), singles);
    even = v128.xor(even, i32x4.shl(u, 1));
    odd = v128.xor(odd, u);
    v128.store(i, v128.shuffle<i32>(even, odd, 0, 4, 1, 5));
    v128.store(i, v128.shuffle<i32>(even, odd, 2, 6, 3, 7), 16);
  }
}

// @ts-ignore: decorator
@inline
function exchange(p: usize, q: usize, shift: i32, mask: v128): void {
  const x = v128.load(p), y = v128.load(q), t = v128.and(v128.xor(i32x4.shr_u(x, shift), y), mask);
  v128.store(p, v128.xor(x, i32x4.shl(t, shift)));
  v128.store(q, v128.xor(y, t));
}

/**
 * Appends to the column lists of one panel: for each of its 32 features, `base` + (row + shift) * 128 for every row where it
 * spiked. list[feature][capacity]; count[32]. Rows whose shifted partner falls outside their sample (T rows each) are left out.
 */
export function listColumns(
  bits: usize, rows: i32, shift: i32, T: i32, base: usize, count: usize, list: usize, capacity: usize,
): void {
  const stride = capacity << 2;
  for (let r = 0; r < rows; r++) {
    if (shift != 0 && r % T == T - 1) continue;
    let w = load<u32>(bits + (<usize>r << 2));
    const at = <u32>base + (<u32>(r + shift) << 7);
    while (w != 0) {
      const lane = <usize>ctz<u32>(w);
      const c = count + (lane << 2);
      const n = load<u32>(c);
      store<u32>(list + lane * stride + (<usize>n << 2), at);
      store<u32>(c, n + 1);
      w &= w - 1;
    }
  }
}

/** The same for one panel of a matrix, with the values beside. */
export function listColumnsOfMatrix(
  x: usize, rows: i32, base: usize, count: usize, list: usize, values: usize, capacity: usize,
): void {
  const stride = capacity << 2;
  for (let r = 0; r < rows; r++) {
    let w = nonzeroMask(x);
    while (w != 0) {
      const lane = <usize>ctz<u32>(w);
      const c = count + (lane << 2);
      const n = load<u32>(c);
      const slot = lane * stride + (<usize>n << 2);
      store<u32>(list + slot, <u32>base + (<u32>r << 7));
      store<f32>(values + slot, load<f32>(x + (lane << 2)));
      store<u32>(c, n + 1);
      w &= w - 1;
    }
    x += PANEL_BYTES;
  }
}

/** out[32] = init[32] + sum over the n listed rows of w[offset][32]. */
// @ts-ignore: decorator
@inline
export function addRows(n: i32, list: usize, w: usize, init: usize, out: usize): void {
  let a0 = v128.load(init), a1 = v128.load(init, 16), a2 = v128.load(init, 32), a3 = v128.load(init, 48);
  let a4 = v128.load(init, 64), a5 = v128.load(init, 80), a6 = v128.load(init, 96), a7 = v128.load(init, 112);
  const end = list + (<usize>n << 2);
  while (list < end) {
    const p = w + <usize>load<u32>(list);
    a0 = f32x4.add(a0, v128.load(p)); a1 = f32x4.add(a1, v128.load(p, 16));
    a2 = f32x4.add(a2, v128.load(p, 32)); a3 = f32x4.add(a3, v128.load(p, 48));
    a4 = f32x4.add(a4, v128.load(p, 64)); a5 = f32x4.add(a5, v128.load(p, 80));
    a6 = f32x4.add(a6, v128.load(p, 96)); a7 = f32x4.add(a7, v128.load(p, 112));
    list += 4;
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, a2, 32); v128.store(out, a3, 48);
  v128.store(out, a4, 64); v128.store(out, a5, 80); v128.store(out, a6, 96); v128.store(out, a7, 112);
}

/** out[32] = init[32] + sum over the n listed rows of value * w[offset][32]. */
// @ts-ignore: decorator
@inline
export function addScaledRows(n: i32, list: usize, values: usize, w: usize, init: usize, out: usize): void {
  let a0 = v128.load(init), a1 = v128.load(init, 16), a2 = v128.load(init, 32), a3 = v128.load(init, 48);
  let a4 = v128.load(init, 64), a5 = v128.load(init, 80), a6 = v128.load(init, 96), a7 = v128.load(init, 112);
  const end = list + (<usize>n << 2);
  while (list < end) {
    const p = w + <usize>load<u32>(list);
    const v = v128.load_splat<f32>(values);
    a0 = f32x4.relaxed_madd(v, v128.load(p), a0); a1 = f32x4.relaxed_madd(v, v128.load(p, 16), a1);
    a2 = f32x4.relaxed_madd(v, v128.load(p, 32), a2); a3 = f32x4.relaxed_madd(v, v128.load(p, 48), a3);
    a4 = f32x4.relaxed_madd(v, v128.load(p, 64), a4); a5 = f32x4.relaxed_madd(v, v128.load(p, 80), a5);
    a6 = f32x4.relaxed_madd(v, v128.load(p, 96), a6); a7 = f32x4.relaxed_madd(v, v128.load(p, 112), a7);
    list += 4;
    values += 4;
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, a2, 32); v128.store(out, a3, 48);
  v128.store(out, a4, 64); v128.store(out, a5, 80); v128.store(out, a6, 96); v128.store(out, a7, 112);
}

/**
 * addRows for two lists at once: two sets of independent chains keep the adders busy while each other's latency passes.
 * A chain's order is that of its own list, as in addRows.
 */
export function addRows2(n0: i32, list0: usize, n1: i32, list1: usize, w: usize, init0: usize, init1: usize, out0: usize, out1: usize): void {
  let a0 = v128.load(init0), a1 = v128.load(init0, 16), a2 = v128.load(init0, 32), a3 = v128.load(init0, 48);
  let a4 = v128.load(init0, 64), a5 = v128.load(init0, 80), a6 = v128.load(init0, 96), a7 = v128.load(init0, 112);
  let b0 = v128.load(init1), b1 = v128.load(init1, 16), b2 = v128.load(init1, 32), b3 = v128.load(init1, 48);
  let b4 = v128.load(init1, 64), b5 = v128.load(init1, 80), b6 = v128.load(init1, 96), b7 = v128.load(init1, 112);
  const common = <usize>min(n0, n1) << 2;
  for (let e: usize = 0; e < common; e += 4) {
    const p = w + <usize>load<u32>(list0 + e), q = w + <usize>load<u32>(list1 + e);
    a0 = f32x4.add(a0, v128.load(p)); a1 = f32x4.add(a1, v128.load(p, 16));
    a2 = f32x4.add(a2, v128.load(p, 32)); a3 = f32x4.add(a3, v128.load(p, 48));
    a4 = f32x4.add(a4, v128.load(p, 64)); a5 = f32x4.add(a5, v128.load(p, 80));
    a6 = f32x4.add(a6, v128.load(p, 96)); a7 = f32x4.add(a7, v128.load(p, 112));
    b0 = f32x4.add(b0, v128.load(q)); b1 = f32x4.add(b1, v128.load(q, 16));
    b2 = f32x4.add(b2, v128.load(q, 32)); b3 = f32x4.add(b3, v128.load(q, 48));
    b4 = f32x4.add(b4, v128.load(q, 64)); b5 = f32x4.add(b5, v128.load(q, 80));
    b6 = f32x4.add(b6, v128.load(q, 96)); b7 = f32x4.add(b7, v128.load(q, 112));
  }
  v128.store(out0, a0); v128.store(out0, a1, 16); v128.store(out0, a2, 32); v128.store(out0, a3, 48);
  v128.store(out0, a4, 64); v128.store(out0, a5, 80); v128.store(out0, a6, 96); v128.store(out0, a7, 112);
  v128.store(out1, b0); v128.store(out1, b1, 16); v128.store(out1, b2, 32); v128.store(out1, b3, 48);
  v128.store(out1, b4, 64); v128.store(out1, b5, 80); v128.store(out1, b6, 96); v128.store(out1, b7, 112);
  const done = <i32>(common >> 2);
  if (n0 > done) addRows(n0 - done, list0 + common, w, out0, out0);
  else if (n1 > done) addRows(n1 - done, list1 + common, w, out1, out1);
}

/** addScaledRows for two lists at once. */
export function addScaledRows2(
  n0: i32, list0: usize, values0: usize, n1: i32, list1: usize, values1: usize, w: usize, init0: usize, init1: usize, out0: usize,
  out1: usize,
): void {
  let a0 = v128.load(init0), a1 = v128.load(init0, 16), a2 = v128.load(init0, 32), a3 = v128.load(init0, 48);
  let a4 = v128.load(init0, 64), a5 = v128.load(init0, 80), a6 = v128.load(init0, 96), a7 = v128.load(init0, 112);
  let b0 = v128.load(init1), b1 = v128.load(init1, 16), b2 = v128.load(init1, 32), b3 = v128.load(init1, 48);
  let b4 = v128.load(init1, 64), b5 = v128.load(init1, 80), b6 = v128.load(init1, 96), b7 = v128.load(init1, 112);
  const common = <usize>min(n0, n1) << 2;
  for (let e: usize = 0; e < common; e += 4) {
    const p = w + <usize>load<u32>(list0 + e), q = w + <usize>load<u32>(list1 + e);
    const x = v128.load_splat<f32>(values0 + e), y = v128.load_splat<f32>(values1 + e);
    a0 = f32x4.relaxed_madd(x, v128.load(p), a0); a1 = f32x4.relaxed_madd(x, v128.load(p, 16), a1);
    a2 = f32x4.relaxed_madd(x, v128.load(p, 32), a2); a3 = f32x4.relaxed_madd(x, v128.load(p, 48), a3);
    a4 = f32x4.relaxed_madd(x, v128.load(p, 64), a4); a5 = f32x4.relaxed_madd(x, v128.load(p, 80), a5);
    a6 = f32x4.relaxed_madd(x, v128.load(p, 96), a6); a7 = f32x4.relaxed_madd(x, v128.load(p, 112), a7);
    b0 = f32x4.relaxed_madd(y, v128.load(q), b0); b1 = f32x4.relaxed_madd(y, v128.load(q, 16), b1);
    b2 = f32x4.relaxed_madd(y, v128.load(q, 32), b2); b3 = f32x4.relaxed_madd(y, v128.load(q, 48), b3);
    b4 = f32x4.relaxed_madd(y, v128.load(q, 64), b4); b5 = f32x4.relaxed_madd(y, v128.load(q, 80), b5);
    b6 = f32x4.relaxed_madd(y, v128.load(q, 96), b6); b7 = f32x4.relaxed_madd(y, v128.load(q, 112), b7);
  }
  v128.store(out0, a0); v128.store(out0, a1, 16); v128.store(out0, a2, 32); v128.store(out0, a3, 48);
  v128.store(out0, a4, 64); v128.store(out0, a5, 80); v128.store(out0, a6, 96); v128.store(out0, a7, 112);
  v128.store(out1, b0); v128.store(out1, b1, 16); v128.store(out1, b2, 32); v128.store(out1, b3, 48);
  v128.store(out1, b4, 64); v128.store(out1, b5, 80); v128.store(out1, b6, 96); v128.store(out1, b7, 112);
  const done = <i32>(common >> 2);
  if (n0 > done) addScaledRows(n0 - done, list0 + common, values0 + common, w, out0, out0);
  else if (n1 > done) addScaledRows(n1 - done, list1 + common, values1 + common, w, out1, out1);
}
