// Adding weight rows for the spikes under a window. The spikes of a line of the map are one list, so a run of taps reads one
// stretch of it; an offset (column * channels + channel) * 128 becomes a weight row by a shift of the base alone.

// @ts-ignore: decorator
@inline
function rangeStart(s: usize, starts: usize, r: usize, rows: i32, lineStarts: usize): usize {
  return starts + (<usize>load<u32>(s, 12) * <usize>rows + r) * lineStarts + (<usize>load<u32>(s, 16) << 2);
}

/** The weight row that an entry of column 0, channel 0 would have. */
// @ts-ignore: decorator
@inline
function rangeBase(s: usize, w: usize, tapBytes: usize): usize {
  return w + (<usize>load<u32>(s, 4) - <usize>load<u32>(s, 16)) * tapBytes;
}

/** out[32] = init[32] + the listed rows of w, segments [s0, s1) of the table, for row r. */
// @ts-ignore: decorator
@inline
export function addRanges(
  s0: usize, s1: usize, starts: usize, r: usize, rows: i32, lineStarts: usize, tapBytes: usize, list: usize, w: usize, init: usize,
  out: usize,
): void {
  let a0 = v128.load(init), a1 = v128.load(init, 16), a2 = v128.load(init, 32), a3 = v128.load(init, 48);
  let a4 = v128.load(init, 64), a5 = v128.load(init, 80), a6 = v128.load(init, 96), a7 = v128.load(init, 112);
  for (let s = s0; s < s1; s += 20) {
    const at = rangeStart(s, starts, r, rows, lineStarts), base = rangeBase(s, w, tapBytes);
    let e = list + (<usize>load<u32>(at) << 2);
    const end = list + (<usize>load<u32>(at + (<usize>load<u32>(s, 8) << 2)) << 2);
    while (e < end) {
      const p = base + <usize>load<u32>(e);
      a0 = f32x4.add(a0, v128.load(p)); a1 = f32x4.add(a1, v128.load(p, 16));
      a2 = f32x4.add(a2, v128.load(p, 32)); a3 = f32x4.add(a3, v128.load(p, 48));
      a4 = f32x4.add(a4, v128.load(p, 64)); a5 = f32x4.add(a5, v128.load(p, 80));
      a6 = f32x4.add(a6, v128.load(p, 96)); a7 = f32x4.add(a7, v128.load(p, 112));
      e += 4;
    }
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, a2, 32); v128.store(out, a3, 48);
  v128.store(out, a4, 64); v128.store(out, a5, 80); v128.store(out, a6, 96); v128.store(out, a7, 112);
}

/** The same for two output panels at once, `panelBytes` apart in the weights: sixteen chains hide each other's latency. */
// @ts-ignore: decorator
@inline
export function addRanges2(
  s0: usize, s1: usize, starts: usize, r: usize, rows: i32, lineStarts: usize, tapBytes: usize, list: usize, w: usize,
  panelBytes: usize, init: usize, init2: usize, out: usize, out2: usize,
): void {
  let a0 = v128.load(init), a1 = v128.load(init, 16), a2 = v128.load(init, 32), a3 = v128.load(init, 48);
  let a4 = v128.load(init, 64), a5 = v128.load(init, 80), a6 = v128.load(init, 96), a7 = v128.load(init, 112);
  let b0 = v128.load(init2), b1 = v128.load(init2, 16), b2 = v128.load(init2, 32), b3 = v128.load(init2, 48);
  let b4 = v128.load(init2, 64), b5 = v128.load(init2, 80), b6 = v128.load(init2, 96), b7 = v128.load(init2, 112);
  for (let s = s0; s < s1; s += 20) {
    const at = rangeStart(s, starts, r, rows, lineStarts), base = rangeBase(s, w, tapBytes);
    let e = list + (<usize>load<u32>(at) << 2);
    const end = list + (<usize>load<u32>(at + (<usize>load<u32>(s, 8) << 2)) << 2);
    while (e < end) {
      const p = base + <usize>load<u32>(e), q = p + panelBytes;
      a0 = f32x4.add(a0, v128.load(p)); a1 = f32x4.add(a1, v128.load(p, 16));
      a2 = f32x4.add(a2, v128.load(p, 32)); a3 = f32x4.add(a3, v128.load(p, 48));
      a4 = f32x4.add(a4, v128.load(p, 64)); a5 = f32x4.add(a5, v128.load(p, 80));
      a6 = f32x4.add(a6, v128.load(p, 96)); a7 = f32x4.add(a7, v128.load(p, 112));
      b0 = f32x4.add(b0, v128.load(q)); b1 = f32x4.add(b1, v128.load(q, 16));
      b2 = f32x4.add(b2, v128.load(q, 32)); b3 = f32x4.add(b3, v128.load(q, 48));
      b4 = f32x4.add(b4, v128.load(q, 64)); b5 = f32x4.add(b5, v128.load(q, 80));
      b6 = f32x4.add(b6, v128.load(q, 96)); b7 = f32x4.add(b7, v128.load(q, 112));
      e += 4;
    }
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, a2, 32); v128.store(out, a3, 48);
  v128.store(out, a4, 64); v128.store(out, a5, 80); v128.store(out, a6, 96); v128.store(out, a7, 112);
  v128.store(out2, b0); v128.store(out2, b1, 16); v128.store(out2, b2, 32); v128.store(out2, b3, 48);
  v128.store(out2, b4, 64); v128.store(out2, b5, 80); v128.store(out2, b6, 96); v128.store(out2, b7, 112);
}

/** addRanges for entries with values. */
// @ts-ignore: decorator
@inline
export function addScaledRanges(
  s0: usize, s1: usize, starts: usize, r: usize, rows: i32, lineStarts: usize, tapBytes: usize, list: usize, values: usize, w: usize,
  init: usize, out: usize,
): void {
  let a0 = v128.load(init), a1 = v128.load(init, 16), a2 = v128.load(init, 32), a3 = v128.load(init, 48);
  let a4 = v128.load(init, 64), a5 = v128.load(init, 80), a6 = v128.load(init, 96), a7 = v128.load(init, 112);
  const shift = values - list;
  for (let s = s0; s < s1; s += 20) {
    const at = rangeStart(s, starts, r, rows, lineStarts), base = rangeBase(s, w, tapBytes);
    let e = list + (<usize>load<u32>(at) << 2);
    const end = list + (<usize>load<u32>(at + (<usize>load<u32>(s, 8) << 2)) << 2);
    while (e < end) {
      const p = base + <usize>load<u32>(e), v = v128.load_splat<f32>(e + shift);
      a0 = f32x4.relaxed_madd(v, v128.load(p), a0); a1 = f32x4.relaxed_madd(v, v128.load(p, 16), a1);
      a2 = f32x4.relaxed_madd(v, v128.load(p, 32), a2); a3 = f32x4.relaxed_madd(v, v128.load(p, 48), a3);
      a4 = f32x4.relaxed_madd(v, v128.load(p, 64), a4); a5 = f32x4.relaxed_madd(v, v128.load(p, 80), a5);
      a6 = f32x4.relaxed_madd(v, v128.load(p, 96), a6); a7 = f32x4.relaxed_madd(v, v128.load(p, 112), a7);
      e += 4;
    }
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, a2, 32); v128.store(out, a3, 48);
  v128.store(out, a4, 64); v128.store(out, a5, 80); v128.store(out, a6, 96); v128.store(out, a7, 112);
}
