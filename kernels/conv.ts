// Convolutions on maps. A map is stored pixel by pixel, [pixel][channel panel][row][32], so the data of a pixel for all rows of
// a chunk is one small matrix, and a convolution is, for every output pixel, a sum of matrix products over the pixels its
// window reads: no copies, and taps outside the map simply do not appear. Which pixels those are is a table, made once:
//   table: [start of each target pixel, one past the last], then segments of five words
//   segment: source pixel, tap, taps in a row (source pixels and taps both follow each other), source line, source column
// Every output is one chain: taps in the table's order, then channels.

import { address, operand, PANEL_BYTES, real, samplesOf, weightStride, word, ZEROS } from './memory';
import { gemmPanel } from './gemm';
import { addRows, addRows2, addScaledRows, addScaledRows2, countSpikes, expandPanel, LIST_SPARE, maskMatrix } from './events';

const SEGMENT: usize = 20;

/** Bytes of weights beyond which an output panel's weights are kept in cache and the map is streamed, not the other way round. */
const WEIGHTS_FIRST: usize = 262144;

/**
 * 0 x, 3 y, 6 weight, 7 bias, 8 input channels, 9 output panels, 10 rows a sample, 11 x panel bytes, 12 y panel bytes,
 * 13 x is spikes, 14 density above which the product is dense (f32), 15 scratch, 18 wide blocks, 19 table, 20 output pixels,
 * 21 input pixels, 22 input width, 23 weight rows, 24 output channels.
 * Scratch: starts of the lists, bits of a real input, lists, values; or the expanded input.
 */
export function conv(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 10);
  const x = operand(d, 0, chunk, thread), y = operand(d, 3, chunk, thread);
  const channels = word(d, 8), pixels = word(d, 21), panels = pixels * ((channels + 31) >> 5);
  const xStride = address(d, 11), spikes = word(d, 13) != 0;
  const scratch = operand(d, 15, chunk, thread), bitStride = <usize>rows << 2;
  const starts = scratch, lines = pixels / word(d, 22);
  const bitsOf = starts + ((<usize>(lines * rows * (word(d, 22) + 1) + 1) << 2) + 127 & ~127);
  const list = bitsOf + ((<usize>(panels * rows) << 2) + 127 & ~127);
  const bits = spikes ? x : bitsOf, bitsStride = spikes ? xStride : bitStride;
  if (!spikes) maskMatrix(x, panels, xStride, rows, bits, bitStride);
  const nonzero = countSpikes(bits, panels, bitsStride, rows);
  if (<f32>nonzero > real(d, 14) * <f32>(rows * pixels * channels)) {
    if (!spikes) return convProduct(d, rows, x, xStride, y);
    const padded = <usize>((rows + 5) / 6) * 6 * PANEL_BYTES, expanded = (scratch + 127) & ~127;
    for (let q = 0; q < panels; q++) expandPanel(x + <usize>q * xStride, rows, expanded + <usize>q * padded);
    return convProduct(d, rows, expanded, padded, y);
  }
  const entries = listLines(bits, word(d, 22), lines, (channels + 31) >> 5, bitsStride, rows, channels, starts, list);
  const values = list + (<usize>(entries + LIST_SPARE) << 2);
  if (!spikes) gatherLines(x, xStride, word(d, 22), lines, (channels + 31) >> 5, rows, channels, starts, list, values);
  convEvents(d, rows, spikes, starts, list, values, y);
}

/**
 * The gradient of the input: the same product with transposed weights and the table of input pixels.
 * 0 dy, 3 dx, 6 transposed weight, 7 zero, 8 output channels, 9 input panels, 10 rows a sample, 11 dy panel bytes,
 * 12 dx panel bytes, 18 wide blocks, 19 table, 20 input pixels, 23 weight rows, 24 input channels.
 */
export function convBackward(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 10);
  const dy = operand(d, 0, chunk, thread), dx = operand(d, 3, chunk, thread);
  convProduct(d, rows, dy, address(d, 11), dx);
}

function convProduct(d: usize, rows: i32, x: usize, xStride: usize, y: usize): void {
  const pixels = word(d, 20), outPanels = word(d, 9);
  if (weightStride(word(d, 23)) * <usize>outPanels > WEIGHTS_FIRST) {
    for (let p = 0; p < outPanels; p++) {
      for (let o = 0; o < pixels; o++) productPixel(d, rows, x, xStride, y, o, p);
    }
    return;
  }
  for (let o = 0; o < pixels; o++) {
    for (let p = 0; p < outPanels; p++) productPixel(d, rows, x, xStride, y, o, p);
  }
}

/** One output panel of one pixel. */
// @ts-ignore: decorator
@inline
function productPixel(d: usize, rows: i32, x: usize, xStride: usize, y: usize, o: i32, p: i32): void {
  const table = address(d, 19), wide = word(d, 18) != 0, channels = word(d, 8), xPanels = (channels + 31) >> 5;
  const bias = address(d, 7), out = y + <usize>(o * word(d, 9) + p) * address(d, 12), columns = min(32, word(d, 24) - (p << 5));
  const w = address(d, 6) + <usize>p * weightStride(word(d, 23));
  let init = bias ? bias + <usize>p * PANEL_BYTES : ZEROS, initStride: usize = 0;
  let s = <usize>load<u32>(table + (<usize>o << 2));
  const end = <usize>load<u32>(table + (<usize>o << 2), 4);
  if (s == end) return fillRows(rows, init, out);
  for (; s < end; s += SEGMENT) {
    let count = load<i32>(s, 8), tap = load<i32>(s, 4), source = load<i32>(s);
    // Taps of whole panels, or of a part of one, follow each other in both matrices: one product.
    const together = (channels & 31) == 0 || channels < 32 ? count : 1;
    for (; count > 0; count -= together) {
      gemmPanel(
        rows, x + <usize>(source * xPanels) * xStride, xStride, min(32, channels), channels * together, w + <usize>(tap * channels) * PANEL_BYTES, init,
        initStride, out, wide, columns,
      );
      init = out;
      initStride = PANEL_BYTES;
      source += together;
      tap += together;
    }
  }
}

function fillRows(rows: i32, init: usize, out: usize): void {
  for (let r = 0; r < rows; r++) {
    memory.copy(out, init, PANEL_BYTES);
    out += PANEL_BYTES;
  }
}

/**
 * Lists of a map line by line: for each line and row the nonzero entries, ascending, as (column * channels + channel) * 128, and
 * `starts` [line][row][column] with one start past the line's end. Returns their number.
 */
function listLines(
  bits: usize, width: i32, lines: i32, panels: i32, stride: usize, rows: i32, channels: i32, starts: usize, list: usize,
): i32 {
  let to = list;
  for (let line = 0; line < lines; line++) {
    const first = bits + <usize>(line * width * panels) * stride;
    for (let r = 0; r < rows; r++) {
      let p = first + (<usize>r << 2);
      for (let c = 0; c < width; c++) {
        store<u32>(starts, <u32>((to - list) >> 2));
        starts += 4;
        for (let q = 0; q < panels; q++) {
          let w = load<u32>(p);
          const base = <u32>(c * channels + (q << 5)) << 7;
          const end = to + (<usize>popcnt<u32>(w) << 2);
          while (w != 0) {
            store<u32>(to, base + (ctz<u32>(w) << 7)); w &= w - 1;
            store<u32>(to, base + (ctz<u32>(w) << 7), 4); w &= w - 1;
            store<u32>(to, base + (ctz<u32>(w) << 7), 8); w &= w - 1;
            store<u32>(to, base + (ctz<u32>(w) << 7), 12); w &= w - 1;
            to += 16;
          }
          to = end;
          p += stride;
        }
      }
      store<u32>(starts, <u32>((to - list) >> 2));
      starts += 4;
    }
  }
  return <i32>((to - list) >> 2);
}

/** The values at the entries of `listLines`, parallel to the list. */
function gatherLines(
  x: usize, stride: usize, width: i32, lines: i32, panels: i32, rows: i32, channels: i32, starts: usize, list: usize, values: usize,
): void {
  for (let line = 0; line < lines; line++) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < width; c++) {
        const pixel = x + <usize>((line * width + c) * panels) * stride + <usize>r * PANEL_BYTES;
        const base = <u32>(c * channels), end = <usize>load<u32>(starts, 4) << 2;
        for (let e = <usize>load<u32>(starts) << 2; e < end; e += 4) {
          const channel = <usize>((load<u32>(list + e) >> 7) - base);
          store<f32>(values + e, load<f32>(pixel + (channel >> 5) * stride + ((channel & 31) << 2)));
        }
        starts += 4;
      }
      starts += 4;
    }
  }
}

/**
 * One output panel of one pixel at a time, and of it one segment of the window for all rows: the weights of a segment stay in the
 * first-level cache, where those of the whole window would not.
 */
function convEvents(d: usize, rows: i32, spikes: bool, starts: usize, list: usize, values: usize, y: usize): void {
  const pixels = word(d, 20), outPanels = word(d, 9), yStride = address(d, 12), bias = address(d, 7);
  const table = address(d, 19), panelBytes = weightStride(word(d, 23)), tapBytes = <usize>word(d, 8) * PANEL_BYTES;
  const lineStarts = <usize>(word(d, 22) + 1) << 2;
  for (let o = 0; o < pixels; o++) {
    const s0 = <usize>load<u32>(table + (<usize>o << 2)), s1 = <usize>load<u32>(table + (<usize>o << 2), 4);
    for (let p = 0; p < outPanels; p++) {
      const out = y + <usize>(o * outPanels + p) * yStride, w = address(d, 6) + <usize>p * panelBytes;
      let init = bias ? bias + <usize>p * PANEL_BYTES : ZEROS, initStride: usize = 0;
      if (s0 == s1) fillRows(rows, init, out);
      for (let s = s0; s < s1; s += SEGMENT) {
        const first = starts + <usize>(load<i32>(s, 12) * rows) * lineStarts + (<usize>load<u32>(s, 16) << 2);
        // An entry counts from the line's first column: the base is where the weights of that column would be.
        const base = w + (<usize>load<u32>(s, 4) - <usize>load<u32>(s, 16)) * tapBytes;
        addSegment(rows, spikes, first, <usize>load<u32>(s, 8) << 2, lineStarts, list, values, base, init, initStride, out);
        init = out;
        initStride = PANEL_BYTES;
      }
    }
  }
}

/** y[row][32] = init + the weight rows of one segment, for every row; `width`: bytes from the start of a stretch to that of its end. */
function addSegment(
  rows: i32, spikes: bool, start: usize, width: usize, lineStarts: usize, list: usize, values: usize, w: usize, init: usize,
  initStride: usize, out: usize,
): void {
  for (let r = 0; r < rows; r += 2) {
    const a = <usize>load<u32>(start) << 2, n = <i32>(load<u32>(start + width) - load<u32>(start));
    if (r + 1 == rows) {
      if (spikes) addRows(n, list + a, w, init, out);
      else addScaledRows(n, list + a, values + a, w, init, out);
      return;
    }
    start += lineStarts;
    const b = <usize>load<u32>(start) << 2, m = <i32>(load<u32>(start + width) - load<u32>(start)), next = init + initStride;
    if (spikes) addRows2(n, list + a, m, list + b, w, init, next, out, out + PANEL_BYTES);
    else addScaledRows2(n, list + a, values + a, m, list + b, values + b, w, init, next, out, out + PANEL_BYTES);
    start += lineStarts;
    out += 2 * PANEL_BYTES;
    init = next + initStride;
  }
}

/**
 * One item: panel q of input channels of the transposed weights, [q][taps reversed][output][32 channels]: an input pixel then
 * meets its output pixels in ascending order. 0 weight, 1 transposed, 2 input channels, 3 output channels, 4 taps.
 */
export function convTranspose(d: usize, item: i32, thread: i32): void {
  const inputs = word(d, 2), outputs = word(d, 3), taps = word(d, 4);
  const to = address(d, 1) + <usize>item * weightStride(taps * outputs);
  const channels = min(32, inputs - (item << 5));
  for (let tap = 0; tap < taps; tap++) {
    const from = address(d, 0) + <usize>(tap * inputs + (item << 5)) * PANEL_BYTES;
    const target = to + <usize>((taps - 1 - tap) * outputs) * PANEL_BYTES;
    for (let o = 0; o < outputs; o++) {
      const source = from + <usize>(o >> 5) * weightStride(taps * inputs) + (<usize>(o & 31) << 2);
      const row = target + <usize>o * PANEL_BYTES;
      for (let c: usize = 0; c < <usize>channels; c++) store<f32>(row + (c << 2), load<f32>(source + c * PANEL_BYTES));
    }
  }
}
