// Element-wise layers of a chunk: ReLU, dropout, and the counting of nonzero entries.

import { address, H_CHUNK_SAMPLES, H_EPOCH, H_IDS, H_SEED, operand, PANEL_BYTES, real, samplesOf, word } from './memory';
import { nonzeroMask } from './events';
import { reach } from './taps';
import { keySchedule, philox8, word0, word1, word2, word3, word4, word5, word6, word7 } from './philox';

const STREAM_DROPOUT: u32 = 4;

/** 0 x, 3 y, 6 panels, 7 rows a sample, 8 x panel bytes, 9 y panel bytes. */
export function relu(d: usize, chunk: i32, thread: i32): void {
  const bytes = <usize>(samplesOf(chunk) * word(d, 7)) * PANEL_BYTES;
  const zero = f32x4.splat(0);
  for (let q: usize = 0; q < <usize>word(d, 6); q++) {
    const x = operand(d, 0, chunk, thread) + q * address(d, 8), y = operand(d, 3, chunk, thread) + q * address(d, 9);
    for (let j: usize = 0; j < bytes; j += 32) {
      const y0 = f32x4.pmax(v128.load(x + j), zero), y1 = f32x4.pmax(v128.load(x + j, 16), zero);
      v128.store(y + j, y0);
      v128.store(y + j, y1, 16);
    }
  }
}

/** dx = dy where y > 0. 0 y, 3 dy, 6 dx, 9 panels, 10 rows a sample, 11 y, 12 dy, 13 dx panel bytes. */
export function reluBackward(d: usize, chunk: i32, thread: i32): void {
  const bytes = <usize>(samplesOf(chunk) * word(d, 10)) * PANEL_BYTES;
  const zero = f32x4.splat(0);
  for (let q: usize = 0; q < <usize>word(d, 9); q++) {
    const y = operand(d, 0, chunk, thread) + q * address(d, 11), dy = operand(d, 3, chunk, thread) + q * address(d, 12);
    const dx = operand(d, 6, chunk, thread) + q * address(d, 13);
    for (let j: usize = 0; j < bytes; j += 32) {
      const d0 = v128.and(v128.load(dy + j), f32x4.gt(v128.load(y + j), zero));
      const d1 = v128.and(v128.load(dy + j, 16), f32x4.gt(v128.load(y + j, 16), zero));
      v128.store(dx + j, d0);
      v128.store(dx + j, d1, 16);
    }
  }
}

/**
 * y = x mask / (1 - rate), the mask of a sample held over its rows; forward and backward alike. x may be spikes.
 * 0 x, 3 y, 6 panels, 7 rows a sample, 8 x panel bytes, 9 y panel bytes, 10 x is spikes, 11 index, 12 bound (u32),
 * 13 1 / (1 - rate) (f32), 14 scratch.
 */
export function dropout(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), rows = word(d, 7), panels = word(d, 6), spikes = word(d, 10) != 0;
  const epoch = <u32>load<i32>(H_EPOCH), keys = operand(d, 14, chunk, thread);
  keySchedule(load<i32>(H_SEED), STREAM_DROPOUT + 256 * <u32>word(d, 11), keys);
  const bound = i32x4.splat(word(d, 12)), scale = f32x4.splat(real(d, 13));
  for (let n = 0; n < samples; n++) {
    const id = load<u32>(<usize>load<u32>(H_IDS) + (<usize>(chunk * load<i32>(H_CHUNK_SAMPLES) + n) << 2));
    for (let q = 0; q < panels; q++) {
      const x = operand(d, 0, chunk, thread) + <usize>q * address(d, 8), y = operand(d, 3, chunk, thread) + <usize>q * address(d, 9);
      // Blocks of four features: counter feature >> 2, output word feature & 3. Transposed, lane order is feature order.
      const c0 = i32x4.add(i32x4.splat(q << 3), i32x4(0, 1, 2, 3)), zero = i32x4.splat(0);
      philox8(c0, zero, i32x4.add(c0, i32x4.splat(4)), zero, id, epoch, keys);
      for (let half: i32 = 0; half < 2; half++) {
        const a = half ? word4() : word0(), b = half ? word5() : word1(), c = half ? word6() : word2(), e = half ? word7() : word3();
        const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
        const ce0 = v128.shuffle<i32>(c, e, 0, 4, 1, 5), ce1 = v128.shuffle<i32>(c, e, 2, 6, 3, 7);
        const k0 = v128.and(scale, i32x4.ge_u(v128.shuffle<i32>(ab0, ce0, 0, 1, 4, 5), bound));
        const k1 = v128.and(scale, i32x4.ge_u(v128.shuffle<i32>(ab0, ce0, 2, 3, 6, 7), bound));
        const k2 = v128.and(scale, i32x4.ge_u(v128.shuffle<i32>(ab1, ce1, 0, 1, 4, 5), bound));
        const k3 = v128.and(scale, i32x4.ge_u(v128.shuffle<i32>(ab1, ce1, 2, 3, 6, 7), bound));
        const o = <usize>half << 6;
        for (let r = n * rows; r < (n + 1) * rows; r++) {
          const out = y + <usize>r * PANEL_BYTES + o;
          if (spikes) {
            const w = load<u32>(x + (<usize>r << 2)) >> (half << 4);
            v128.store(out, v128.and(k0, spread(w)));
            v128.store(out, v128.and(k1, spread(w >> 4)), 16);
            v128.store(out, v128.and(k2, spread(w >> 8)), 32);
            v128.store(out, v128.and(k3, spread(w >> 12)), 48);
          } else {
            const from = x + <usize>r * PANEL_BYTES + o;
            v128.store(out, f32x4.mul(k0, v128.load(from)));
            v128.store(out, f32x4.mul(k1, v128.load(from, 16)), 16);
            v128.store(out, f32x4.mul(k2, v128.load(from, 32)), 32);
            v128.store(out, f32x4.mul(k3, v128.load(from, 48)), 48);
          }
        }
      }
    }
  }
}

/** The low four bits as four lane masks. */
// @ts-ignore: decorator
@inline
function spread(w: u32): v128 {
  const lanes = i32x4(1, 2, 4, 8);
  return i32x4.eq(v128.and(i32x4.splat(w), lanes), lanes);
}

/**
 * Nonzero entries of each row. 0 x, 3 counts (u32 a row), 6 rows a sample, 7 x panel bytes, 8 x is spikes, 9 height, 10 width,
 * 11 panels a pixel, 12 scratch, 15 counts as often as read, 16 window (12 words).
 */
export function countNonzero(d: usize, chunk: i32, thread: i32): void {
  const rows = samplesOf(chunk) * word(d, 6), spikes = word(d, 8) != 0, reaches = word(d, 15) != 0, width = word(d, 10);
  const counts = operand(d, 3, chunk, thread), columns = operand(d, 12, chunk, thread);
  for (let ix = 0; ix < width; ix++) store<i32>(columns + (<usize>ix << 2), reaches ? reach(d, 17, ix) : 1);
  memory.fill(counts, 0, <usize>((rows + 3) & ~3) << 2);
  let x = operand(d, 0, chunk, thread);
  for (let iy = 0; iy < word(d, 9); iy++) {
    const readers = reaches ? reach(d, 16, iy) : 1;
    for (let ix = 0; ix < width; ix++) {
      const times = readers * load<i32>(columns + (<usize>ix << 2));
      for (let q = 0; q < word(d, 11); q++) {
        if (spikes) countBits(x, rows, times, counts);
        else countValues(x, rows, times, counts);
        x += address(d, 7);
      }
    }
  }
}

/** Four rows at a time; panels of bits and of counts are padded to 128 bytes. */
function countBits(x: usize, rows: i32, times: i32, counts: usize): void {
  const factor = i32x4.splat(times);
  for (let j: usize = 0; j < <usize>rows << 2; j += 16) {
    const pairs = i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(v128.load(x + j)));
    const n = i32x4.mul(i32x4.extadd_pairwise_i16x8_u(pairs), factor);
    v128.store(counts + j, i32x4.add(v128.load(counts + j), n));
  }
}

function countValues(x: usize, rows: i32, times: i32, counts: usize): void {
  for (let j: usize = 0; j < <usize>rows << 2; j += 4) {
    store<u32>(counts + j, load<u32>(counts + j) + popcnt<u32>(nonzeroMask(x)) * times);
    x += PANEL_BYTES;
  }
}
