// The same values under other channels. Where both layouts have pixels of whole panels nothing moves; else a panel is put together
// from pieces of the panels its features come from, over all rows of the chunk at once.

import { address, operand, PANEL_BYTES, samplesOf, word } from './memory';

/** Rows of the room are this wide, so that a piece may be copied in fours past the panel's end. */
const ROOM_BYTES: usize = 256;

/**
 * 0 x, 3 y, 6 scratch, 9 features, 10 rows a sample, 11 x, 12 y panel bytes, 13 spikes, 14 channels of x, 15 of y, 16 panels if
 * nothing moves, else 0.
 */
export function reshape(d: usize, chunk: i32, thread: i32): void {
  const x = operand(d, 0, chunk, thread), rows = samplesOf(chunk) * word(d, 10), spikes = word(d, 13) != 0;
  let y = operand(d, 3, chunk, thread);
  if (word(d, 16) != 0) {
    memory.copy(y, x, <usize>word(d, 16) * address(d, 12));
    return;
  }
  const features = word(d, 9), channels = word(d, 15), room = operand(d, 6, chunk, thread);
  for (let pixel = 0; pixel < features; pixel += channels) {
    for (let c = 0; c < channels; c += 32) {
      const width = min(32, channels - c);
      if (spikes) bitPanel(d, x, pixel + c, width, rows, y);
      else floatPanel(d, x, pixel + c, width, rows, room, y);
      y += address(d, 12);
    }
  }
}

/** Features [first, first + width) of x as one panel of y. */
function floatPanel(d: usize, x: usize, first: i32, width: i32, rows: i32, room: usize, y: usize): void {
  const end = room + <usize>rows * ROOM_BYTES;
  for (let done = 0; done < width; ) {
    const lane = laneOf(first + done, word(d, 14)), n = min(pieceAt(first + done, word(d, 14)), width - done);
    let from = x + panelOf(first + done, word(d, 14)) * address(d, 11) + (<usize>lane << 2);
    for (let to = room + (<usize>done << 2); to < end; to += ROOM_BYTES) {
      for (let j: usize = 0; j < <usize>n << 2; j += 16) v128.store(to + j, v128.load(from + j));
      from += PANEL_BYTES;
    }
    done += n;
  }
  for (let j: usize = 0; j < PANEL_BYTES; j += 32) {
    const m0 = i32x4.gt_s(i32x4.splat(width - <i32>(j >> 2)), i32x4(0, 1, 2, 3));
    const m1 = i32x4.gt_s(i32x4.splat(width - <i32>(j >> 2)), i32x4(4, 5, 6, 7));
    let to = y + j;
    for (let from = room + j; from < end; from += ROOM_BYTES) {
      const y0 = v128.and(v128.load(from), m0), y1 = v128.and(v128.load(from, 16), m1);
      v128.store(to, y0);
      v128.store(to, y1, 16);
      to += PANEL_BYTES;
    }
  }
}

/** The same for spikes: words shifted and masked, four rows at a time. */
function bitPanel(d: usize, x: usize, first: i32, width: i32, rows: i32, y: usize): void {
  memory.fill(y, 0, <usize>((rows + 3) & ~3) << 2);
  for (let done = 0; done < width; ) {
    const lane = laneOf(first + done, word(d, 14)), n = min(pieceAt(first + done, word(d, 14)), width - done);
    const from = x + panelOf(first + done, word(d, 14)) * address(d, 11), mask = i32x4.splat(n == 32 ? -1 : (1 << n) - 1);
    for (let j: usize = 0; j < <usize>rows << 2; j += 16) {
      const bits = i32x4.shl(v128.and(i32x4.shr_u(v128.load(from + j), lane), mask), done);
      v128.store(y + j, v128.or(v128.load(y + j), bits));
    }
    done += n;
  }
}

// @ts-ignore: decorator
@inline
function panelOf(feature: i32, channels: i32): usize {
  return <usize>(feature / channels * ((channels + 31) >> 5) + (feature % channels >> 5));
}

// @ts-ignore: decorator
@inline
function laneOf(feature: i32, channels: i32): i32 {
  return feature % channels & 31;
}

/** Features from this one to the end of its panel. */
// @ts-ignore: decorator
@inline
function pieceAt(feature: i32, channels: i32): i32 {
  const c = feature % channels;
  return min(32 - (c & 31), channels - c);
}
