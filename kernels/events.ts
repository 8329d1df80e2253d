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

/** Row lists of a bit matrix: `start[rows + 1]` (indices into `list`), `list` of feature * 128. */
export function listRows(bits: usize, panels: i32, panelStride: usize, rows: i32, start: usize, list: usize): void {
  let n: usize = 0;
  for (let r = 0; r < rows; r++) {
    store<u32>(start + (<usize>r << 2), <u32>n);
    let p = bits + (<usize>r << 2);
    let base: u32 = 0;
    for (let q = 0; q < panels; q++) {
      let w = load<u32>(p);
      while (w != 0) {
        store<u32>(list + (n << 2), base + (ctz<u32>(w) << 7));
        n++;
        w &= w - 1;
      }
      p += panelStride;
      base += 4096;
    }
  }
  store<u32>(start + (<usize>rows << 2), <u32>n);
}

/** The same with the values of a panel matrix beside each entry: `values` parallel to `list`. */
export function listRowsOfMatrix(
  x: usize, panels: i32, panelStride: usize, rows: i32, start: usize, list: usize, values: usize,
): void {
  let n: usize = 0;
  for (let r = 0; r < rows; r++) {
    store<u32>(start + (<usize>r << 2), <u32>n);
    let p = x + <usize>r * PANEL_BYTES;
    let base: u32 = 0;
    for (let q = 0; q < panels; q++) {
      let w = nonzeroMask(p);
      while (w != 0) {
        const lane = ctz<u32>(w);
        store<u32>(list + (n << 2), base + (lane << 7));
        store<f32>(values + (n << 2), load<f32>(p + (<usize>lane << 2)));
        n++;
        w &= w - 1;
      }
      p += panelStride;
      base += 4096;
    }
  }
  store<u32>(start + (<usize>rows << 2), <u32>n);
}

/** Spikes of one panel as 0.0 and 1.0: x[row][32]. */
export function expandPanel(bits: usize, rows: i32, x: usize): void {
  const one = f32x4.splat(1);
  const lanes = i32x4(1, 2, 4, 8);
  for (let r = 0; r < rows; r++) {
    const w = load<u32>(bits + (<usize>r << 2));
    for (let j: usize = 0; j < 8; j++) {
      const nibble = i32x4.splat(<i32>((w >> (<u32>j << 2)) & 15));
      v128.store(x + (j << 4), v128.and(i32x4.eq(v128.and(nibble, lanes), lanes), one));
    }
    x += PANEL_BYTES;
  }
}

/**
 * Column lists of one panel: for each of its 32 features, the rows where it spiked, as (row + shift) * 128.
 * list[feature][capacity]; count[32]. Rows whose shifted partner falls outside their sample (T rows each) are left out.
 */
export function listColumns(
  bits: usize, rows: i32, shift: i32, T: i32, count: usize, list: usize, capacity: usize,
): void {
  memory.fill(count, 0, 128);
  const stride = capacity << 2;
  for (let r = 0; r < rows; r++) {
    if (shift != 0 && r % T == T - 1) continue;
    let w = load<u32>(bits + (<usize>r << 2));
    const at = <u32>(r + shift) << 7;
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
  x: usize, rows: i32, count: usize, list: usize, values: usize, capacity: usize,
): void {
  memory.fill(count, 0, 128);
  const stride = capacity << 2;
  for (let r = 0; r < rows; r++) {
    let w = nonzeroMask(x);
    while (w != 0) {
      const lane = <usize>ctz<u32>(w);
      const c = count + (lane << 2);
      const n = load<u32>(c);
      const slot = lane * stride + (<usize>n << 2);
      store<u32>(list + slot, <u32>r << 7);
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
