// A neuron layer on one chunk, all its time steps in one pass per sample and half panel (16 neurons), the state in registers.
// What a reset does is in vectors that are zero where it does nothing, so the loops have no branches.
//   i = alpha i + x;  u = a m + b i + c  (m after its next-step reset);  s = u > tc;  m = u after its same-step reset
// tc is the threshold, or the float just below it where a membrane at threshold fires.

import { address, operand, PANEL_BYTES, real, samplesOf, word } from './memory';
import { fma } from './gemm';
import { recurrentDrive } from './recurrence';
import {
  CURRENT, SPIKES, CHARGE, MEMBRANE, SYNAPSE, SCRATCH, A, B, C, THRESHOLD, ALPHA, PANELS, STEPS, CONSTANT,
  CURRENT_BYTES, BITS_BYTES, STEP_BYTES, TIE, RESET, RESET_VALUE, MOMENT, DROPS, INITIAL, REC_WEIGHT, REC_SCALE, VECTOR_PANELS,
  SUBTRACT, VALUE, SAME, NEXT, BOTH, GENERAL, NEXT_SUBTRACT, SAME_STEP, variantOf, maskIf, compareLevel, finite,
  held,
} from './neuron-fields';

// @ts-ignore: decorator
@inline
function charge(m: v128, drive: v128, a: v128, r: v128, drops: v128, subNext: v128, value: v128): v128 {
  const u = v128.bitselect(value, fma(a, m, drive), v128.and(r, drops));
  return f32x4.sub(u, v128.and(r, subNext));
}

/** The membrane after the same-step reset; `undo` is what snnTorch's reset_delay=False gives back where r fired. */
// @ts-ignore: decorator
@inline
function afterReset(u: v128, s: v128, r: v128, subSame: v128, undo: v128, valueSame: v128, bothValue: v128, value: v128): v128 {
  let m = f32x4.sub(u, v128.and(s, subSame));
  m = f32x4.add(m, v128.and(r, undo));
  m = v128.bitselect(value, m, v128.and(s, valueSame));
  const both = v128.and(f32x4.sub(u, value), bothValue);
  return f32x4.add(f32x4.sub(m, v128.and(both, s)), v128.and(both, r));
}

/**
 * Steps [t0, t1) of `samples` samples and one panel, both halves; `cur` is row t0, advanced by `curStep` (0: one row a sample).
 * Every sample begins from the state at `state`; with one sample its last state is left there.
 */
// @ts-ignore: decorator
@inline
function forwardPanel(
  variant: i32, d: usize, vectors: usize, samples: i32, t0: i32, t1: i32, cur: usize, curStep: usize, bits: usize, uOut: usize,
  mOut: usize, iOut: usize, state: usize, synState: usize,
): void {
  const kind = word(d, RESET), moment = word(d, MOMENT);
  const ties = maskIf(i32(word(d, TIE) != 0));
  const later = maskIf(i32(moment != SAME) & i32(kind != 0));
  const drops = maskIf(i32(kind == VALUE) & i32(word(d, DROPS) != 0));
  const keepsInput = maskIf(i32(kind == VALUE) & i32(word(d, DROPS) == 0));
  const valueSame = maskIf(i32(kind == VALUE) & i32(moment == SAME));
  const bothValue = maskIf(i32(kind == VALUE) & i32(moment == BOTH));
  const value = f32x4.splat(real(d, RESET_VALUE));
  const subtracts = maskIf(i32(kind == SUBTRACT)), next = v128.and(subtracts, maskIf(i32(moment != SAME)));
  const same = v128.and(subtracts, maskIf(i32(moment != NEXT))), both = v128.and(subtracts, maskIf(i32(moment == BOTH)));
  const none = i32x4.splat(0);
  const alpha = address(d, ALPHA);
  for (let half: usize = 0; half < 2; half++) {
    const o = vectors + (half << 6);
    const ap = address(d, A) + o, bp = address(d, B) + o, cp = address(d, C) + o;
    const tp = address(d, THRESHOLD) + o;
    const a0 = v128.load(ap), a1 = v128.load(ap, 16), a2 = v128.load(ap, 32), a3 = v128.load(ap, 48);
    const b0 = v128.load(bp), b1 = v128.load(bp, 16), b2 = v128.load(bp, 32), b3 = v128.load(bp, 48);
    const c0 = v128.load(cp), c1 = v128.load(cp, 16), c2 = v128.load(cp, 32), c3 = v128.load(cp, 48);
    const h0 = v128.load(tp), h1 = v128.load(tp, 16), h2 = v128.load(tp, 32), h3 = v128.load(tp, 48);
    const g0 = compareLevel(h0, ties), g1 = compareLevel(h1, ties), g2 = compareLevel(h2, ties), g3 = compareLevel(h3, ties);
    const e0 = finite(h0), e1 = finite(h1), e2 = finite(h2), e3 = finite(h3);
    const n0 = v128.and(e0, next), n1 = v128.and(e1, next), n2 = v128.and(e2, next), n3 = v128.and(e3, next);
    const f0 = v128.and(e0, same), f1 = v128.and(e1, same), f2 = v128.and(e2, same), f3 = v128.and(e3, same);
    const k0 = v128.and(e0, both), k1 = v128.and(e1, both), k2 = v128.and(e2, both), k3 = v128.and(e3, both);
    const sp = state + (half << 6), yp = synState + (half << 6);
    let x = cur + (half << 6), u = uOut + (half << 6), mo = mOut + (half << 6), io = iOut + (half << 6), sb = bits + (half << 1);
    for (let n = 0; n < samples; n++) {
      let m0 = v128.load(sp), m1 = v128.load(sp, 16), m2 = v128.load(sp, 32), m3 = v128.load(sp, 48);
      let i0 = v128.load(yp), i1 = v128.load(yp, 16), i2 = v128.load(yp, 32), i3 = v128.load(yp, 48);
      for (let t = t0; t < t1; t++) {
        if (alpha) {
          const lp = alpha + o;
          i0 = fma(v128.load(lp), i0, v128.load(x)); i1 = fma(v128.load(lp, 16), i1, v128.load(x, 16));
          i2 = fma(v128.load(lp, 32), i2, v128.load(x, 32)); i3 = fma(v128.load(lp, 48), i3, v128.load(x, 48));
        } else {
          i0 = v128.load(x); i1 = v128.load(x, 16); i2 = v128.load(x, 32); i3 = v128.load(x, 48);
        }
        if (iOut) {
          v128.store(io, i0); v128.store(io, i1, 16); v128.store(io, i2, 32); v128.store(io, i3, 48);
          io += PANEL_BYTES;
        }
        let u0: v128, u1: v128, u2: v128, u3: v128;
        let r0 = none, r1 = none, r2 = none, r3 = none;
        if (variant != SAME_STEP) {
          r0 = v128.and(f32x4.gt(m0, g0), later); r1 = v128.and(f32x4.gt(m1, g1), later);
          r2 = v128.and(f32x4.gt(m2, g2), later); r3 = v128.and(f32x4.gt(m3, g3), later);
        }
        if (variant == GENERAL) {
          u0 = charge(held(m0, r0, keepsInput, value), fma(b0, i0, c0), a0, r0, drops, n0, value);
          u1 = charge(held(m1, r1, keepsInput, value), fma(b1, i1, c1), a1, r1, drops, n1, value);
          u2 = charge(held(m2, r2, keepsInput, value), fma(b2, i2, c2), a2, r2, drops, n2, value);
          u3 = charge(held(m3, r3, keepsInput, value), fma(b3, i3, c3), a3, r3, drops, n3, value);
        } else {
          u0 = fma(a0, m0, fma(b0, i0, c0)); u1 = fma(a1, m1, fma(b1, i1, c1));
          u2 = fma(a2, m2, fma(b2, i2, c2)); u3 = fma(a3, m3, fma(b3, i3, c3));
          if (variant == NEXT_SUBTRACT) {
            u0 = f32x4.sub(u0, v128.and(r0, n0)); u1 = f32x4.sub(u1, v128.and(r1, n1));
            u2 = f32x4.sub(u2, v128.and(r2, n2)); u3 = f32x4.sub(u3, v128.and(r3, n3));
          }
        }
        const s0 = f32x4.gt(u0, g0), s1 = f32x4.gt(u1, g1), s2 = f32x4.gt(u2, g2), s3 = f32x4.gt(u3, g3);
        if (variant == GENERAL) {
          m0 = afterReset(u0, s0, r0, f0, k0, valueSame, bothValue, value);
          m1 = afterReset(u1, s1, r1, f1, k1, valueSame, bothValue, value);
          m2 = afterReset(u2, s2, r2, f2, k2, valueSame, bothValue, value);
          m3 = afterReset(u3, s3, r3, f3, k3, valueSame, bothValue, value);
        } else if (variant == SAME_STEP) {
          m0 = v128.bitselect(value, f32x4.sub(u0, v128.and(s0, f0)), v128.and(s0, valueSame));
          m1 = v128.bitselect(value, f32x4.sub(u1, v128.and(s1, f1)), v128.and(s1, valueSame));
          m2 = v128.bitselect(value, f32x4.sub(u2, v128.and(s2, f2)), v128.and(s2, valueSame));
          m3 = v128.bitselect(value, f32x4.sub(u3, v128.and(s3, f3)), v128.and(s3, valueSame));
        } else {
          m0 = u0; m1 = u1; m2 = u2; m3 = u3;
        }
        if (uOut) {
          v128.store(u, u0); v128.store(u, u1, 16); v128.store(u, u2, 32); v128.store(u, u3, 48);
          u += PANEL_BYTES;
        }
        if (mOut) {
          v128.store(mo, m0); v128.store(mo, m1, 16); v128.store(mo, m2, 32); v128.store(mo, m3, 48);
          mo += PANEL_BYTES;
        }
        if (bits) {
          const fired = i32x4.bitmask(s0) | (i32x4.bitmask(s1) << 4) | (i32x4.bitmask(s2) << 8) | (i32x4.bitmask(s3) << 12);
          store<u16>(sb, <u16>fired);
          sb += 4;
        }
        x += curStep;
      }
      if (samples == 1) {
        v128.store(sp, m0); v128.store(sp, m1, 16); v128.store(sp, m2, 32); v128.store(sp, m3, 48);
        v128.store(yp, i0); v128.store(yp, i1, 16); v128.store(yp, i2, 32); v128.store(yp, i3, 48);
      }
      if (!curStep) x += PANEL_BYTES;
    }
  }
}

function fillSplat(p: usize, bytes: usize, x: f32): void {
  const v = f32x4.splat(x);
  for (const end = p + bytes; p < end; p += 16) v128.store(p, v);
}

/** A neuron layer forward; fields above. Scratch: membrane and synapse state, the recurrent drive and its event list. */
export function neuron(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, STEPS), panels = word(d, PANELS), vectorPanels = word(d, VECTOR_PANELS);
  const cur = operand(d, CURRENT, chunk, thread), bits = operand(d, SPIKES, chunk, thread);
  const uOut = operand(d, CHARGE, chunk, thread), mOut = operand(d, MEMBRANE, chunk, thread);
  const iOut = operand(d, SYNAPSE, chunk, thread), state = operand(d, SCRATCH, chunk, thread);
  if (address(d, REC_WEIGHT) != 0 || address(d, REC_SCALE) != 0) {
    for (let n = 0; n < samples; n++) recurrentSample(d, n, cur, bits, uOut, mOut, iOut, state);
    return;
  }
  const step = address(d, STEP_BYTES), curBytes = address(d, CURRENT_BYTES), bitsBytes = address(d, BITS_BYTES), variant = variantOf(d);
  const curStep: usize = word(d, CONSTANT) != 0 ? 0 : PANEL_BYTES, synState = state + PANEL_BYTES;
  for (let p: usize = 0; p < <usize>panels; p++) {
    fillSplat(state, PANEL_BYTES, real(d, INITIAL));
    fillSplat(synState, PANEL_BYTES, 0);
    const vectors = (p % <usize>vectorPanels) * PANEL_BYTES, x = cur + p * curBytes, b = bits ? bits + p * bitsBytes : 0;
    const u = uOut ? uOut + p * step : 0, m = mOut ? mOut + p * step : 0, i = iOut ? iOut + p * step : 0;
    if (variant == NEXT_SUBTRACT) forwardPanel(NEXT_SUBTRACT, d, vectors, samples, 0, T, x, curStep, b, u, m, i, state, synState);
    else if (variant == SAME_STEP) forwardPanel(SAME_STEP, d, vectors, samples, 0, T, x, curStep, b, u, m, i, state, synState);
    else forwardPanel(GENERAL, d, vectors, samples, 0, T, x, curStep, b, u, m, i, state, synState);
  }
}

/** One sample of a recurrent layer, step by step: a step's drive needs the spikes of all neurons at the step before. */
function recurrentSample(d: usize, n: i32, cur: usize, bits: usize, uOut: usize, mOut: usize, iOut: usize, state: usize): void {
  const T = word(d, STEPS), panels = word(d, PANELS), layerBytes = <usize>panels * PANEL_BYTES, constant = word(d, CONSTANT) != 0;
  const synState = state + layerBytes, drive = synState + layerBytes, step = address(d, STEP_BYTES), row0 = <usize>(n * T);
  fillSplat(state, layerBytes, real(d, INITIAL));
  fillSplat(synState, layerBytes, 0);
  for (let t = 0; t < T; t++) {
    const row = (row0 + t) * PANEL_BYTES;
    recurrentDrive(d, panels, cur + (constant ? <usize>n : row0 + t) * PANEL_BYTES, bits, row0 + t, t > 0, drive);
    for (let p = 0; p < panels; p++) {
      const o = <usize>p * PANEL_BYTES, at = row + <usize>p * step;
      const b = bits ? bits + <usize>p * address(d, BITS_BYTES) + ((row0 + t) << 2) : 0;
      const u = uOut ? uOut + at : 0, m = mOut ? mOut + at : 0, i = iOut ? iOut + at : 0;
      forwardPanel(GENERAL, d, o, 1, t, t + 1, drive + o, PANEL_BYTES, b, u, m, i, state + o, synState + o);
    }
  }
}
