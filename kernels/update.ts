// Optimisers and what else happens to parameters between batches. Work is cut into blocks of BLOCK floats; padding lanes hold
// zeros in parameters, gradients and optimiser state and stay zero.

import {
  address, H_BETA1, H_BETA2, H_CLIP_NORM, H_CLIP_SCALE, H_EPSILON, H_LEARNING_RATE, H_MOMENTUM, H_REST1, H_REST2, H_ROOT_BIAS2, H_STEP_SIZE,
  H_WEIGHT_DECAY, PANEL_BYTES, real, weightStride, word,
} from './memory';

const BLOCK_BYTES: usize = 16384;

// @ts-ignore: decorator
@inline
function setting(at: usize): v128 {
  return v128.load_splat<f32>(at);
}

// @ts-ignore: decorator
@inline
function blend(a: v128, x: v128, b: v128, y: v128): v128 {
  return f32x4.add(f32x4.mul(a, x), f32x4.mul(b, y));
}

/** 0 parameter, 1 gradient, 2 m, 3 v, 4 bytes, 5 decoupled decay, 6 decays at all. */
export function adam(d: usize, item: i32, thread: i32): void {
  const begin = <usize>item * BLOCK_BYTES, end = min(address(d, 4), begin + BLOCK_BYTES);
  const p0 = address(d, 0), g0 = address(d, 1), m0 = address(d, 2), v0 = address(d, 3);
  const beta1 = setting(H_BETA1), beta2 = setting(H_BETA2), one = f32x4.splat(1);
  const rest1 = setting(H_REST1), rest2 = setting(H_REST2);
  const epsilon = setting(H_EPSILON), step = setting(H_STEP_SIZE), root = setting(H_ROOT_BIAS2);
  const decays = word(d, 6) != 0;
  const l2 = decays && word(d, 5) == 0 ? setting(H_WEIGHT_DECAY) : f32x4.splat(0);
  const keep = decays && word(d, 5) != 0 ? f32x4.sub(one, f32x4.mul(setting(H_LEARNING_RATE), setting(H_WEIGHT_DECAY))) : one;
  for (let j = begin; j < end; j += 32) {
    const p = v128.load(p0 + j), q = v128.load(p0 + j, 16);
    const g = f32x4.add(v128.load(g0 + j), f32x4.mul(l2, p)), h = f32x4.add(v128.load(g0 + j, 16), f32x4.mul(l2, q));
    const m = blend(beta1, v128.load(m0 + j), rest1, g), n = blend(beta1, v128.load(m0 + j, 16), rest1, h);
    const v = blend(beta2, v128.load(v0 + j), rest2, f32x4.mul(g, g)), w = blend(beta2, v128.load(v0 + j, 16), rest2, f32x4.mul(h, h));
    const x = f32x4.add(f32x4.div(f32x4.sqrt(v), root), epsilon), y = f32x4.add(f32x4.div(f32x4.sqrt(w), root), epsilon);
    const p1 = f32x4.sub(f32x4.mul(p, keep), f32x4.div(f32x4.mul(step, m), x));
    const q1 = f32x4.sub(f32x4.mul(q, keep), f32x4.div(f32x4.mul(step, n), y));
    v128.store(m0 + j, m); v128.store(m0 + j, n, 16);
    v128.store(v0 + j, v); v128.store(v0 + j, w, 16);
    v128.store(p0 + j, p1); v128.store(p0 + j, q1, 16);
  }
}

/** 0 parameter, 1 gradient, 2 velocity or 0, 3 bytes, 4 decays. */
export function sgd(d: usize, item: i32, thread: i32): void {
  const begin = <usize>item * BLOCK_BYTES, end = min(address(d, 3), begin + BLOCK_BYTES);
  const p0 = address(d, 0), g0 = address(d, 1), v0 = address(d, 2);
  const momentum = setting(H_MOMENTUM), rate = setting(H_LEARNING_RATE);
  const l2 = word(d, 4) != 0 ? setting(H_WEIGHT_DECAY) : f32x4.splat(0);
  for (let j = begin; j < end; j += 16) {
    const p = v128.load(p0 + j);
    let g = f32x4.add(v128.load(g0 + j), f32x4.mul(l2, p));
    if (v0) {
      g = f32x4.add(f32x4.mul(momentum, v128.load(v0 + j)), g);
      v128.store(v0 + j, g);
    }
    v128.store(p0 + j, f32x4.sub(p, f32x4.mul(rate, g)));
  }
}

/** Sum of squares of one block, in float64. 0 gradient, 1 bytes, 2 partial sums (f64 an item). */
export function clipPartial(d: usize, item: i32, thread: i32): void {
  const g0 = address(d, 0), begin = <usize>item * BLOCK_BYTES, end = min(address(d, 1), begin + BLOCK_BYTES);
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (let j = begin; j < end; j += 16) {
    const g = v128.load(g0 + j);
    const a = f64x2.promote_low_f32x4(g), b = f64x2.promote_low_f32x4(v128.shuffle<i32>(g, g, 2, 3, 0, 1));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const s = f64x2.add(low, high);
  store<f64>(address(d, 2) + (<usize>item << 3), f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1));
}

/** The factor all gradients are scaled by. 0 partial sums, 1 how many. */
export function clipCombine(d: usize, item: i32, thread: i32): void {
  let sum: f64 = 0;
  for (let k: usize = 0; k < <usize>word(d, 1); k++) sum += load<f64>(address(d, 0) + (k << 3));
  const limit = <f64>load<f32>(H_CLIP_NORM);
  store<f32>(H_CLIP_SCALE, limit > 0 ? <f32>min(1.0, limit / (Math.sqrt(sum) + 1e-6)) : 1);
}

/** 0 gradient, 1 bytes. */
export function clipScale(d: usize, item: i32, thread: i32): void {
  const g0 = address(d, 0), begin = <usize>item * BLOCK_BYTES, end = min(address(d, 1), begin + BLOCK_BYTES);
  const scale = setting(H_CLIP_SCALE);
  for (let j = begin; j < end; j += 16) v128.store(g0 + j, f32x4.mul(v128.load(g0 + j), scale));
}

/** 0 start, 1 bytes. */
export function zero(d: usize, item: i32, thread: i32): void {
  const begin = <usize>item * BLOCK_BYTES, end = min(address(d, 1), begin + BLOCK_BYTES);
  memory.fill(address(d, 0) + begin, 0, end - begin);
}

/** One item: panel q of the transposed matrix, [q][output][32 inputs]. 0 weight, 1 transposed, 2 inputs, 3 outputs. */
export function transpose(d: usize, item: i32, thread: i32): void {
  const inputs = word(d, 2), outputs = word(d, 3);
  const to = address(d, 1) + <usize>item * weightStride(outputs);
  for (let p = 0; p << 5 < outputs; p++) {
    const from = address(d, 0) + <usize>p * weightStride(inputs) + <usize>(item << 5) * PANEL_BYTES;
    const n = min(32, outputs - (p << 5));
    const rows = min(32, inputs - (item << 5));
    for (let i: usize = 0; i < <usize>rows; i += 4) {
      for (let o: usize = 0; o < <usize>n; o += 4) {
        const source = from + i * PANEL_BYTES + (o << 2);
        const a = v128.load(source), b = v128.load(source, 128), c = v128.load(source, 256), e = v128.load(source, 384);
        const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
        const ce0 = v128.shuffle<i32>(c, e, 0, 4, 1, 5), ce1 = v128.shuffle<i32>(c, e, 2, 6, 3, 7);
        const target = to + (<usize>(p << 5) + o) * PANEL_BYTES + (i << 2);
        v128.store(target, v128.shuffle<i32>(ab0, ce0, 0, 1, 4, 5));
        v128.store(target, v128.shuffle<i32>(ab0, ce0, 2, 3, 6, 7), 128);
        v128.store(target, v128.shuffle<i32>(ab1, ce1, 0, 1, 4, 5), 256);
        v128.store(target, v128.shuffle<i32>(ab1, ce1, 2, 3, 6, 7), 384);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function sigmoid(x: f32): f32 {
  return 1 / (1 + Mathf.exp(-x));
}

/** 0 raw, 1 a, 2 b, 3 c, 4 columns of raw, 5 neurons, 6 tau form, 7 input decay, 8 rest (f32). */
export function deriveDecay(d: usize, item: i32, thread: i32): void {
  for (let n: usize = 0; n < <usize>word(d, 5); n++) {
    const raw = load<f32>(address(d, 0) + ((word(d, 4) == 1 ? <usize>0 : n << 2)));
    const at = n << 2;
    if (word(d, 6) == 0) {
      store<f32>(address(d, 1) + at, min<f32>(1, max<f32>(0, raw)));
      store<f32>(address(d, 2) + at, 1);
      store<f32>(address(d, 3) + at, 0);
      continue;
    }
    const k = sigmoid(raw);
    store<f32>(address(d, 1) + at, 1 - k);
    store<f32>(address(d, 2) + at, word(d, 7) != 0 ? k : 1);
    store<f32>(address(d, 3) + at, real(d, 8) * k);
  }
}

/** 0 raw, 1 d raw, 2 dA, 3 dB, 4 dC, 5 columns of raw, 6 neurons, 7 tau form, 8 input decay, 9 rest (f32). */
export function deriveDecayBackward(d: usize, item: i32, thread: i32): void {
  const columns = word(d, 5), dB = address(d, 3), dC = address(d, 4);
  memory.fill(address(d, 1), 0, <usize>columns << 2);
  for (let n: usize = 0; n < <usize>word(d, 6); n++) {
    const slot: usize = columns == 1 ? 0 : n << 2;
    const raw = load<f32>(address(d, 0) + slot), at = n << 2;
    let g = load<f32>(address(d, 2) + at);
    if (word(d, 7) == 0) g = raw >= 0 && raw <= 1 ? g : 0;
    else {
      const k = sigmoid(raw);
      g = -g;
      if (word(d, 8) != 0 && dB) g += load<f32>(dB + at);
      if (dC) g += real(d, 9) * load<f32>(dC + at);
      g *= k * (1 - k);
    }
    store<f32>(address(d, 1) + slot, load<f32>(address(d, 1) + slot) + g);
  }
}

/** 0 raw (1 column), 1 vector, 2 neurons. */
export function spread(d: usize, item: i32, thread: i32): void {
  const value = load<f32>(address(d, 0));
  for (let n: usize = 0; n < <usize>word(d, 2); n++) store<f32>(address(d, 1) + (n << 2), value);
}

/** 0 d raw, 1 d vector, 2 neurons. */
export function spreadBackward(d: usize, item: i32, thread: i32): void {
  let sum: f32 = 0;
  for (let n: usize = 0; n < <usize>word(d, 2); n++) sum += load<f32>(address(d, 1) + (n << 2));
  store<f32>(address(d, 0), sum);
}
