// The input's gradient of a 3x3 convolution with stride 1, by Winograd's F(2x2, 3x3) (Lavin and Gray 2016): 16 products a tile of
// 2x2 pixels where the direct way takes 36. Only the backward pass takes it: a forward pass must give the same bits whether it
// runs densely or event by event. A tile of a map is 4x4 small matrices, so the transforms are sums of whole pixels.
//   V = B' d B, M = V U for each of 16 positions, dx = A' M A, U = G w G' made once after each update.

import { address, operand, PANEL_BYTES, samplesOf, weightStride, word, ZEROS } from './memory';
import { gemmPanel } from './gemm';

/**
 * 0 dy, 3 dx, 6 U, 7 output channels, 8 panels of input channels, 9 rows a sample, 10 dy panel bytes, 11 dx panel bytes,
 * 12 scratch, 15 wide blocks, 16 height and 17 width of dy, 18 height and 19 width of dx, 20 and 21 what stands above and left of
 * dy, 22 input channels, 23 tiles at a time.
 * Scratch: addresses of a tile's pixels, rows of zeros, V [position][panel][tile][row][32], M [position][tile][row][32].
 */
export function winogradBackward(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 9), block = <usize>((rows + 5) / 6) * 6 * PANEL_BYTES;
  const scratch = operand(d, 12, chunk, thread), zeros = scratch + 128, V = zeros + block;
  const tiles = word(d, 23), panels = (word(d, 7) + 31) >> 5, M = V + <usize>(16 * panels * tiles) * block;
  const columns = (word(d, 19) + 1) >> 1;
  memory.fill(zeros, 0, block);
  for (let ty = 0; ty << 1 < word(d, 18); ty++) {
    for (let tx = 0; tx < columns; tx += tiles) {
      const n = min(tiles, columns - tx);
      for (let k = 0; k < n; k++) transformTile(d, chunk, thread, ty, tx + k, k, tiles, block, scratch, zeros, V);
      for (let q = 0; q < word(d, 8); q++) {
        multiply(d, n, tiles, panels, block, q, V, M);
        for (let k = 0; k < n; k++) gatherTile(d, chunk, thread, ty, tx + k, q, M + <usize>k * block, <usize>tiles * block, rows);
      }
    }
  }
}

/** M of input panel q, for the tiles at hand. */
function multiply(d: usize, n: i32, tiles: i32, panels: i32, block: usize, q: i32, V: usize, M: usize): void {
  const outputs = word(d, 7), rows = n * <i32>(block / PANEL_BYTES), columns = min(32, word(d, 22) - (q << 5));
  const panelBytes = <usize>tiles * block, positionU = <usize>word(d, 8) * weightStride(outputs);
  let u = address(d, 6) + <usize>q * weightStride(outputs);
  for (let k = 0; k < 16; k++) {
    gemmPanel(rows, V, panelBytes, 32, outputs, u, ZEROS, 0, M, word(d, 15) != 0, columns);
    V += <usize>panels * panelBytes;
    M += panelBytes;
    u += positionU;
  }
}

/** V of tile k of those at hand, all panels of output channels. */
function transformTile(
  d: usize, chunk: i32, thread: i32, ty: i32, tx: i32, k: i32, tiles: i32, block: usize, places: usize, zeros: usize, V: usize,
): void {
  const panels = (word(d, 7) + 31) >> 5, dy = operand(d, 0, chunk, thread), height = word(d, 16), width = word(d, 17);
  const top = (ty << 1) - word(d, 20), left = (tx << 1) - word(d, 21), positionBytes = <usize>(panels * tiles) * block;
  for (let p = 0; p < panels; p++) {
    for (let i = 0; i < 16; i++) {
      const y = top + (i >> 2), x = left + (i & 3), inside = y >= 0 && y < height && x >= 0 && x < width;
      store<u32>(places + (<usize>i << 2), <u32>(inside ? dy + <usize>((y * width + x) * panels + p) * address(d, 10) : zeros));
    }
    const to = V + <usize>(p * tiles + k) * block;
    // Rows of B' d: d0 - d2, d1 + d2, d2 - d1, d1 - d3.
    differences(places, places + 32, block, to, positionBytes);
    sums(places + 16, places + 32, block, to + 4 * positionBytes, positionBytes);
    differences(places + 32, places + 16, block, to + 8 * positionBytes, positionBytes);
    differences(places + 16, places + 48, block, to + 12 * positionBytes, positionBytes);
  }
}

/** One row of V, four positions, from the differences t of two lines of the tile: t0 - t2, t1 + t2, t2 - t1, t1 - t3. */
function differences(a: usize, b: usize, bytes: usize, v: usize, next: usize): void {
  const a0 = <usize>load<u32>(a), a1 = <usize>load<u32>(a, 4), a2 = <usize>load<u32>(a, 8), a3 = <usize>load<u32>(a, 12);
  const b0 = <usize>load<u32>(b), b1 = <usize>load<u32>(b, 4), b2 = <usize>load<u32>(b, 8), b3 = <usize>load<u32>(b, 12);
  for (let o: usize = 0; o < bytes; o += 32) {
    const s0 = f32x4.sub(v128.load(a0 + o), v128.load(b0 + o)), t0 = f32x4.sub(v128.load(a0 + o, 16), v128.load(b0 + o, 16));
    const s1 = f32x4.sub(v128.load(a1 + o), v128.load(b1 + o)), t1 = f32x4.sub(v128.load(a1 + o, 16), v128.load(b1 + o, 16));
    const s2 = f32x4.sub(v128.load(a2 + o), v128.load(b2 + o)), t2 = f32x4.sub(v128.load(a2 + o, 16), v128.load(b2 + o, 16));
    const s3 = f32x4.sub(v128.load(a3 + o), v128.load(b3 + o)), t3 = f32x4.sub(v128.load(a3 + o, 16), v128.load(b3 + o, 16));
    storeRow(v + o, next, s0, s1, s2, s3, t0, t1, t2, t3);
  }
}

/** The same from the sums of two lines. */
function sums(a: usize, b: usize, bytes: usize, v: usize, next: usize): void {
  const a0 = <usize>load<u32>(a), a1 = <usize>load<u32>(a, 4), a2 = <usize>load<u32>(a, 8), a3 = <usize>load<u32>(a, 12);
  const b0 = <usize>load<u32>(b), b1 = <usize>load<u32>(b, 4), b2 = <usize>load<u32>(b, 8), b3 = <usize>load<u32>(b, 12);
  for (let o: usize = 0; o < bytes; o += 32) {
    const s0 = f32x4.add(v128.load(a0 + o), v128.load(b0 + o)), t0 = f32x4.add(v128.load(a0 + o, 16), v128.load(b0 + o, 16));
    const s1 = f32x4.add(v128.load(a1 + o), v128.load(b1 + o)), t1 = f32x4.add(v128.load(a1 + o, 16), v128.load(b1 + o, 16));
    const s2 = f32x4.add(v128.load(a2 + o), v128.load(b2 + o)), t2 = f32x4.add(v128.load(a2 + o, 16), v128.load(b2 + o, 16));
    const s3 = f32x4.add(v128.load(a3 + o), v128.load(b3 + o)), t3 = f32x4.add(v128.load(a3 + o, 16), v128.load(b3 + o, 16));
    storeRow(v + o, next, s0, s1, s2, s3, t0, t1, t2, t3);
  }
}

// @ts-ignore: decorator
@inline
function storeRow(v: usize, next: usize, s0: v128, s1: v128, s2: v128, s3: v128, t0: v128, t1: v128, t2: v128, t3: v128): void {
  const p0 = f32x4.sub(s0, s2), q0 = f32x4.sub(t0, t2), p1 = f32x4.add(s1, s2), q1 = f32x4.add(t1, t2);
  const p2 = f32x4.sub(s2, s1), q2 = f32x4.sub(t2, t1), p3 = f32x4.sub(s1, s3), q3 = f32x4.sub(t1, t3);
  v128.store(v, p0); v128.store(v, q0, 16);
  v128.store(v + next, p1); v128.store(v + next, q1, 16);
  v128.store(v + 2 * next, p2); v128.store(v + 2 * next, q2, 16);
  v128.store(v + 3 * next, p3); v128.store(v + 3 * next, q3, 16);
}

/** Panel q of the up to four pixels of a tile, from its M. */
function gatherTile(d: usize, chunk: i32, thread: i32, ty: i32, tx: i32, q: i32, m: usize, next: usize, rows: i32): void {
  const width = word(d, 19), panels = word(d, 8), stride = address(d, 11), bytes = <usize>rows * PANEL_BYTES, y = ty << 1, x = tx << 1;
  const at = operand(d, 3, chunk, thread) + <usize>((y * width + x) * panels + q) * stride;
  const right = x + 1 < width, pixel = <usize>panels * stride, below = <usize>width * pixel;
  upper(m, next, bytes, at, at + pixel, right);
  if (y + 1 < word(d, 18)) lower(m, next, bytes, at + below, at + below + pixel, right);
}

function upper(m: usize, next: usize, bytes: usize, left: usize, right: usize, both: bool): void {
  const line = 4 * next;
  for (let o: usize = 0; o < bytes; o += 32) {
    const p = m + o;
    const s0 = sum3(p, line), s1 = sum3(p + next, line), s2 = sum3(p + 2 * next, line), s3 = sum3(p + 3 * next, line);
    const t0 = sum3(p + 16, line), t1 = sum3(p + next + 16, line), t2 = sum3(p + 2 * next + 16, line), t3 = sum3(p + 3 * next + 16, line);
    storePixels(left + o, right + o, both, s0, s1, s2, s3, t0, t1, t2, t3);
  }
}

function lower(m: usize, next: usize, bytes: usize, left: usize, right: usize, both: bool): void {
  const line = 4 * next;
  for (let o: usize = 0; o < bytes; o += 32) {
    const p = m + o;
    const s0 = rest3(p, line), s1 = rest3(p + next, line), s2 = rest3(p + 2 * next, line), s3 = rest3(p + 3 * next, line);
    const t0 = rest3(p + 16, line), t1 = rest3(p + next + 16, line), t2 = rest3(p + 2 * next + 16, line), t3 = rest3(p + 3 * next + 16, line);
    storePixels(left + o, right + o, both, s0, s1, s2, s3, t0, t1, t2, t3);
  }
}

// @ts-ignore: decorator
@inline
function sum3(p: usize, line: usize): v128 {
  return f32x4.add(f32x4.add(v128.load(p), v128.load(p + line)), v128.load(p + 2 * line));
}

// @ts-ignore: decorator
@inline
function rest3(p: usize, line: usize): v128 {
  return f32x4.sub(f32x4.sub(v128.load(p + line), v128.load(p + 2 * line)), v128.load(p + 3 * line));
}

// @ts-ignore: decorator
@inline
function storePixels(
  left: usize, right: usize, both: bool, s0: v128, s1: v128, s2: v128, s3: v128, t0: v128, t1: v128, t2: v128, t3: v128,
): void {
  const a = f32x4.add(f32x4.add(s0, s1), s2), b = f32x4.add(f32x4.add(t0, t1), t2);
  v128.store(left, a); v128.store(left, b, 16);
  if (both) {
    const c = f32x4.sub(f32x4.sub(s1, s2), s3), e = f32x4.sub(f32x4.sub(t1, t2), t3);
    v128.store(right, c); v128.store(right, e, 16);
  }
}

/**
 * One item: a panel of input channels of U, [position][input panel][output][32]; w is the kernel turned round, from outputs to
 * inputs. 0 weight, 1 U, 2 input channels, 3 output channels.
 */
export function winogradWeights(d: usize, item: i32, thread: i32): void {
  const inputs = word(d, 2), outputs = word(d, 3), panels = (inputs + 31) >> 5, positionBytes = <usize>panels * weightStride(outputs);
  const tapBytes = <usize>inputs * PANEL_BYTES, channels = min(32, inputs - (item << 5));
  for (let o = 0; o < outputs; o++) {
    const w = address(d, 0) + <usize>(o >> 5) * weightStride(9 * inputs) + (<usize>(o & 31) << 2);
    for (let c = 0; c < channels; c++) {
      const from = w + <usize>((item << 5) + c) * PANEL_BYTES;
      const to = address(d, 1) + <usize>item * weightStride(outputs) + <usize>o * PANEL_BYTES + (<usize>c << 2);
      turnedRow(from + 8 * tapBytes, from + 7 * tapBytes, from + 6 * tapBytes, from + 5 * tapBytes, from + 4 * tapBytes, from + 3 * tapBytes, from + 2 * tapBytes, from + tapBytes, from, to, positionBytes);
    }
  }
}

/** U = G w G' of one pair of channels, w given by its nine addresses line by line. */
function turnedRow(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, p6: usize, p7: usize, p8: usize, to: usize, next: usize,
): void {
  const w0 = load<f32>(p0), w1 = load<f32>(p1), w2 = load<f32>(p2), w3 = load<f32>(p3), w4 = load<f32>(p4);
  const w5 = load<f32>(p5), w6 = load<f32>(p6), w7 = load<f32>(p7), w8 = load<f32>(p8);
  storeLine(to, next, w0, w1, w2);
  storeLine(to + 4 * next, next, 0.5 * (w0 + w3 + w6), 0.5 * (w1 + w4 + w7), 0.5 * (w2 + w5 + w8));
  storeLine(to + 8 * next, next, 0.5 * (w0 - w3 + w6), 0.5 * (w1 - w4 + w7), 0.5 * (w2 - w5 + w8));
  storeLine(to + 12 * next, next, w6, w7, w8);
}

// @ts-ignore: decorator
@inline
function storeLine(to: usize, next: usize, a: f32, b: f32, c: f32): void {
  store<f32>(to, a);
  store<f32>(to + next, 0.5 * (a + b + c));
  store<f32>(to + 2 * next, 0.5 * (a - b + c));
  store<f32>(to + 3 * next, c);
}
