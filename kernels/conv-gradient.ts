// The weight gradient of a convolution: dW[tap][channel] += x[pixel][row][channel] dy[output pixel][row], summed over chunks, then
// output pixels in scan order, then rows. Event by event, the spikes of a channel along a line of the map are one list of
// places in dy, good for every tap after a shift, and a row of dW stays in registers while its list is added.

import { address, H_CHUNKS, operand, PANEL_BYTES, real, samplesOf, weightStride, word } from './memory';
import { block4x16T } from './gemm';
import { addRows2, addScaledRows2, countSpikes, expandPanel, listColumns, listColumnsOfMatrix, nonzeroMask } from './events';

const IN_H = 17, IN_W = 18, OUT_H = 19, OUT_W = 20, KERNEL_H = 21, KERNEL_W = 22, STRIDE_H = 23, STRIDE_W = 24;
const PAD_H = 25, PAD_W = 26, DILATION_H = 27, DILATION_W = 28, GROUPS = 29, OUTPUTS = 30, ITEM_PANELS = 31;

/** Rows of x and dy that a register block runs over before the next one: both then stay in the first-level cache. */
const TILE_ROWS: i32 = 96;

/**
 * One item: panel q of input channels and a few output panels, all taps, all chunks in order.
 * 0 x, 3 dy, 6 dW, 7 input channels, 8 output panels, 9 rows a sample, 10 x panel bytes, 11 dy panel bytes, 12 x is spikes,
 * 13 density above which the product is dense (f32), 14 scratch, 17 window, 29 groups, 30 outputs, 31 output panels an item.
 */
export function convGradient(d: usize, item: i32, thread: i32): void {
  const outPanels = word(d, 8), each = word(d, ITEM_PANELS), groups = (outPanels + each - 1) / each;
  const q = item / groups, p0 = (item % groups) * each, p1 = min(outPanels, p0 + each);
  const chunks = load<i32>(H_CHUNKS), xPanels = (word(d, 7) + 31) >> 5, pixels = word(d, IN_H) * word(d, IN_W);
  for (let c = 0; c < chunks; c++) {
    const rows = samplesOf(c) * word(d, 9), stride = address(d, 10);
    const x = operand(d, 0, c, thread) + <usize>q * stride, dy = operand(d, 3, c, thread);
    const spikes = word(d, 12) != 0, pixelBytes = <usize>xPanels * stride;
    const nonzero = spikes ? countSpikes(x, pixels, pixelBytes, rows) : countValues(x, pixels, pixelBytes, rows);
    const channels = min(32, word(d, 7) - (q << 5));
    if (<f32>nonzero > real(d, 13) * <f32>(rows * pixels * channels)) product(d, rows, x, pixelBytes, dy, q, p0, p1, thread);
    else events(d, rows, x, pixelBytes, dy, q, p0, p1, thread);
  }
  if (word(d, GROUPS) > 1) clearOtherGroups(d, q, p0, p1);
}

function countValues(x: usize, pixels: i32, pixelBytes: usize, rows: i32): i32 {
  let n = 0;
  for (let i = 0; i < pixels; i++) {
    for (let r: usize = 0; r < <usize>rows; r++) n += popcnt<i32>(nonzeroMask(x + r * PANEL_BYTES));
    x += pixelBytes;
  }
  return n;
}

/** Remainder that is never negative. */
// @ts-ignore: decorator
@inline
function modulo(a: i32, n: i32): i32 {
  const m = a % n;
  return m < 0 ? m + n : m;
}

/** Scratch: counts [32], starts [column + 1][32], lists [32][capacity], values likewise. */
function events(d: usize, rows: i32, x: usize, pixelBytes: usize, dy: usize, q: i32, p0: i32, p1: i32, thread: i32): void {
  const scratch = operand(d, 14, 0, thread), inW = word(d, IN_W), stride = word(d, STRIDE_W);
  for (let iy = 0; iy < word(d, IN_H); iy++) {
    if (!lineIsRead(d, iy)) continue;
    for (let residue = 0; residue < min(stride, inW); residue++) {
      const columns = (inW - residue + stride - 1) / stride;
      let listed = false;
      for (let kx = 0; kx < word(d, KERNEL_W); kx++) {
        if (modulo(kx * word(d, DILATION_W) - word(d, PAD_W), stride) != residue) continue;
        if (!listed) listLine(d, rows, x + <usize>(iy * inW + residue) * pixelBytes, pixelBytes * <usize>stride, columns, scratch);
        listed = true;
        for (let ky = 0; ky < word(d, KERNEL_H); ky++) {
          const top = iy + word(d, PAD_H) - ky * word(d, DILATION_H), oy = top / word(d, STRIDE_H);
          if (top < 0 || top % word(d, STRIDE_H) != 0 || oy >= word(d, OUT_H)) continue;
          addLine(d, rows, dy, oy, (kx * word(d, DILATION_W) - word(d, PAD_W) - residue) / stride, columns, ky * word(d, KERNEL_W) + kx, q, p0, p1, scratch);
        }
      }
    }
  }
}

function lineIsRead(d: usize, iy: i32): bool {
  for (let ky = 0; ky < word(d, KERNEL_H); ky++) {
    const top = iy + word(d, PAD_H) - ky * word(d, DILATION_H);
    if (top >= 0 && top % word(d, STRIDE_H) == 0 && top / word(d, STRIDE_H) < word(d, OUT_H)) return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function capacityOf(columns: i32, rows: i32): usize {
  return <usize>(columns * rows + 24);
}

function listLine(d: usize, rows: i32, x: usize, pixelBytes: usize, columns: i32, scratch: usize): void {
  const starts = scratch + 128, list = starts + (<usize>columns + 1) * 128, capacity = capacityOf(columns, rows);
  const values = list + (capacity << 7), outBytes = <usize>word(d, 8) * address(d, 11), spikes = word(d, 12) != 0;
  memory.fill(scratch, 0, 128);
  for (let m: usize = 0; m < <usize>columns; m++) {
    memory.copy(starts + m * 128, scratch, 128);
    if (spikes) listColumns(x, rows, 0, 1, m * outBytes, scratch, list, capacity);
    else listColumnsOfMatrix(x, rows, m * outBytes, scratch, list, values, capacity);
    x += pixelBytes;
  }
  memory.copy(starts + <usize>columns * 128, scratch, 128);
}

/** One tap: column m of the listed line meets output column m - shift of line oy. */
function addLine(
  d: usize, rows: i32, dy: usize, oy: i32, shift: i32, columns: i32, tap: i32, q: i32, p0: i32, p1: i32, scratch: usize,
): void {
  const outPanels = word(d, 8), outW = word(d, OUT_W), spikes = word(d, 12) != 0, channels = word(d, 7);
  // ox = m - shift, where shift = (kx dilation - padding - residue) / stride taken from ix = ox stride - padding + kx dilation.
  const from = max(0, shift), to = min(columns, outW + shift);
  if (from >= to) return;
  const starts = scratch + 128, list = starts + (<usize>columns + 1) * 128, capacity = capacityOf(columns, rows) << 2;
  const values = list + (capacity << 5), features = min(32, channels - (q << 5));
  const weightRows = word(d, KERNEL_H) * word(d, KERNEL_W) * channels;
  const begin = starts + <usize>from * 128, end = starts + <usize>to * 128;
  for (let p = p0; p < p1; p++) {
    const base = dy + <usize>((oy * outW - shift) * outPanels + p) * address(d, 11);
    const dw = address(d, 6) + <usize>p * weightStride(weightRows) + <usize>(tap * channels + (q << 5)) * PANEL_BYTES;
    for (let f: usize = 0; f < <usize>features; f += 2) {
      const b0 = load<u32>(begin + (f << 2)), n0 = <i32>(load<u32>(end + (f << 2)) - b0);
      // The partner of an odd last channel is the next tap's row: it must not be touched.
      const pair = f + 1 < <usize>features;
      const b1 = load<u32>(begin + (f << 2), 4), n1 = pair ? <i32>(load<u32>(end + (f << 2), 4) - b1) : 0;
      if (n0 + n1 == 0) continue;
      const first = list + f * capacity + (<usize>b0 << 2), second = list + (f + 1) * capacity + (<usize>b1 << 2);
      const at = dw + f * PANEL_BYTES, next = at + PANEL_BYTES;
      if (!pair) addOne(spikes, n0, first, first + (values - list), base, at);
      else if (spikes) addRows2(n0, first, n1, second, base, at, next, at, next);
      else addScaledRows2(n0, first, first + (values - list), n1, second, second + (values - list), base, at, next, at, next);
    }
  }
}

function addOne(spikes: bool, n: i32, list: usize, values: usize, base: usize, at: usize): void {
  for (let j: usize = 0; j < PANEL_BYTES; j += 16) {
    let acc = v128.load(at + j);
    for (let e: usize = 0; e < <usize>n << 2; e += 4) {
      const v = v128.load(base + <usize>load<u32>(list + e) + j);
      acc = spikes ? f32x4.add(acc, v) : f32x4.relaxed_madd(v128.load_splat<f32>(values + e), v, acc);
    }
    v128.store(at + j, acc);
  }
}

/** The dense way: tiles of output pixels of a line, for each tap four channels by sixteen outputs in registers. */
function product(d: usize, rows: i32, x: usize, pixelBytes: usize, dy: usize, q: i32, p0: i32, p1: i32, thread: i32): void {
  const outW = word(d, OUT_W), tile = max(1, TILE_ROWS / rows), spikes = word(d, 12) != 0;
  const expanded = operand(d, 14, 0, thread), inW = word(d, IN_W), padded = <usize>rows * PANEL_BYTES;
  for (let oy = 0; oy < word(d, OUT_H); oy++) {
    for (let ky = 0; ky < word(d, KERNEL_H); ky++) {
      const iy = oy * word(d, STRIDE_H) - word(d, PAD_H) + ky * word(d, DILATION_H);
      if (iy < 0 || iy >= word(d, IN_H)) continue;
      let line = x + <usize>(iy * inW) * pixelBytes, bytes = pixelBytes;
      if (spikes) {
        for (let ix = 0; ix < inW; ix++) expandPanel(line + <usize>ix * pixelBytes, rows, expanded + <usize>ix * padded);
        line = expanded;
        bytes = padded;
      }
      for (let o = 0; o < outW; o += tile) productTile(d, rows, line, bytes, dy, oy, ky, o, min(outW, o + tile), q, p0, p1);
    }
  }
}

function productTile(
  d: usize, rows: i32, line: usize, bytes: usize, dy: usize, oy: i32, ky: i32, o0: i32, o1: i32, q: i32, p0: i32, p1: i32,
): void {
  const outPanels = word(d, 8), channels = word(d, 7), features = min(32, channels - (q << 5)), stride = word(d, STRIDE_W);
  const weightRows = word(d, KERNEL_H) * word(d, KERNEL_W) * channels, dyBytes = <usize>outPanels * address(d, 11);
  for (let kx = 0; kx < word(d, KERNEL_W); kx++) {
    const left = kx * word(d, DILATION_W) - word(d, PAD_W);
    let from = o0, to = o1;
    while (from < to && from * stride + left < 0) from++;
    while (to > from && (to - 1) * stride + left >= word(d, IN_W)) to--;
    if (from == to) continue;
    const xs = line + <usize>(from * stride + left) * bytes, tap = ky * word(d, KERNEL_W) + kx;
    for (let p = p0; p < p1; p++) {
      const dys = dy + <usize>((oy * word(d, OUT_W) + from) * outPanels + p) * address(d, 11);
      const dw = address(d, 6) + <usize>p * weightStride(weightRows) + <usize>(tap * channels + (q << 5)) * PANEL_BYTES;
      const both = word(d, OUTPUTS) - (p << 5) > 16;
      let f = 0;
      for (; f + 4 <= features; f += 4) {
        const at = dw + <usize>f * PANEL_BYTES, xf = xs + (<usize>f << 2);
        block4x16T(to - from, rows, xf, bytes * <usize>stride, dys, dyBytes, at);
        if (both) block4x16T(to - from, rows, xf, bytes * <usize>stride, dys + 64, dyBytes, at + 64);
      }
      for (; f < features; f++) oneChannel(to - from, rows, xs + (<usize>f << 2), bytes * <usize>stride, dys, dyBytes, dw + <usize>f * PANEL_BYTES);
    }
  }
}

/** c[32] += x dy for the channels that are left over when taken by fours. */
function oneChannel(pixels: i32, rows: i32, x: usize, xBytes: usize, dy: usize, dyBytes: usize, c: usize): void {
  let c0 = v128.load(c), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
  let c4 = v128.load(c, 64), c5 = v128.load(c, 80), c6 = v128.load(c, 96), c7 = v128.load(c, 112);
  for (let i = 0; i < pixels; i++) {
    let xp = x, p = dy;
    for (let r = 0; r < rows; r++) {
      const v = v128.load_splat<f32>(xp);
      c0 = f32x4.relaxed_madd(v, v128.load(p), c0); c1 = f32x4.relaxed_madd(v, v128.load(p, 16), c1);
      c2 = f32x4.relaxed_madd(v, v128.load(p, 32), c2); c3 = f32x4.relaxed_madd(v, v128.load(p, 48), c3);
      c4 = f32x4.relaxed_madd(v, v128.load(p, 64), c4); c5 = f32x4.relaxed_madd(v, v128.load(p, 80), c5);
      c6 = f32x4.relaxed_madd(v, v128.load(p, 96), c6); c7 = f32x4.relaxed_madd(v, v128.load(p, 112), c7);
      xp += PANEL_BYTES;
      p += PANEL_BYTES;
    }
    x += xBytes;
    dy += dyBytes;
  }
  v128.store(c, c0); v128.store(c, c1, 16); v128.store(c, c2, 32); v128.store(c, c3, 48);
  v128.store(c, c4, 64); v128.store(c, c5, 80); v128.store(c, c6, 96); v128.store(c, c7, 112);
}

/** Grouped weights are kept as one matrix, zero where input and output are of different groups; so are their gradients. */
function clearOtherGroups(d: usize, q: i32, p0: i32, p1: i32): void {
  const channels = word(d, 7), outputs = word(d, OUTPUTS), groups = word(d, GROUPS), taps = word(d, KERNEL_H) * word(d, KERNEL_W);
  const inEach = channels / groups, outEach = outputs / groups, features = min(32, channels - (q << 5));
  for (let p = p0; p < p1; p++) {
    for (let tap = 0; tap < taps; tap++) {
      const dw = address(d, 6) + <usize>p * weightStride(taps * channels) + <usize>(tap * channels + (q << 5)) * PANEL_BYTES;
      for (let f = 0; f < features; f++) {
        for (let o = p << 5; o < min(outputs, (p + 1) << 5); o++) {
          if (((q << 5) + f) / inEach != o / outEach) store<f32>(dw + <usize>f * PANEL_BYTES + (<usize>(o & 31) << 2), 0);
        }
      }
    }
  }
}
