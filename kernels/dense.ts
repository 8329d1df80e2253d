// A fully connected layer on one chunk: y = bias + x W, dx = dy W^T, dW += x^T dy. Spikes and sparse analog inputs go event
// by event, dense ones through the matrix product; both sum in the same order, so the choice shows in the time only.

import { address, H_CHUNK_SAMPLES, H_CHUNKS, operand, PANEL_BYTES, real, samplesOf, weightStride, word, ZEROS } from './memory';
import { block4x16T, gemmPanel } from './gemm';
import {
  addRows, addRows2, addScaledRows, addScaledRows2, countSpikes, expandPanel, gatherRows, listColumns, listColumnsOfMatrix,
  LIST_SPARE, listRows, maskMatrix,
} from './events';

/** Panels of inputs one gradient item covers: dy is streamed once an item, so more is less traffic but coarser work. */
const GRADIENT_PANELS: i32 = 2;

/**
 * 0 x, 3 y, 6 weight, 7 bias, 8 inputs, 9 output panels, 10 rows a sample, 11 x panel bytes, 12 y panel bytes, 13 x is spikes,
 * 14 density above which the product is dense (f32), 15 scratch, 18 wide blocks.
 * Scratch: [rows + 1] starts a block of inputs, then either lists and values, or the expanded input.
 */
export function dense(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 10);
  const x = operand(d, 0, chunk, thread);
  const y = operand(d, 3, chunk, thread);
  const inputs = word(d, 8);
  const panels = (inputs + 31) >> 5;
  const xStride = address(d, 11);
  const spikes = word(d, 13) != 0;
  const scratch = operand(d, 15, chunk, thread);
  const start = scratch;
  const list = scratch + (<usize>(mostBlocks(panels) * (rows + 1)) << 2);
  const values = list + (<usize>(rows * inputs + LIST_SPARE) << 2);
  const bitStride = <usize>rows << 2;
  // The nonzero entries as bits: the spikes themselves, or a mask made where the values of the lists will be.
  const bits = spikes ? x : values;
  if (!spikes) maskMatrix(x, panels, xStride, rows, bits, bitStride);
  const bitsStride = spikes ? xStride : bitStride;
  const nonzero = countSpikes(bits, panels, bitsStride, rows);
  if (<f32>nonzero > real(d, 14) * <f32>(rows * inputs)) {
    if (!spikes) return denseProduct(d, rows, x, xStride, y);
    const padded = <usize>((rows + 5) / 6) * 6 * PANEL_BYTES;
    const expanded = (scratch + 127) & ~127;
    for (let q = 0; q < panels; q++) expandPanel(x + <usize>q * xStride, rows, expanded + <usize>q * padded);
    return denseProduct(d, rows, expanded, padded, y);
  }
  // Blocks of inputs whose weights stay in the first-level cache, unless a row would then have too few entries in each.
  const blocks = max(1, min(mostBlocks(panels), nonzero / max(1, rows * BLOCK_ENTRIES)));
  const width = (panels + blocks - 1) / blocks, startBytes = (<usize>rows + 1) << 2;
  for (let b = 0, n = 0; b < blocks; b++) {
    n = listRows(bits, min(panels, b * width), min(panels, (b + 1) * width), bitsStride, rows, start + <usize>b * startBytes, list, n);
  }
  if (!spikes) for (let b = 0; b < blocks; b++) gatherRows(x, xStride, rows, start + <usize>b * startBytes, list, values);
  denseEvents(d, rows, spikes, blocks, start, list, values, y);
}

/** Panels of inputs in a block: 16 KiB of the weights of an output panel. */
const BLOCK_PANELS: i32 = 4;
/** Entries of a row in a block below which blocks cost more than they gain. */
const BLOCK_ENTRIES: i32 = 48;

// @ts-ignore: decorator
@inline
function mostBlocks(panels: i32): i32 {
  return (panels + BLOCK_PANELS - 1) / BLOCK_PANELS;
}

function denseProduct(d: usize, rows: i32, x: usize, xStride: usize, y: usize): void {
  const inputs = word(d, 8);
  const outPanels = word(d, 9);
  const yStride = address(d, 12);
  const bias = address(d, 7);
  const wide = word(d, 18) != 0;
  let w = address(d, 6);
  for (let p = 0; p < outPanels; p++) {
    gemmPanel(rows, x, xStride, 32, inputs, w, bias ? bias + <usize>p * PANEL_BYTES : ZEROS, 0, y, wide, 32);
    y += yStride;
    w += weightStride(inputs);
  }
}

function denseEvents(d: usize, rows: i32, spikes: bool, blocks: i32, start: usize, list: usize, values: usize, y: usize): void {
  const inputs = word(d, 8);
  const outPanels = word(d, 9);
  const yStride = address(d, 12);
  const bias = address(d, 7);
  const startBytes = (<usize>rows + 1) << 2;
  let w = address(d, 6);
  for (let p = 0; p < outPanels; p++) {
    const init = bias ? bias + <usize>p * PANEL_BYTES : ZEROS;
    eventRows(rows, spikes, start, list, values, w, init, 0, y);
    for (let b = 1; b < blocks; b++) eventRows(rows, spikes, start + <usize>b * startBytes, list, values, w, y, PANEL_BYTES, y);
    y += yStride;
    w += weightStride(inputs);
  }
}

/** y[rows][32] = init + the listed rows of w; `init` is advanced by `initStride` bytes a row (0: a bias, 128: y itself). */
function eventRows(
  rows: i32, spikes: bool, start: usize, list: usize, values: usize, w: usize, init: usize, initStride: usize, out: usize,
): void {
  for (let r = 0; r < rows; r += 2) {
    const at = start + (<usize>r << 2);
    const first = <usize>load<u32>(at) << 2, second = <usize>load<u32>(at, 4) << 2;
    const n = <i32>((second - first) >> 2);
    if (r + 1 == rows) {
      if (spikes) addRows(n, list + first, w, init, out);
      else addScaledRows(n, list + first, values + first, w, init, out);
      return;
    }
    const m = load<i32>(at, 8) - load<i32>(at, 4), next = init + initStride;
    if (spikes) addRows2(n, list + first, m, list + second, w, init, next, out, out + PANEL_BYTES);
    else addScaledRows2(n, list + first, values + first, m, list + second, values + second, w, init, next, out, out + PANEL_BYTES);
    out += 2 * PANEL_BYTES;
    init = next + initStride;
  }
}

/** 0 dy, 3 dx, 6 transposed weight, 7 outputs, 8 input panels, 9 rows a sample, 10 dy panel bytes, 11 dx panel bytes, 12 wide. */
export function denseBackward(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 9);
  const dy = operand(d, 0, chunk, thread);
  let dx = operand(d, 3, chunk, thread);
  const outputs = word(d, 7);
  const inPanels = word(d, 8);
  const wide = word(d, 12) != 0;
  let w = address(d, 6);
  for (let q = 0; q < inPanels; q++) {
    gemmPanel(rows, dy, address(d, 10), 32, outputs, w, ZEROS, 0, dx, wide, 32);
    dx += address(d, 11);
    w += weightStride(outputs);
  }
}

/** Items of `denseGradient` for a layer of `inputs` inputs. */
export function gradientItems(inputs: i32): i32 {
  return (((inputs + 31) >> 5) + GRADIENT_PANELS - 1) / GRADIENT_PANELS;
}

/**
 * One item: a few panels of inputs, all outputs, all chunks in order, a group of chunks at a time: enough rows for the lists to
 * be long, few enough for a panel of dy to stay in the first-level cache.
 * 0 x, 3 dy, 6 dW, 7 inputs, 8 output panels, 9 rows a sample, 10 x panel bytes, 11 dy panel bytes, 12 x is spikes,
 * 13 density above which the product is dense (f32), 14 scratch, 17 shift, 18 time steps, 19 chunks a group.
 */
export function denseGradient(d: usize, item: i32, thread: i32): void {
  const panels = (word(d, 7) + 31) >> 5;
  const first = item * GRADIENT_PANELS;
  const last = min(panels, first + GRADIENT_PANELS);
  const chunks = load<i32>(H_CHUNKS), group = word(d, 19);
  for (let c = 0; c < chunks; c += group) {
    for (let q = first; q < last; q++) gradientPanel(d, c, min(chunks, c + group), q, thread);
  }
}

function gradientPanel(d: usize, c0: i32, c1: i32, q: i32, thread: i32): void {
  const perSample = word(d, 9), spikes = word(d, 12) != 0, shift = word(d, 17);
  const capacity = <usize>((c1 - c0) * load<i32>(H_CHUNK_SAMPLES) * perSample);
  const counts = operand(d, 14, 0, thread), list = counts + 128, values = list + (capacity << 7);
  const chunkBytes = address(d, 4), xPanel = <usize>q * address(d, 10);
  memory.fill(counts, 0, 128);
  let rows = 0;
  for (let c = c0; c < c1; c++) {
    const x = operand(d, 0, c, thread) + xPanel, n = samplesOf(c) * perSample, base = <usize>(c - c0) * chunkBytes;
    if (spikes) listColumns(x, n, shift, word(d, 18), base, counts, list, capacity);
    else listColumnsOfMatrix(x, n, base, counts, list, values, capacity);
    rows += n;
  }
  let nonzero = 0;
  for (let f: usize = 0; f < 128; f += 4) nonzero += load<i32>(counts + f);
  if (shift == 0 && <f32>nonzero > real(d, 13) * <f32>(rows << 5)) return gradientProduct(d, c0, c1, q, thread);
  const inputs = word(d, 7), features = min(32, inputs - (q << 5));
  let dy = operand(d, 3, c0, thread), dw = address(d, 6) + <usize>(q << 5) * PANEL_BYTES;
  for (let p = 0; p < word(d, 8); p++) {
    for (let f = 0; f < features; f += 2) {
      // Rows of dW come in fours, so the partner of an odd last feature is a padding row with an empty list.
      const n = load<i32>(counts + (<usize>f << 2)), m = load<i32>(counts + (<usize>f << 2), 4);
      if (n + m == 0) continue;
      const at = dw + <usize>f * PANEL_BYTES, next = at + PANEL_BYTES;
      const first = (<usize>f * capacity) << 2, second = first + (capacity << 2);
      if (spikes) addRows2(n, list + first, m, list + second, dy, at, next, at, next);
      else addScaledRows2(n, list + first, values + first, m, list + second, values + second, dy, at, next, at, next);
    }
    dy += address(d, 11);
    dw += weightStride(inputs);
  }
}

/** The dense way, chunk by chunk. */
function gradientProduct(d: usize, c0: i32, c1: i32, q: i32, thread: i32): void {
  const inputs = word(d, 7), features = min(32, inputs - (q << 5)), spikes = word(d, 12) != 0;
  const expanded = operand(d, 14, 0, thread);
  for (let c = c0; c < c1; c++) {
    const rows = samplesOf(c) * word(d, 9);
    let x = operand(d, 0, c, thread) + <usize>q * address(d, 10);
    if (spikes) {
      expandPanel(x, rows, expanded);
      x = expanded;
    }
    let dy = operand(d, 3, c, thread), dw = address(d, 6) + <usize>(q << 5) * PANEL_BYTES;
    for (let p = 0; p < word(d, 8); p++) {
      for (let f = 0; f < features; f += 4) {
        const at = dw + <usize>f * PANEL_BYTES;
        block4x16T(1, rows, x + (<usize>f << 2), 0, dy, 0, at);
        block4x16T(1, rows, x + (<usize>f << 2), 0, dy + 64, 0, at + 64);
      }
      dy += address(d, 11);
      dw += weightStride(inputs);
    }
  }
}

/**
 * One item: half a panel of channels. dVector += sum of dy's rows, of all pixels in turn; rows of a map's pixel are summed by
 * themselves first, as there are many. 0 dy, 3 dVector, 4 rows a sample, 5 dy panel bytes, 6 pixels, 7 panels a pixel.
 */
export function sumGradient(d: usize, item: i32, thread: i32): void {
  const out = address(d, 3) + <usize>item * 64, half = <usize>(item & 1) << 6;
  const chunks = load<i32>(H_CHUNKS), pixels = <usize>word(d, 6), next = <usize>word(d, 7) * address(d, 5);
  for (let c = 0; c < chunks; c++) {
    let p = operand(d, 0, c, thread) + <usize>(item >> 1) * address(d, 5) + half;
    const bytes = <usize>(samplesOf(c) * word(d, 4)) * PANEL_BYTES;
    if (pixels == 1) addRowsTo(p, bytes, out, out);
    else for (let k: usize = 0; k < pixels; k++) {
      addRowsTo(p, bytes, ZEROS, out);
      p += next;
    }
  }
}

/** out[16] += sum of rows; one chain begun from out where init is out, else of zeros. */
function addRowsTo(p: usize, bytes: usize, init: usize, out: usize): void {
  let a0 = v128.load(init), a1 = v128.load(init, 16), a2 = v128.load(init, 32), a3 = v128.load(init, 48);
  for (const end = p + bytes; p < end; p += PANEL_BYTES) {
    a0 = f32x4.add(a0, v128.load(p)); a1 = f32x4.add(a1, v128.load(p, 16));
    a2 = f32x4.add(a2, v128.load(p, 32)); a3 = f32x4.add(a3, v128.load(p, 48));
  }
  if (init != out) {
    a0 = f32x4.add(v128.load(out), a0); a1 = f32x4.add(v128.load(out, 16), a1);
    a2 = f32x4.add(v128.load(out, 32), a2); a3 = f32x4.add(v128.load(out, 48), a3);
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, a2, 32); v128.store(out, a3, 48);
}

/**
 * One item: one panel. dScale += sum over t >= 1 of spikes[t - 1] dy[t] (one-to-one recurrence).
 * 0 spikes, 3 dy, 6 dScale, 7 time steps, 8 spikes panel bytes, 9 dy panel bytes.
 */
export function scaleGradient(d: usize, item: i32, thread: i32): void {
  const out = address(d, 6) + <usize>item * PANEL_BYTES;
  const T = word(d, 7);
  const chunks = load<i32>(H_CHUNKS);
  for (let c = 0; c < chunks; c++) {
    const bits = operand(d, 0, c, thread) + <usize>item * address(d, 8);
    const dy = operand(d, 3, c, thread) + <usize>item * address(d, 9);
    const rows = samplesOf(c) * T;
    for (let r = 0; r < rows; r++) {
      if (r % T == 0) continue;
      let w = load<u32>(bits + (<usize>(r - 1) << 2));
      while (w != 0) {
        const lane = <usize>ctz<u32>(w) << 2;
        store<f32>(out + lane, load<f32>(out + lane) + load<f32>(dy + <usize>r * PANEL_BYTES + lane));
        w &= w - 1;
      }
    }
  }
}
