// Depthwise convolutions: every channel has its own taps, so a panel of 32 channels is multiplied lane by lane. The tables are
// those of conv.ts; the gradient of the input takes the table of input pixels, whose taps count from the end.

import { address, H_CHUNKS, operand, PANEL_BYTES, samplesOf, weightStride, word, ZEROS } from './memory';
import { expandPanel } from './events';

const SEGMENT: usize = 20;

/**
 * 0 x, 3 y, 6 weight, 7 bias, 8 panels, 9 rows a sample, 10 x panel bytes, 11 y panel bytes, 12 x is spikes, 13 scratch,
 * 16 table, 17 target pixels, 18 taps, 19 taps count from the end.
 */
export function depthwise(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 9), panels = word(d, 8), table = address(d, 16), taps = word(d, 18);
  const x = operand(d, 0, chunk, thread), y = operand(d, 3, chunk, thread), bias = address(d, 7);
  const spikes = word(d, 12) != 0, expanded = operand(d, 13, chunk, thread);
  for (let o = 0; o < word(d, 17); o++) {
    const s0 = <usize>load<u32>(table + (<usize>o << 2)), s1 = <usize>load<u32>(table + (<usize>o << 2), 4);
    for (let q = 0; q < panels; q++) {
      const out = y + <usize>(o * panels + q) * address(d, 11), w = address(d, 6) + <usize>q * weightStride(taps);
      let init = bias ? bias + <usize>q * PANEL_BYTES : ZEROS, initStride: usize = 0;
      if (s0 == s1) addProduct(rows, init, 0, ZEROS, ZEROS, 0, out);
      for (let s = s0; s < s1; s += SEGMENT) {
        for (let k = 0; k < load<i32>(s, 8); k++) {
          let from = x + <usize>((load<i32>(s) + k) * panels + q) * address(d, 10);
          if (spikes) {
            expandPanel(from, rows, expanded);
            from = expanded;
          }
          const tap = load<i32>(s, 4) + k, at = word(d, 19) ? taps - 1 - tap : tap;
          addProduct(rows, init, initStride, w + <usize>at * PANEL_BYTES, from, PANEL_BYTES, out);
          init = out;
          initStride = PANEL_BYTES;
        }
      }
    }
  }
}

/** out[row][32] = init[row][32] + w[32] x[row][32]. */
function addProduct(rows: i32, init: usize, initStride: usize, w: usize, x: usize, xStride: usize, out: usize): void {
  for (let j: usize = 0; j < PANEL_BYTES; j += 32) {
    const w0 = v128.load(w + j), w1 = v128.load(w + j, 16);
    let i = init + j, p = x + j, to = out + j;
    for (let r = 0; r < rows; r++) {
      const y0 = f32x4.relaxed_madd(w0, v128.load(p), v128.load(i)), y1 = f32x4.relaxed_madd(w1, v128.load(p, 16), v128.load(i, 16));
      v128.store(to, y0);
      v128.store(to, y1, 16);
      i += initStride;
      p += xStride;
      to += PANEL_BYTES;
    }
  }
}

/**
 * One item: one panel. dW[tap] += sum over chunks, output pixels and rows of x dy.
 * 0 x, 3 dy, 6 dW, 7 panels, 8 rows a sample, 9 x panel bytes, 10 dy panel bytes, 11 x is spikes, 12 scratch, 15 table,
 * 16 output pixels, 17 taps.
 */
export function depthwiseGradient(d: usize, item: i32, thread: i32): void {
  const chunks = load<i32>(H_CHUNKS), panels = word(d, 7), table = address(d, 15), spikes = word(d, 11) != 0;
  const dw = address(d, 6) + <usize>item * weightStride(word(d, 17)), expanded = operand(d, 12, 0, thread);
  for (let c = 0; c < chunks; c++) {
    const rows = samplesOf(c) * word(d, 8), x = operand(d, 0, c, thread), dy = operand(d, 3, c, thread);
    for (let o = 0; o < word(d, 16); o++) {
      const from = dy + <usize>(o * panels + item) * address(d, 10), end = <usize>load<u32>(table + (<usize>o << 2), 4);
      for (let s = <usize>load<u32>(table + (<usize>o << 2)); s < end; s += SEGMENT) {
        for (let k = 0; k < load<i32>(s, 8); k++) {
          let at = x + <usize>((load<i32>(s) + k) * panels + item) * address(d, 9);
          if (spikes) {
            expandPanel(at, rows, expanded);
            at = expanded;
          }
          addProducts(rows, at, from, dw + <usize>(load<i32>(s, 4) + k) * PANEL_BYTES);
        }
      }
    }
  }
}

/** c[32] += sum over rows of x[row][32] dy[row][32]. */
function addProducts(rows: i32, x: usize, dy: usize, c: usize): void {
  let c0 = v128.load(c), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
  let c4 = v128.load(c, 64), c5 = v128.load(c, 80), c6 = v128.load(c, 96), c7 = v128.load(c, 112);
  for (let r = 0; r < rows; r++) {
    c0 = f32x4.relaxed_madd(v128.load(x), v128.load(dy), c0); c1 = f32x4.relaxed_madd(v128.load(x, 16), v128.load(dy, 16), c1);
    c2 = f32x4.relaxed_madd(v128.load(x, 32), v128.load(dy, 32), c2); c3 = f32x4.relaxed_madd(v128.load(x, 48), v128.load(dy, 48), c3);
    c4 = f32x4.relaxed_madd(v128.load(x, 64), v128.load(dy, 64), c4); c5 = f32x4.relaxed_madd(v128.load(x, 80), v128.load(dy, 80), c5);
    c6 = f32x4.relaxed_madd(v128.load(x, 96), v128.load(dy, 96), c6); c7 = f32x4.relaxed_madd(v128.load(x, 112), v128.load(dy, 112), c7);
    x += PANEL_BYTES;
    dy += PANEL_BYTES;
  }
  v128.store(c, c0); v128.store(c, c1, 16); v128.store(c, c2, 32); v128.store(c, c3, 48);
  v128.store(c, c4, 64); v128.store(c, c5, 80); v128.store(c, c6, 96); v128.store(c, c7, 112);
}
