// What the neuron kernels share: their descriptor's fields, the bodies made for different resets, and lane masks.

import { word } from './memory';

// Descriptor fields. Tensor operands take three words.
export const CURRENT = 0, SPIKES = 3, CHARGE = 6, MEMBRANE = 9, SYNAPSE = 12, SCRATCH = 15;
export const A = 18, B = 19, C = 20, THRESHOLD = 21, ALPHA = 22, NEURONS = 23, STEPS = 24, CONSTANT = 25;
export const CURRENT_BYTES = 26, BITS_BYTES = 27, STEP_BYTES = 28, TIE = 29, RESET = 30, RESET_VALUE = 31, MOMENT = 32, DROPS = 33;
export const INITIAL = 34, REC_WEIGHT = 35, REC_SCALE = 36, REC_BIAS = 37, DETACH = 38, SURROGATE = 39, SLOPE = 40;
/** Panels of a pixel: parameter vectors repeat from pixel to pixel. */
export const VECTOR_PANELS = 41, PANELS = 42;
export const D_SPIKES = 43, D_MEMBRANE = 46, D_CURRENT = 49, D_A = 52, D_B = 55, D_C = 58, D_THRESHOLD = 61, D_ALPHA = 64;
export const D_CURRENT_BYTES = 67, SAMPLE_BYTES = 68, REC_TRANSPOSED = 69;

export const SUBTRACT = 1, VALUE = 2;
export const SAME = 0, NEXT = 1, BOTH = 2;

/** Bodies are made three times: for next-step subtraction, for same-step resets, and for everything. */
export const GENERAL = 0, NEXT_SUBTRACT = 1, SAME_STEP = 2;

/** Which body serves a layer: resets that do not exist need no work. */
export function variantOf(d: usize): i32 {
  if (word(d, MOMENT) == SAME || word(d, RESET) == 0) return SAME_STEP;
  return word(d, MOMENT) == NEXT && word(d, RESET) == SUBTRACT ? NEXT_SUBTRACT : GENERAL;
}

// @ts-ignore: decorator
@inline
export function maskIf(condition: i32): v128 {
  return i32x4.splat(-condition);
}

/** What a strict comparison needs for a threshold that fires at equality: the next float below it. */
// @ts-ignore: decorator
@inline
export function compareLevel(threshold: v128, ties: v128): v128 {
  const zero = f32x4.splat(0);
  const positive = f32x4.gt(threshold, zero);
  const step = v128.bitselect(i32x4.splat(1), i32x4.splat(-1), positive);
  const below = v128.bitselect(i32x4.splat(0x80000001), i32x4.sub(threshold, step), f32x4.eq(threshold, zero));
  return v128.bitselect(below, threshold, ties);
}

// @ts-ignore: decorator
@inline
export function finite(x: v128): v128 {
  return v128.and(x, f32x4.lt(x, f32x4.splat(f32.MAX_VALUE)));
}

/** The membrane that meets the next charge: where r fired and the reset is a next-step `value`, that value. */
// @ts-ignore: decorator
@inline
export function held(m: v128, r: v128, keepsInput: v128, value: v128): v128 {
  return v128.bitselect(value, m, v128.and(r, keepsInput));
}
