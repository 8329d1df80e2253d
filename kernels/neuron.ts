// A neuron layer on one chunk, all its time steps in one pass per sample and half panel (16 neurons), the state in registers.
// One branch-free body serves every dynamics: what a reset does is in vectors that are zero where it does nothing.
//   i = alpha i + x;  u = a m + b i + c  (m after its next-step reset);  s = u > tc;  m = u after its same-step reset
// tc is the threshold, or the float just below it where a membrane at threshold fires.

import { address, operand, PANEL_BYTES, real, samplesOf, weightStride, word, ZEROS } from './memory';
import { addRows } from './events';
import { fma } from './gemm';
import { surrogateRows } from './surrogate';

// Descriptor fields. Tensor operands take three words.
const CURRENT = 0, SPIKES = 3, CHARGE = 6, MEMBRANE = 9, SYNAPSE = 12, SCRATCH = 15;
const A = 18, B = 19, C = 20, THRESHOLD = 21, ALPHA = 22, NEURONS = 23, STEPS = 24, CONSTANT = 25;
const CURRENT_BYTES = 26, BITS_BYTES = 27, STEP_BYTES = 28, TIE = 29, RESET = 30, RESET_VALUE = 31, MOMENT = 32, DROPS = 33;
const INITIAL = 34, REC_WEIGHT = 35, REC_SCALE = 36, REC_BIAS = 37, DETACH = 38, SURROGATE = 39, SLOPE = 40;
const D_SPIKES = 41, D_MEMBRANE = 44, D_CURRENT = 47, D_A = 50, D_B = 53, D_C = 56, D_THRESHOLD = 59, D_ALPHA = 62;
const D_CURRENT_BYTES = 65, SAMPLE_BYTES = 66, REC_TRANSPOSED = 67;

const SUBTRACT = 1, VALUE = 2;
const SAME = 0, NEXT = 1, BOTH = 2;

/** Bodies are made three times: for next-step subtraction, for same-step resets, and for everything. */
const GENERAL = 0, NEXT_SUBTRACT = 1, SAME_STEP = 2;

/** Which body serves a layer: resets that do not exist need no work. */
function variantOf(d: usize): i32 {
  if (word(d, MOMENT) == SAME || word(d, RESET) == 0) return SAME_STEP;
  return word(d, MOMENT) == NEXT && word(d, RESET) == SUBTRACT ? NEXT_SUBTRACT : GENERAL;
}

// @ts-ignore: decorator
@inline
function maskIf(condition: i32): v128 {
  return i32x4.splat(-condition);
}

/** What a strict comparison needs for a threshold that fires at equality: the next float below it. */
// @ts-ignore: decorator
@inline
function compareLevel(threshold: v128, ties: v128): v128 {
  const zero = f32x4.splat(0);
  const positive = f32x4.gt(threshold, zero);
  const step = v128.bitselect(i32x4.splat(1), i32x4.splat(-1), positive);
  const below = v128.bitselect(i32x4.splat(0x80000001), i32x4.sub(threshold, step), f32x4.eq(threshold, zero));
  return v128.bitselect(below, threshold, ties);
}

// @ts-ignore: decorator
@inline
function finite(x: v128): v128 {
  return v128.and(x, f32x4.lt(x, f32x4.splat(f32.MAX_VALUE)));
}

/** The membrane that meets the next charge: where r fired and the reset is a next-step `value`, that value. */
// @ts-ignore: decorator
@inline
function held(m: v128, r: v128, keepsInput: v128, value: v128): v128 {
  return v128.bitselect(value, m, v128.and(r, keepsInput));
}

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

/** Steps [t0, t1) of one sample and panel, both halves; `cur` is row t0, advanced by `curStep`; state at `state`. */
// @ts-ignore: decorator
@inline
function forwardPanel(
  variant: i32, d: usize, panel: i32, t0: i32, t1: i32, cur: usize, curStep: usize, bits: usize, uOut: usize, mOut: usize, iOut: usize,
  state: usize, synState: usize,
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
    const o = <usize>panel * PANEL_BYTES + (half << 6);
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
    let m0 = v128.load(sp), m1 = v128.load(sp, 16), m2 = v128.load(sp, 32), m3 = v128.load(sp, 48);
    let i0 = v128.load(yp), i1 = v128.load(yp, 16), i2 = v128.load(yp, 32), i3 = v128.load(yp, 48);
    let x = cur + (half << 6), u = uOut + (half << 6), mo = mOut + (half << 6), io = iOut + (half << 6), sb = bits + (half << 1);
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
    v128.store(sp, m0); v128.store(sp, m1, 16); v128.store(sp, m2, 32); v128.store(sp, m3, 48);
    v128.store(yp, i0); v128.store(yp, i1, 16); v128.store(yp, i2, 32); v128.store(yp, i3, 48);
  }
}

function fillSplat(p: usize, bytes: usize, x: f32): void {
  const v = f32x4.splat(x);
  for (const end = p + bytes; p < end; p += 16) v128.store(p, v);
}

/** A neuron layer forward; fields above. Scratch: membrane and synapse state, the recurrent drive and its event list. */
export function neuron(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, STEPS);
  const panels = (word(d, NEURONS) + 31) >> 5;
  const layerBytes = <usize>panels * PANEL_BYTES;
  const constant = word(d, CONSTANT) != 0;
  const recurrent = address(d, REC_WEIGHT) != 0 || address(d, REC_SCALE) != 0;
  const cur = operand(d, CURRENT, chunk, thread), bits = operand(d, SPIKES, chunk, thread);
  const uOut = operand(d, CHARGE, chunk, thread), mOut = operand(d, MEMBRANE, chunk, thread);
  const iOut = operand(d, SYNAPSE, chunk, thread);
  const state = operand(d, SCRATCH, chunk, thread), synState = state + layerBytes, drive = synState + layerBytes;
  const step = address(d, STEP_BYTES), variant = variantOf(d);
  for (let n = 0; n < samples; n++) {
    fillSplat(state, layerBytes, real(d, INITIAL));
    fillSplat(synState, layerBytes, 0);
    const row0 = <usize>(n * T);
    const curRow = constant ? <usize>n : row0;
    for (let t = 0; t < T; t += recurrent ? 1 : T) {
      const row = (row0 + t) * PANEL_BYTES;
      if (recurrent) recurrentDrive(d, panels, cur + (constant ? curRow : row0 + t) * PANEL_BYTES, bits, row0 + t, t > 0, drive);
      for (let p = 0; p < panels; p++) {
        const at = row + <usize>p * step;
        const plain = cur + <usize>p * address(d, CURRENT_BYTES) + (curRow + (constant ? 0 : t)) * PANEL_BYTES;
        const o = <usize>p * PANEL_BYTES;
        const input = recurrent ? drive + o : plain, inputStep: usize = constant ? 0 : PANEL_BYTES, end = recurrent ? t + 1 : T;
        const b = bits ? bits + <usize>p * address(d, BITS_BYTES) + ((row0 + t) << 2) : 0;
        const u = uOut ? uOut + at : 0, m = mOut ? mOut + at : 0, i = iOut ? iOut + at : 0;
        if (variant == NEXT_SUBTRACT) forwardPanel(NEXT_SUBTRACT, d, p, t, end, input, inputStep, b, u, m, i, state + o, synState + o);
        else if (variant == SAME_STEP) forwardPanel(SAME_STEP, d, p, t, end, input, inputStep, b, u, m, i, state + o, synState + o);
        else forwardPanel(GENERAL, d, p, t, end, input, inputStep, b, u, m, i, state + o, synState + o);
      }
    }
  }
}

/** drive[N] = current row + bias + spikes of the row before times the recurrent weights; the event list follows the drive. */
function recurrentDrive(d: usize, panels: i32, cur: usize, bits: usize, row: usize, spiked: bool, drive: usize): void {
  const neurons = word(d, NEURONS);
  const list = drive + <usize>panels * PANEL_BYTES;
  let n = 0;
  for (let q = 0; spiked && q < panels; q++) {
    let w = load<u32>(bits + <usize>q * address(d, BITS_BYTES) + ((row - 1) << 2));
    while (w != 0) {
      store<u32>(list + (<usize>n << 2), (<u32>(q << 5) + ctz<u32>(w)) << 7);
      n++;
      w &= w - 1;
    }
  }
  const weight = address(d, REC_WEIGHT), scale = address(d, REC_SCALE), bias = address(d, REC_BIAS);
  for (let p = 0; p < panels; p++) {
    const out = drive + <usize>p * PANEL_BYTES, x = cur + <usize>p * address(d, CURRENT_BYTES);
    for (let j: usize = 0; j < PANEL_BYTES; j += 16) {
      const v = v128.load(x + j);
      v128.store(out + j, bias ? f32x4.add(v, v128.load(bias + <usize>p * PANEL_BYTES + j)) : v);
    }
    if (weight) addRows(n, list, weight + <usize>p * weightStride(neurons), out, out);
  }
  if (!scale) return;
  for (let e = 0; e < n; e++) {
    const o = <usize>(load<u32>(list + (<usize>e << 2)) >> 7) << 2;
    store<f32>(drive + o, load<f32>(drive + o) + load<f32>(scale + o));
  }
}

/** What `firing` at the membrane before a step means for its next-step reset and same-step one: see afterReset. */
// @ts-ignore: decorator
@inline
function settled(u: v128, level: v128, subtracts: v128, valueSame: v128, value: v128): v128 {
  const fired = f32x4.gt(u, level);
  return v128.bitselect(value, f32x4.sub(u, v128.and(fired, subtracts)), v128.and(fired, valueSame));
}

/** Derivative of the reset by the spike that caused it, detached or not. */
// @ts-ignore: decorator
@inline
function reach(u: v128, subSame: v128, valueSame: v128, bothValue: v128, through: v128, value: v128): v128 {
  const below = f32x4.sub(value, u);
  const sum = f32x4.sub(v128.and(below, v128.or(valueSame, bothValue)), subSame);
  return v128.and(sum, through);
}

/** Derivative carried through the same-step reset: dm where the membrane was kept. */
// @ts-ignore: decorator
@inline
function keptGradient(dm: v128, s: v128, r: v128, valueSame: v128, bothValue: v128): v128 {
  const both = v128.and(dm, bothValue);
  return f32x4.add(f32x4.sub(v128.andnot(dm, v128.and(s, valueSame)), v128.and(both, s)), v128.and(both, r));
}

/**
 * Steps t1-1 down to t0 of one sample and panel, eight neurons at a time. Pointers are to row 0 of the sample, strides are bytes
 * from step to step (0: the same row, of zeros where there is nothing). What is carried from step to step enters and leaves
 * through `state` and `synState`. The loop has no branches, or the two lanes would not be joined.
 */
// @ts-ignore: decorator
@inline
function backwardPanel(
  variant: i32, learns: bool, d: usize, panel: i32, t0: i32, t1: i32, cur: usize, curStep: usize, uIn: usize, prev: usize,
  dSpikes: usize, dSpikesStep: usize, dMembrane: usize, dMembraneStep: usize, dCurrent: usize, dStep: usize, sums: usize,
  state: usize, synState: usize, slopes: usize,
): void {
  const reset = word(d, RESET), moment = word(d, MOMENT);
  const ties = maskIf(i32(word(d, TIE) != 0));
  const later = maskIf(i32(moment != SAME) & i32(reset != 0));
  const drops = maskIf(i32(reset == VALUE) & i32(word(d, DROPS) != 0));
  const keepsInput = maskIf(i32(reset == VALUE) & i32(word(d, DROPS) == 0));
  const through = maskIf(i32(word(d, DETACH) == 0));
  const isSubtract = maskIf(i32(reset == SUBTRACT));
  const same = maskIf(i32(moment != NEXT)), onlySame = maskIf(i32(moment == SAME)), both = maskIf(i32(moment == BOTH));
  const next = maskIf(i32(moment != SAME));
  const valueSame = v128.and(maskIf(i32(reset == VALUE)), onlySame), bothValue = v128.and(maskIf(i32(reset == VALUE)), both);
  const subSameMask = v128.and(isSubtract, same), undoMask = v128.and(isSubtract, both), subNextMask = v128.and(isSubtract, next);
  const value = f32x4.splat(real(d, RESET_VALUE));
  const initial = f32x4.splat(real(d, INITIAL));
  const zero = f32x4.splat(0);
  const stride = <usize>((word(d, NEURONS) + 31) >> 5) * PANEL_BYTES;
  const alpha = address(d, ALPHA);
  for (let j: usize = 0; j < PANEL_BYTES; j += 32) {
    const o = <usize>panel * PANEL_BYTES + j;
    const ap = address(d, A) + o, bp = address(d, B) + o, hp = address(d, THRESHOLD) + o;
    const lp = alpha ? alpha + o : ZEROS;
    const a0 = v128.load(ap), a1 = v128.load(ap, 16), b0 = v128.load(bp), b1 = v128.load(bp, 16);
    const h0 = v128.load(hp), h1 = v128.load(hp, 16), l0 = v128.load(lp), l1 = v128.load(lp, 16);
    const level0 = compareLevel(h0, ties), level1 = compareLevel(h1, ties);
    const theta0 = finite(h0), theta1 = finite(h1);
    const subSame0 = v128.and(theta0, subSameMask), subSame1 = v128.and(theta1, subSameMask);
    const prevSub0 = v128.and(subSame0, onlySame), prevSub1 = v128.and(subSame1, onlySame);
    let dm0 = v128.load(state + j), dm1 = v128.load(state + j, 16);
    let di0 = v128.load(synState + j), di1 = v128.load(synState + j, 16);
    let dA0 = zero, dA1 = zero, dB0 = zero, dB1 = zero, dC0 = zero, dC1 = zero;
    let dH0 = zero, dH1 = zero, dL0 = zero, dL1 = zero, sum0 = zero, sum1 = zero;
    for (let t = t1 - 1; t >= t0; t--) {
      const row = <usize>t, at = row * PANEL_BYTES + j;
      const first = maskIf(i32(t == 0));
      const before = prev + <usize>max(t - 1, 0) * PANEL_BYTES + j;
      const sp = dSpikes + row * dSpikesStep + j, mp = dMembrane + row * dMembraneStep + j;
      const u0 = v128.load(uIn + at), u1 = v128.load(uIn + at, 16);
      const s0 = f32x4.gt(u0, level0), s1 = f32x4.gt(u1, level1);
      // The membrane the charge of step t started from, and its next-step decision.
      let m0 = zero, m1 = zero, r0 = zero, r1 = zero;
      if (variant == GENERAL) {
        m0 = v128.bitselect(initial, settled(v128.load(before), level0, prevSub0, valueSame, value), first);
        m1 = v128.bitselect(initial, settled(v128.load(before, 16), level1, prevSub1, valueSame, value), first);
        r0 = v128.and(f32x4.gt(m0, level0), later);
        r1 = v128.and(f32x4.gt(m1, level1), later);
      }
      dm0 = f32x4.add(dm0, v128.load(mp));
      dm1 = f32x4.add(dm1, v128.load(mp, 16));
      const gp = slopes + (row - <usize>t0) * PANEL_BYTES + j;
      let ds0 = v128.load(sp), ds1 = v128.load(sp, 16);
      if (variant != NEXT_SUBTRACT) {
        ds0 = fma(reach(u0, subSame0, valueSame, bothValue, through, value), dm0, ds0);
        ds1 = fma(reach(u1, subSame1, valueSame, bothValue, through, value), dm1, ds1);
      }
      const g0 = f32x4.mul(ds0, v128.load(gp)), g1 = f32x4.mul(ds1, v128.load(gp, 16));
      let e0 = g0, e1 = g1;
      if (variant == GENERAL) {
        e0 = f32x4.add(keptGradient(dm0, s0, r0, valueSame, bothValue), g0);
        e1 = f32x4.add(keptGradient(dm1, s1, r1, valueSame, bothValue), g1);
      } else if (variant == SAME_STEP) {
        e0 = f32x4.add(v128.andnot(dm0, v128.and(s0, valueSame)), g0);
        e1 = f32x4.add(v128.andnot(dm1, v128.and(s1, valueSame)), g1);
      } else {
        e0 = f32x4.add(dm0, g0);
        e1 = f32x4.add(dm1, g1);
      }
      let du0 = e0, du1 = e1;
      if (variant == GENERAL) {
        du0 = v128.andnot(e0, v128.and(r0, drops));
        du1 = v128.andnot(e1, v128.and(r1, drops));
      }
      if (learns) {
        dH0 = f32x4.sub(f32x4.sub(dH0, g0), v128.and(dm0, v128.and(s0, subSameMask)));
        dH1 = f32x4.sub(f32x4.sub(dH1, g1), v128.and(dm1, v128.and(s1, subSameMask)));
        dH0 = f32x4.sub(f32x4.add(dH0, v128.and(dm0, v128.and(r0, undoMask))), v128.and(e0, v128.and(r0, subNextMask)));
        dH1 = f32x4.sub(f32x4.add(dH1, v128.and(dm1, v128.and(r1, undoMask))), v128.and(e1, v128.and(r1, subNextMask)));
        dA0 = fma(du0, held(m0, r0, keepsInput, value), dA0);
        dA1 = fma(du1, held(m1, r1, keepsInput, value), dA1);
        const ip = cur + row * curStep + j;
        dB0 = fma(du0, v128.load(ip), dB0);
        dB1 = fma(du1, v128.load(ip, 16), dB1);
        dC0 = f32x4.add(dC0, du0);
        dC1 = f32x4.add(dC1, du1);
      }
      dm0 = f32x4.mul(a0, du0);
      dm1 = f32x4.mul(a1, du1);
      if (variant == GENERAL) {
        dm0 = v128.andnot(dm0, v128.and(r0, keepsInput));
        dm1 = v128.andnot(dm1, v128.and(r1, keepsInput));
      }
      di0 = fma(l0, di0, f32x4.mul(b0, du0));
      di1 = fma(l1, di1, f32x4.mul(b1, du1));
      if (learns) {
        const ip = cur + <usize>max(t - 1, 0) * curStep + j;
        dL0 = v128.bitselect(dL0, fma(di0, v128.load(ip), dL0), first);
        dL1 = v128.bitselect(dL1, fma(di1, v128.load(ip, 16), dL1), first);
      }
      const out = dCurrent + row * dStep + j;
      v128.store(out, di0);
      v128.store(out, di1, 16);
      sum0 = f32x4.add(sum0, di0);
      sum1 = f32x4.add(sum1, di1);
    }
    v128.store(state + j, dm0); v128.store(state + j, dm1, 16);
    v128.store(synState + j, di0); v128.store(synState + j, di1, 16);
    if (!dStep) {
      v128.store(dCurrent + j, sum0);
      v128.store(dCurrent + j, sum1, 16);
    }
    if (learns) {
      addTo(sums + j, dA0, dA1);
      addTo(sums + stride + j, dB0, dB1);
      addTo(sums + 2 * stride + j, dC0, dC1);
      addTo(sums + 3 * stride + j, dH0, dH1);
      addTo(sums + 4 * stride + j, dL0, dL1);
    }
  }
}

// @ts-ignore: decorator
@inline
function addTo(p: usize, x0: v128, x1: v128): void {
  const y0 = f32x4.add(v128.load(p), x0), y1 = f32x4.add(v128.load(p, 16), x1);
  v128.store(p, y0);
  v128.store(p, y1, 16);
}

/** A neuron layer backward. Scratch: carries of membrane and synapse, five parameter sums, surrogate slopes, recurrent currents. */
export function neuronBackward(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, STEPS);
  const panels = (word(d, NEURONS) + 31) >> 5;
  const layerBytes = <usize>panels * PANEL_BYTES;
  const constant = word(d, CONSTANT) != 0;
  const recurrent = address(d, REC_WEIGHT) != 0 || address(d, REC_SCALE) != 0;
  const cur = operand(d, CURRENT, chunk, thread);
  const uIn = operand(d, CHARGE, chunk, thread), iIn = operand(d, SYNAPSE, chunk, thread);
  const prev = word(d, MOMENT) == BOTH ? operand(d, MEMBRANE, chunk, thread) : uIn;
  const dSpikes = operand(d, D_SPIKES, chunk, thread), dMembrane = operand(d, D_MEMBRANE, chunk, thread);
  const dCurrent = operand(d, D_CURRENT, chunk, thread);
  const state = operand(d, SCRATCH, chunk, thread), synState = state + layerBytes, sums = synState + layerBytes;
  const learns = address(d, D_A) != 0 || address(d, D_B) != 0 || address(d, D_C) != 0 || address(d, D_THRESHOLD) != 0 || address(d, D_ALPHA) != 0;
  const step = address(d, STEP_BYTES), dBytes = address(d, D_CURRENT_BYTES);
  const slopes = sums + 5 * layerBytes, variant = variantOf(d);
  // Recurrence needs the derivative of every step; where only their sum is kept they go through scratch, a sample at a time.
  const viaScratch = constant && recurrent;
  const perStep = viaScratch ? slopes + <usize>T * PANEL_BYTES : dCurrent;
  const perStepBytes = viaScratch ? <usize>T * PANEL_BYTES : dBytes;
  const summed = constant && !recurrent;
  for (let n = 0; n < samples; n++) {
    memory.fill(state, 0, 7 * layerBytes);
    const row = <usize>(n * T) * PANEL_BYTES;
    for (let t = T; t > 0; t -= recurrent ? 1 : T) {
      if (recurrent && t < T) recurrentBackward(d, panels, perStep + (viaScratch ? 0 : row), perStepBytes, dSpikes + row, t);
      for (let p = 0; p < panels; p++) {
        const o = <usize>p * PANEL_BYTES, at = row + <usize>p * step;
        const target = perStep + <usize>p * perStepBytes + (summed ? <usize>n * PANEL_BYTES : viaScratch ? 0 : row);
        const input = iIn ? iIn + at : cur + <usize>p * address(d, CURRENT_BYTES) + (constant ? <usize>n * PANEL_BYTES : row);
        const first = recurrent ? t - 1 : 0, h = address(d, THRESHOLD) + o;
        surrogateRows(word(d, SURROGATE), t - first, uIn + at + <usize>first * PANEL_BYTES, h, real(d, SLOPE), slopes);
        const inputStep: usize = constant && !iIn ? 0 : PANEL_BYTES, dSpikesAt = dSpikes ? dSpikes + at : ZEROS;
        const dMembraneAt = dMembrane ? dMembrane + at : ZEROS, targetStep: usize = summed ? 0 : PANEL_BYTES;
        if (learns) {
          backwardPanel(
            GENERAL, true, d, p, first, t, input, inputStep, uIn + at, prev + at, dSpikesAt, dSpikes ? PANEL_BYTES : 0, dMembraneAt,
            dMembrane ? PANEL_BYTES : 0, target, targetStep, sums + o, state + o, synState + o, slopes,
          );
        } else if (variant == NEXT_SUBTRACT) {
          backwardPanel(
            NEXT_SUBTRACT, false, d, p, first, t, input, inputStep, uIn + at, prev + at, dSpikesAt, dSpikes ? PANEL_BYTES : 0, dMembraneAt,
            dMembrane ? PANEL_BYTES : 0, target, targetStep, 0, state + o, synState + o, slopes,
          );
        } else if (variant == SAME_STEP) {
          backwardPanel(
            SAME_STEP, false, d, p, first, t, input, inputStep, uIn + at, prev + at, dSpikesAt, dSpikes ? PANEL_BYTES : 0, dMembraneAt,
            dMembrane ? PANEL_BYTES : 0, target, targetStep, 0, state + o, synState + o, slopes,
          );
        } else {
          backwardPanel(
            GENERAL, false, d, p, first, t, input, inputStep, uIn + at, prev + at, dSpikesAt, dSpikes ? PANEL_BYTES : 0, dMembraneAt,
            dMembrane ? PANEL_BYTES : 0, target, targetStep, 0, state + o, synState + o, slopes,
          );
        }
      }
    }
    if (learns) storeSums(d, chunk, thread, n, panels, sums);
    if (viaScratch) sumSteps(panels, T, perStep, perStepBytes, dCurrent + <usize>n * PANEL_BYTES, dBytes);
  }
}

function storeSums(d: usize, chunk: i32, thread: i32, n: i32, panels: i32, sums: usize): void {
  const layerBytes = <usize>panels * PANEL_BYTES;
  for (let k: usize = 0; k < 5; k++) {
    const target = operand(d, <usize>D_A + 3 * k, chunk, thread);
    if (!target) continue;
    for (let p: usize = 0; p < <usize>panels; p++) {
      memory.copy(target + p * address(d, SAMPLE_BYTES) + <usize>n * PANEL_BYTES, sums + k * layerBytes + p * PANEL_BYTES, PANEL_BYTES);
    }
  }
}

function sumSteps(panels: i32, T: i32, x: usize, xBytes: usize, y: usize, yBytes: usize): void {
  for (let p: usize = 0; p < <usize>panels; p++) {
    for (let j: usize = 0; j < PANEL_BYTES; j += 16) {
      let acc = f32x4.splat(0);
      for (let t = T - 1; t >= 0; t--) acc = f32x4.add(acc, v128.load(x + p * xBytes + <usize>t * PANEL_BYTES + j));
      v128.store(y + p * yBytes + j, acc);
    }
  }
}

/** dSpikes[t - 1] += what the spikes of step t - 1 did through the recurrence at step t; `dx`, `dSpikes` at row 0. */
function recurrentBackward(d: usize, panels: i32, dx: usize, dxBytes: usize, dSpikes: usize, t: i32): void {
  const neurons = word(d, NEURONS), step = address(d, STEP_BYTES);
  const transposed = address(d, REC_TRANSPOSED), scale = address(d, REC_SCALE);
  for (let q = 0; q < panels; q++) {
    const out = dSpikes + <usize>q * step + <usize>(t - 1) * PANEL_BYTES;
    for (let j: usize = 0; j < PANEL_BYTES; j += 16) {
      let acc = v128.load(out + j);
      if (transposed) {
        let w = transposed + <usize>q * weightStride(neurons) + j;
        for (let k = 0; k < neurons; k++) {
          const p = dx + <usize>(k >> 5) * dxBytes + <usize>t * PANEL_BYTES + (<usize>(k & 31) << 2);
          acc = fma(v128.load_splat<f32>(p), v128.load(w), acc);
          w += PANEL_BYTES;
        }
      } else {
        const p = dx + <usize>q * dxBytes + <usize>t * PANEL_BYTES + j;
        acc = fma(v128.load(p), v128.load(scale + <usize>q * PANEL_BYTES + j), acc);
      }
      v128.store(out + j, acc);
    }
  }
}
