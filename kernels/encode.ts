// Staged data into panels, and encoders: Bernoulli rate, latency, delta. Definitions are in the plan.

import { address, H_EPOCH, H_IDS, H_CHUNK_SAMPLES, H_SEED, H_STAGING, operand, PANEL_BYTES, real, samplesOf, word } from './memory';
import { nonzeroMask, transposeBits } from './events';
import { KEYS_BYTES, keySchedule, philox8, word0, word1, word2, word3, word4, word5, word6, word7 } from './philox';

const STREAM_ENCODE: u32 = 3;

/** 0 x, 3 features, 4 rows a sample, 5 x panel bytes, 6 source is bytes, 7 scale (f32), 8 channels. */
export function loadInput(d: usize, chunk: i32, thread: i32): void {
  if (word(d, 8) < word(d, 3)) return loadMap(d, chunk, thread);
  const features = word(d, 3), rows = samplesOf(chunk) * word(d, 4), bytes = word(d, 6) != 0;
  const x = operand(d, 0, chunk, thread), stride = address(d, 5);
  const scale = real(d, 7), scale4 = f32x4.splat(scale);
  const first = <usize>(chunk * load<i32>(H_CHUNK_SAMPLES) * word(d, 4));
  const size = <usize>features << (bytes ? 0 : 2);
  const panels = (features + 31) >> 5;
  for (let r: usize = 0; r < <usize>rows; r++) {
    const source = <usize>load<u32>(H_STAGING) + (first + r) * size;
    for (let q = 0; q < panels; q++) {
      const to = x + <usize>q * stride + r * PANEL_BYTES;
      const n = min(32, features - (q << 5));
      if (n < 32) memory.fill(to, 0, PANEL_BYTES);
      if (!bytes) memory.copy(to, source + (<usize>q << 7), <usize>n << 2);
      else if (n == 32) {
        for (let j: usize = 0; j < 32; j += 8) {
          const v = v128.load64_zero(source + (<usize>q << 5) + j);
          const w = i16x8.extend_low_i8x16_u(v);
          v128.store(to + (j << 2), f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(w)), scale4));
          v128.store(to + (j << 2), f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(w)), scale4), 16);
        }
      } else {
        for (let j: usize = 0; j < <usize>n; j++) store<f32>(to + (j << 2), <f32>load<u8>(source + (<usize>q << 5) + j) * scale);
      }
    }
  }
}

/** A map, pixel by pixel; lanes past the channels are zero. */
function loadMap(d: usize, chunk: i32, thread: i32): void {
  const features = word(d, 3), rows = samplesOf(chunk) * word(d, 4), bytes = word(d, 6) != 0, channels = word(d, 8);
  const panels = (channels + 31) >> 5, pixels = features / channels, stride = address(d, 5), scale = real(d, 7);
  const first = <usize>(chunk * load<i32>(H_CHUNK_SAMPLES) * word(d, 4)), size = <usize>features << (bytes ? 0 : 2);
  const source = <usize>load<u32>(H_STAGING) + first * size;
  let to = operand(d, 0, chunk, thread);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let q = 0; q < panels; q++) {
      const n = <usize>min(32, channels - (q << 5)), at = <usize>(pixel * channels + (q << 5));
      for (let r: usize = 0; r < <usize>rows; r++) {
        const row = to + r * PANEL_BYTES, from = source + r * size;
        memory.fill(row, 0, PANEL_BYTES);
        for (let j: usize = 0; j < n; j++) {
          store<f32>(row + (j << 2), bytes ? <f32>load<u8>(from + at + j) * scale : load<f32>(from + (at + j << 2)));
        }
      }
      to += stride;
    }
  }
}

function clearBits(bits: usize, panels: i32, stride: usize, rows: i32): void {
  for (let q = 0; q < panels; q++) memory.fill(bits + <usize>q * stride, 0, <usize>rows << 2);
}

function sampleId(chunk: i32, n: i32): u32 {
  return load<u32>(<usize>load<u32>(H_IDS) + (<usize>(chunk * load<i32>(H_CHUNK_SAMPLES) + n) << 2));
}

/**
 * 0 x, 3 spikes, 6 panels, 7 time steps, 8 x panel bytes, 9 bits panel bytes, 10 gain, 11 offset (f32), 12 x has a row
 * a step, 13 scratch: the key schedule, then room for 32 words, or for what rateSample asks for; 16 channels.
 */
export function encodeRate(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, 7), panels = word(d, 6), channels = word(d, 16), perPixel = (channels + 31) >> 5;
  const x = operand(d, 0, chunk, thread), bits = operand(d, 3, chunk, thread), bitStride = address(d, 9);
  const epoch = <u32>load<i32>(H_EPOCH);
  const keys = operand(d, 13, chunk, thread), words = keys + KEYS_BYTES;
  keySchedule(load<i32>(H_SEED), STREAM_ENCODE, keys);
  clearBits(bits, panels, bitStride, samples * T);
  const gain = real(d, 10), offset = real(d, 11), xStride = address(d, 8);
  for (let n = 0; n < samples; n++) {
    const id = sampleId(chunk, n), row = <usize>(n * T), to = bits + (row << 2);
    if (word(d, 12) == 0) {
      rateSample(x + <usize>n * PANEL_BYTES, xStride, panels, channels, id, epoch, T, gain, offset, to, bitStride, keys, words);
      continue;
    }
    for (let q = 0; q < panels; q++) {
      const first = q % perPixel << 5, valid = min(32, channels - first), panel = x + <usize>q * xStride + row * PANEL_BYTES;
      const feature = q / perPixel * channels + first;
      rateSteps(panel, feature, valid, id, epoch, T, gain, offset, to + <usize>q * bitStride, keys, words);
    }
  }
}

/**
 * Spikes of one static sample, 32 steps at a time. Bit by bit from the top, a step is decided where the bits of its uniform number
 * and of the probability first differ: two blocks decide nearly all of what would take 32 words one by one. Features with steps
 * left undecided move up, four at a time are taken on. Features are listed by place (32 panel + lane), of which a map's pixel has
 * more than it has channels. `room`: a word of steps a place, then three words a place.
 */
function rateSample(
  row: usize, rowStride: usize, panels: i32, channels: i32, id: u32, epoch: u32, T: i32, gain: f32, offset: f32, bits: usize,
  bitStride: usize, keys: usize, room: usize,
): void {
  const words = room, list = words + (<usize>panels << 7), spread = <usize>((panels << 5) + 4) << 2;
  for (let first = 0; first < T; first += 32) {
    const count = min(32, T - first);
    let left = liveFeatures(row, rowStride, panels, channels, offset, words, list);
    if (left == 0) return;
    left = rateBlocks(row, rowStride, channels, left, 0, first, count, id, epoch, gain, offset, keys, words, list, spread);
    for (let block = 2; block < 8 && left > 0; block += 2) {
      left = rateBlocks(row, rowStride, channels, left, block, first, count, id, epoch, gain, offset, keys, words, list, spread);
    }
    for (let q: usize = 0; q < <usize>panels; q++) {
      const square = words + (q << 7), to = bits + q * bitStride + (<usize>first << 2);
      if (load<u32>(list + 3 * spread + (q << 2)) == 0) continue;
      transposeBits(square);
      for (let t: usize = 0; t < <usize>count << 2; t += 4) store<u32>(to + t, load<u32>(square + t));
    }
  }
}

/** Lists features that may fire, clears their words, and keeps each panel's mask of them behind the lists; returns how many. */
function liveFeatures(
  row: usize, rowStride: usize, panels: i32, channels: i32, offset: f32, words: usize, list: usize,
): i32 {
  const masks = list + 3 * (<usize>((panels << 5) + 4) << 2), none = i32x4.splat(0);
  let n = 0, valid = 0;
  for (let q = 0; q < panels; q++) {
    valid = valid > 32 ? valid - 32 : channels;
    let live = offset != 0 ? <u32>-1 : nonzeroMask(row + <usize>q * rowStride);
    if (valid < 32) live &= (1 << valid) - 1;
    store<u32>(masks + (<usize>q << 2), live);
    if (live == 0) continue;
    for (let j: usize = 0; j < 128; j += 16) v128.store(words + (<usize>q << 7) + j, none);
    while (live != 0) {
      store<i32>(list + (<usize>n << 2), (q << 5) + <i32>ctz<u32>(live));
      n++;
      live &= live - 1;
    }
  }
  return n;
}

/**
 * Eight bits of the uniform numbers of the `left` listed features from `block` on; their steps that fire are added to `words`.
 * Those with steps undecided move to the front of the lists (feature, rest of the probability's bits, steps); returns how many.
 */
function rateBlocks(
  row: usize, rowStride: usize, channels: i32, left: i32, block: i32, first: i32, count: i32, id: u32, epoch: u32, gain: f32,
  offset: f32, keys: usize, words: usize, list: usize, spread: usize,
): i32 {
  const rests = list + spread, open = rests + spread, end = <usize>left << 2;
  const steps = i32x4.splat(count == 32 ? -1 : (1 << count) - 1);
  // A missing feature repeats the last: the same bits come out.
  const last = load<i32>(list + end - 4), lastRest = load<i32>(rests + end - 4), lastOpen = load<i32>(open + end - 4);
  for (let k: usize = 0; k < 12; k += 4) {
    store<i32>(list + end + k, last); store<i32>(rests + end + k, lastRest); store<i32>(open + end + k, lastOpen);
  }
  // Half of a place makes the quotient's floor right for all places below 2^22, whatever is rounded.
  const places = (channels + 31) & ~31, share = f32x4.splat(1 / <f32>places), unused = i32x4.splat(places - channels);
  let kept: usize = 0;
  for (let at: usize = 0; at < end; at += 16) {
    const feature = v128.load(list + at);
    const f0 = i32x4.extract_lane(feature, 0), f1 = i32x4.extract_lane(feature, 1);
    const f2 = i32x4.extract_lane(feature, 2), f3 = i32x4.extract_lane(feature, 3);
    let spikes = i32x4.splat(0), undecided: v128, rest: v128;
    if (block == 0) {
      const p0 = level(row, rowStride, f0, gain, offset), p1 = level(row, rowStride, f1, gain, offset);
      const p2 = level(row, rowStride, f2, gain, offset), p3 = level(row, rowStride, f3, gain, offset);
      const always = i32x4(p0 >= 1 ? -1 : 0, p1 >= 1 ? -1 : 0, p2 >= 1 ? -1 : 0, p3 >= 1 ? -1 : 0);
      rest = i32x4(scaled(p0), scaled(p1), scaled(p2), scaled(p3));
      spikes = v128.and(steps, always);
      undecided = v128.andnot(steps, always);
    } else {
      rest = v128.load(rests + at);
      undecided = v128.load(open + at);
    }
    if (v128.any_true(undecided)) {
      const pixel = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(feature), f32x4.splat(0.5)), share));
      const number = i32x4.sub(feature, i32x4.mul(pixel, unused));
      philox8(number, i32x4.splat((first >> 2) + block), number, i32x4.splat((first >> 2) + block + 1), id, epoch, keys);
      let wanted: v128, random: v128;
      wanted = i32x4.shr_s(i32x4.shl(rest, 0), 31); random = word0();
      spikes = v128.or(spikes, v128.and(undecided, v128.andnot(wanted, random)));
      undecided = v128.andnot(undecided, v128.xor(random, wanted));
      wanted = i32x4.shr_s(i32x4.shl(rest, 1), 31); random = word1();
      spikes = v128.or(spikes, v128.and(undecided, v128.andnot(wanted, random)));
      undecided = v128.andnot(undecided, v128.xor(random, wanted));
      wanted = i32x4.shr_s(i32x4.shl(rest, 2), 31); random = word2();
      spikes = v128.or(spikes, v128.and(undecided, v128.andnot(wanted, random)));
      undecided = v128.andnot(undecided, v128.xor(random, wanted));
      wanted = i32x4.shr_s(i32x4.shl(rest, 3), 31); random = word3();
      spikes = v128.or(spikes, v128.and(undecided, v128.andnot(wanted, random)));
      undecided = v128.andnot(undecided, v128.xor(random, wanted));
      wanted = i32x4.shr_s(i32x4.shl(rest, 4), 31); random = word4();
      spikes = v128.or(spikes, v128.and(undecided, v128.andnot(wanted, random)));
      undecided = v128.andnot(undecided, v128.xor(random, wanted));
      wanted = i32x4.shr_s(i32x4.shl(rest, 5), 31); random = word5();
      spikes = v128.or(spikes, v128.and(undecided, v128.andnot(wanted, random)));
      undecided = v128.andnot(undecided, v128.xor(random, wanted));
      wanted = i32x4.shr_s(i32x4.shl(rest, 6), 31); random = word6();
      spikes = v128.or(spikes, v128.and(undecided, v128.andnot(wanted, random)));
      undecided = v128.andnot(undecided, v128.xor(random, wanted));
      wanted = i32x4.shr_s(i32x4.shl(rest, 7), 31); random = word7();
      spikes = v128.or(spikes, v128.and(undecided, v128.andnot(wanted, random)));
      undecided = v128.andnot(undecided, v128.xor(random, wanted));
    }
    rest = i32x4.shl(rest, 8);
    fire(words, f0, i32x4.extract_lane(spikes, 0));
    fire(words, f1, i32x4.extract_lane(spikes, 1));
    fire(words, f2, i32x4.extract_lane(spikes, 2));
    fire(words, f3, i32x4.extract_lane(spikes, 3));
    if (!v128.any_true(undecided)) continue;
    const lanes = <i32>((end - at) >> 2);
    kept = keep(kept, list, rests, open, f0, i32x4.extract_lane(rest, 0), i32x4.extract_lane(undecided, 0));
    if (lanes > 1) kept = keep(kept, list, rests, open, f1, i32x4.extract_lane(rest, 1), i32x4.extract_lane(undecided, 1));
    if (lanes > 2) kept = keep(kept, list, rests, open, f2, i32x4.extract_lane(rest, 2), i32x4.extract_lane(undecided, 2));
    if (lanes > 3) kept = keep(kept, list, rests, open, f3, i32x4.extract_lane(rest, 3), i32x4.extract_lane(undecided, 3));
  }
  return <i32>(kept >> 2);
}

/** Writes a feature's entry at `kept` and keeps it if steps are undecided. */
// @ts-ignore: decorator
@inline
function keep(kept: usize, list: usize, rests: usize, open: usize, feature: i32, rest: i32, undecided: i32): usize {
  store<i32>(list + kept, feature);
  store<i32>(rests + kept, rest);
  store<i32>(open + kept, undecided);
  return kept + (<usize>(undecided != 0) << 2);
}

// @ts-ignore: decorator
@inline
function fire(words: usize, feature: i32, steps: i32): void {
  const p = words + (<usize>feature << 2);
  store<i32>(p, load<i32>(p) | steps);
}

/** The same numbers against a probability of each step: `panel` has a row a step; `words` is room for 32 of them. */
function rateSteps(
  panel: usize, feature: i32, valid: i32, id: u32, epoch: u32, T: i32, gain: f32, offset: f32, bits: usize, keys: usize, words: usize,
): void {
  for (let lane = 0; lane < valid; lane++) {
    for (let t = 0; t < T; t++) {
      if ((t & 31) == 0) uniformWords(<u32>(feature + lane), <u32>(t >> 5), id, epoch, keys, words);
      const p = level(panel + <usize>t * PANEL_BYTES, 0, lane, gain, offset);
      let u: u32 = 0;
      for (let k: usize = 0; k < 32; k++) u = (u << 1) | ((load<u32>(words + (k << 2)) >> (t & 31)) & 1);
      if (p < 1 && u >= <u32>scaled(p)) continue;
      const to = bits + (<usize>t << 2);
      store<u32>(to, load<u32>(to) | (1 << lane));
    }
  }
}

/** The 32 words of a feature and a group of 32 steps: word k is the k-th bit, from the top, of each step's uniform number. */
function uniformWords(feature: u32, group: u32, id: u32, epoch: u32, keys: usize, words: usize): void {
  const c0 = i32x4.splat(feature), c1 = i32x4.add(i32x4.splat(group << 3), i32x4(0, 1, 2, 3));
  philox8(c0, c1, c0, i32x4.add(c1, i32x4.splat(4)), id, epoch, keys);
  storeBlocks(words, word0(), word1(), word2(), word3());
  storeBlocks(words + 64, word4(), word5(), word6(), word7());
}

/** Four blocks one after the other, from their words by lane. */
function storeBlocks(to: usize, a: v128, b: v128, c: v128, e: v128): void {
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const ce0 = v128.shuffle<i32>(c, e, 0, 4, 1, 5), ce1 = v128.shuffle<i32>(c, e, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i32>(ab0, ce0, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<i32>(ab0, ce0, 2, 3, 6, 7), 16);
  v128.store(to, v128.shuffle<i32>(ab1, ce1, 0, 1, 4, 5), 32);
  v128.store(to, v128.shuffle<i32>(ab1, ce1, 2, 3, 6, 7), 48);
}

// @ts-ignore: decorator
@inline
function level(row: usize, rowStride: usize, feature: i32, gain: f32, offset: f32): f32 {
  const x = load<f32>(row + <usize>(feature >> 5) * rowStride + (<usize>(feature & 31) << 2));
  return max<f32>(0, x * gain + offset);
}

/** floor(p 2^32); a probability of one or more always fires and is treated apart. */
// @ts-ignore: decorator
@inline
function scaled(p: f32): i32 {
  return <i32>(p >= 1 ? <u32>0xffffffff : <u32>(<f64>p * 4294967296.0));
}

/**
 * 0 x, 3 spikes, 6 panels, 7 time steps, 8 x panel bytes, 9 bits panel bytes, 10 SpikingJelly's convention, 11 log form,
 * 12 tau, 13 threshold (f32), 14 normalize, 15 clip, 16 channels.
 */
export function encodeLatency(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, 7), panels = word(d, 6), channels = word(d, 16);
  const perPixel = (channels + 31) >> 5;
  const x = operand(d, 0, chunk, thread), bits = operand(d, 3, chunk, thread);
  clearBits(bits, panels, address(d, 9), samples * T);
  for (let q = 0; q < panels; q++) {
    const valid = min(32, channels - (q % perPixel << 5)), to = bits + <usize>q * address(d, 9);
    for (let n = 0; n < samples; n++) {
      for (let lane = 0; lane < valid; lane++) {
        const value = load<f32>(x + <usize>q * address(d, 8) + <usize>n * PANEL_BYTES + (<usize>lane << 2));
        if (word(d, 15) != 0 && value < real(d, 13)) continue;
        const t = max(0, <i32>nearest<f32>(latency(d, value, T)));
        if (t >= T) continue;
        const p = to + (<usize>(n * T + t) << 2);
        store<u32>(p, load<u32>(p) | (1 << lane));
      }
    }
  }
}

function latency(d: usize, x: f32, T: i32): f32 {
  const last = <f32>(T - 1), log = word(d, 11) != 0;
  const tau = real(d, 12), threshold = real(d, 13), normalize = word(d, 14) != 0;
  if (word(d, 10) != 0) {
    if (!log) return last * (1 - x);
    const a = Mathf.exp(last) - 1;
    return last - Mathf.log(a * x + 1);
  }
  if (!log) {
    const k = normalize ? last : tau;
    return min(-k * (x - 1), -k * (threshold - 1));
  }
  const floor = threshold + <f32>1e-7;
  const z = max(x, floor);
  const t = tau * Mathf.log(z / (z - threshold));
  return normalize ? (t * last) / (tau * Mathf.log(floor / (floor - threshold))) : t;
}

/** 0 x, 3 y, 6 panels, 7 time steps, 8 x panel bytes, 9 y panel bytes, 10 threshold (f32), 11 off spikes, 12 padding. */
export function encodeDelta(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, 7), panels = word(d, 6);
  const up = f32x4.splat(real(d, 10)), down = f32x4.splat(-real(d, 10));
  const one = f32x4.splat(1), zero = f32x4.splat(0), off = word(d, 11) != 0, padding = word(d, 12) != 0;
  for (let q = 0; q < panels; q++) {
    const x = operand(d, 0, chunk, thread) + <usize>q * address(d, 8), y = operand(d, 3, chunk, thread) + <usize>q * address(d, 9);
    for (let r = 0; r < samples * T; r++) {
      for (let j: usize = 0; j < PANEL_BYTES; j += 16) {
        const at = <usize>r * PANEL_BYTES + j;
        const now = v128.load(x + at);
        const before = r % T > 0 ? v128.load(x + at - PANEL_BYTES) : padding ? now : zero;
        const change = f32x4.sub(now, before);
        let v = v128.and(one, f32x4.ge(change, up));
        if (off) v = f32x4.sub(v, v128.and(one, f32x4.le(change, down)));
        v128.store(y + at, v);
      }
    }
  }
}
