// Staged data into panels, and encoders: Bernoulli rate, latency, delta. Definitions are in the plan.

import { address, H_EPOCH, H_IDS, H_CHUNK_SAMPLES, H_SEED, H_STAGING, operand, PANEL_BYTES, real, samplesOf, word } from './memory';
import { nonzeroMask, transposeBits } from './events';
import { KEYS_BYTES, keySchedule, philox8, word0, word1, word2, word3, word4, word5, word6, word7 } from './philox';

const STREAM_ENCODE: u32 = 3;

/** 0 x, 3 features, 4 rows a sample, 5 x panel bytes, 6 source is bytes, 7 scale (f32). */
export function loadInput(d: usize, chunk: i32, thread: i32): void {
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

function clearBits(bits: usize, panels: i32, stride: usize, rows: i32): void {
  for (let q = 0; q < panels; q++) memory.fill(bits + <usize>q * stride, 0, <usize>rows << 2);
}

function sampleId(chunk: i32, n: i32): u32 {
  return load<u32>(<usize>load<u32>(H_IDS) + (<usize>(chunk * load<i32>(H_CHUNK_SAMPLES) + n) << 2));
}

/**
 * 0 x, 3 spikes, 6 features, 7 time steps, 8 x panel bytes, 9 bits panel bytes, 10 gain, 11 offset (f32), 12 x has a row
 * a step, 13 scratch: the key schedule, then 32 words.
 */
export function encodeRate(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, 7), panels = (word(d, 6) + 31) >> 5;
  const x = operand(d, 0, chunk, thread), bits = operand(d, 3, chunk, thread), bitStride = address(d, 9);
  const epoch = <u32>load<i32>(H_EPOCH);
  const keys = operand(d, 13, chunk, thread), words = keys + KEYS_BYTES;
  keySchedule(load<i32>(H_SEED), STREAM_ENCODE, keys);
  clearBits(bits, panels, bitStride, samples * T);
  for (let n = 0; n < samples; n++) {
    const id = sampleId(chunk, n);
    for (let q = 0; q < panels; q++) {
      const valid = min(32, word(d, 6) - (q << 5));
      const panel = x + <usize>q * address(d, 8), to = bits + <usize>q * bitStride + (<usize>(n * T) << 2);
      if (word(d, 12) == 0) ratePanel(panel + <usize>n * PANEL_BYTES, q, valid, id, epoch, T, real(d, 10), real(d, 11), to, keys, words);
      else rateSteps(panel + <usize>(n * T) * PANEL_BYTES, q, valid, id, epoch, T, real(d, 10), real(d, 11), to, keys, words);
    }
  }
}

/** Spikes of one panel of a static input, 32 steps at a time; `words` is room for the 32 features' steps as bits. */
function ratePanel(
  row: usize, q: i32, valid: i32, id: u32, epoch: u32, T: i32, gain: f32, offset: f32, bits: usize, keys: usize, words: usize,
): void {
  let live = offset != 0 ? <u32>-1 : nonzeroMask(row);
  if (valid < 32) live &= (1 << valid) - 1;
  if (live == 0) return;
  for (let first = 0; first < T; first += 32) {
    const count = min(32, T - first), to = bits + (<usize>first << 2);
    const none = i32x4.splat(0);
    for (let j: usize = 0; j < 128; j += 16) v128.store(words + j, none);
    rateFeatures(row, q, live, first, count, id, epoch, gain, offset, keys, words);
    transposeBits(words);
    for (let t: usize = 0; t < <usize>count << 2; t += 4) store<u32>(to + t, load<u32>(words + t));
  }
}

/**
 * Which of `count` steps from `first` on fire, as bits of words[feature], 4 features at a time. Bit by bit from the top, a step is
 * decided where the bits of its uniform number and of the probability first differ: about two blocks decide what would take 32
 * words one by one.
 */
function rateFeatures(
  row: usize, q: i32, live: u32, first: i32, count: i32, id: u32, epoch: u32, gain: f32, offset: f32, keys: usize, words: usize,
): void {
  const steps = i32x4.splat(count == 32 ? -1 : (1 << count) - 1);
  while (live != 0) {
    // A missing feature repeats the last.
    const l0 = <i32>ctz<u32>(live); live &= live - 1;
    const l1 = live != 0 ? <i32>ctz<u32>(live) : l0; live &= live - 1;
    const l2 = live != 0 ? <i32>ctz<u32>(live) : l1; live &= live - 1;
    const l3 = live != 0 ? <i32>ctz<u32>(live) : l2; live &= live - 1;
    const p0 = level(row, l0, gain, offset), p1 = level(row, l1, gain, offset);
    const p2 = level(row, l2, gain, offset), p3 = level(row, l3, gain, offset);
    const bound = i32x4(scaled(p0), scaled(p1), scaled(p2), scaled(p3));
    const always = i32x4(p0 >= 1 ? -1 : 0, p1 >= 1 ? -1 : 0, p2 >= 1 ? -1 : 0, p3 >= 1 ? -1 : 0);
    const counter = i32x4.add(i32x4.splat(q << 5), i32x4(l0, l1, l2, l3));
    let spikes = v128.and(steps, always), undecided = v128.andnot(steps, always), rest = bound;
    for (let block = 0; block < 8 && v128.any_true(undecided); block += 2) {
      philox8(counter, i32x4.splat((first >> 2) + block), counter, i32x4.splat((first >> 2) + block + 1), id, epoch, keys);
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
      rest = i32x4.shl(rest, 8);
    }
    store<i32>(words + (<usize>l0 << 2), i32x4.extract_lane(spikes, 0));
    store<i32>(words + (<usize>l1 << 2), i32x4.extract_lane(spikes, 1));
    store<i32>(words + (<usize>l2 << 2), i32x4.extract_lane(spikes, 2));
    store<i32>(words + (<usize>l3 << 2), i32x4.extract_lane(spikes, 3));
  }
}

/** The same numbers against a probability of each step: `panel` has a row a step; `words` is room for 32 of them. */
function rateSteps(
  panel: usize, q: i32, valid: i32, id: u32, epoch: u32, T: i32, gain: f32, offset: f32, bits: usize, keys: usize, words: usize,
): void {
  for (let lane = 0; lane < valid; lane++) {
    for (let t = 0; t < T; t++) {
      if ((t & 31) == 0) uniformWords(<u32>((q << 5) + lane), <u32>(t >> 5), id, epoch, keys, words);
      const p = level(panel + <usize>t * PANEL_BYTES, lane, gain, offset);
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
function level(row: usize, lane: i32, gain: f32, offset: f32): f32 {
  return max<f32>(0, load<f32>(row + (<usize>lane << 2)) * gain + offset);
}

/** floor(p 2^32); a probability of one or more always fires and is treated apart. */
// @ts-ignore: decorator
@inline
function scaled(p: f32): i32 {
  return <i32>(p >= 1 ? <u32>0xffffffff : <u32>(<f64>p * 4294967296.0));
}

/**
 * 0 x, 3 spikes, 6 features, 7 time steps, 8 x panel bytes, 9 bits panel bytes, 10 SpikingJelly's convention, 11 log form,
 * 12 tau, 13 threshold (f32), 14 normalize, 15 clip.
 */
export function encodeLatency(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, 7), features = word(d, 6);
  const x = operand(d, 0, chunk, thread), bits = operand(d, 3, chunk, thread);
  clearBits(bits, (features + 31) >> 5, address(d, 9), samples * T);
  for (let n = 0; n < samples; n++) {
    for (let f = 0; f < features; f++) {
      const value = load<f32>(x + <usize>(f >> 5) * address(d, 8) + <usize>n * PANEL_BYTES + (<usize>(f & 31) << 2));
      if (word(d, 15) != 0 && value < real(d, 13)) continue;
      const t = max(0, <i32>nearest<f32>(latency(d, value, T)));
      if (t >= T) continue;
      const p = bits + <usize>(f >> 5) * address(d, 9) + (<usize>(n * T + t) << 2);
      store<u32>(p, load<u32>(p) | (1 << (f & 31)));
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
