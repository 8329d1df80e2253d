// The backward pass of a neuron layer: time in reverse, eight neurons at a time, what is carried from step to step in registers.

import { address, operand, PANEL_BYTES, real, samplesOf, word, ZEROS } from './memory';
import { fma } from './gemm';
import { recurrentBackward } from './recurrence';
import { surrogateRows } from './surrogate';
import {
  CURRENT, CHARGE, MEMBRANE, SYNAPSE, SCRATCH, A, B, THRESHOLD, ALPHA, PANELS, STEPS, CONSTANT, CURRENT_BYTES,
  STEP_BYTES, TIE, RESET, RESET_VALUE, MOMENT, DROPS, INITIAL, REC_WEIGHT, REC_SCALE, DETACH, SURROGATE, SLOPE,
  D_SPIKES, D_MEMBRANE, D_CURRENT, D_A, D_B, D_C, D_THRESHOLD, D_ALPHA, D_CURRENT_BYTES, SAMPLE_BYTES, SUBTRACT,
  VALUE, SAME, NEXT, BOTH, GENERAL, NEXT_SUBTRACT, SAME_STEP, VECTOR_PANELS, variantOf, maskIf, compareLevel, finite, held,
} from './neuron-fields';

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
 * Steps t1-1 down to t0 of `samples` samples and one panel, eight neurons at a time. Pointers are to row 0 of the first sample,
 * strides are bytes from step to step (0: the same row, of zeros where there is nothing; a row a sample for `dCurrent`). Samples
 * follow each other after T rows. What is carried from step to step enters through `state` and `synState`, and with one sample
 * leaves there. The loop has no branches, or the two lanes would not be joined.
 */
// @ts-ignore: decorator
@inline
function backwardPanel(
  variant: i32, learns: bool, d: usize, vectors: usize, samples: i32, t0: i32, t1: i32, cur: usize, curStep: usize, uIn0: usize,
  prev0: usize, dSpikes0: usize, dSpikesStep: usize, dMembrane0: usize, dMembraneStep: usize, dCurrent0: usize, dStep: usize,
  sums: usize, sumsStride: usize, state: usize, synState: usize, slopes0: usize,
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
  const stride = sumsStride, T = <usize>word(d, STEPS);
  const alpha = address(d, ALPHA);
  for (let j: usize = 0; j < PANEL_BYTES; j += 32) {
    const o = vectors + j;
    const ap = address(d, A) + o, bp = address(d, B) + o, hp = address(d, THRESHOLD) + o;
    const lp = alpha ? alpha + o : ZEROS;
    const a0 = v128.load(ap), a1 = v128.load(ap, 16), b0 = v128.load(bp), b1 = v128.load(bp, 16);
    const h0 = v128.load(hp), h1 = v128.load(hp, 16), l0 = v128.load(lp), l1 = v128.load(lp, 16);
    const level0 = compareLevel(h0, ties), level1 = compareLevel(h1, ties);
    const theta0 = finite(h0), theta1 = finite(h1);
    const subSame0 = v128.and(theta0, subSameMask), subSame1 = v128.and(theta1, subSameMask);
    const prevSub0 = v128.and(subSame0, onlySame), prevSub1 = v128.and(subSame1, onlySame);
    for (let n: usize = 0; n < <usize>samples; n++) {
      const rows = n * T * PANEL_BYTES, uIn = uIn0 + rows, prev = prev0 + rows, slopes = slopes0 + rows;
      const dSpikes = dSpikes0 + n * T * dSpikesStep, dMembrane = dMembrane0 + n * T * dMembraneStep;
      const dCurrent = dCurrent0 + (dStep ? rows : n * PANEL_BYTES);
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
        const gp = slopes + row * PANEL_BYTES + j;
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
      if (samples == 1) {
        v128.store(state + j, dm0); v128.store(state + j, dm1, 16);
        v128.store(synState + j, di0); v128.store(synState + j, di1, 16);
      }
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
  const samples = samplesOf(chunk), T = word(d, STEPS), panels = word(d, PANELS), constant = word(d, CONSTANT) != 0;
  const cur = operand(d, CURRENT, chunk, thread);
  const uIn = operand(d, CHARGE, chunk, thread), iIn = operand(d, SYNAPSE, chunk, thread);
  const prev = word(d, MOMENT) == BOTH ? operand(d, MEMBRANE, chunk, thread) : uIn;
  const dSpikes = operand(d, D_SPIKES, chunk, thread), dMembrane = operand(d, D_MEMBRANE, chunk, thread);
  const dCurrent = operand(d, D_CURRENT, chunk, thread), scratch = operand(d, SCRATCH, chunk, thread);
  if (address(d, REC_WEIGHT) != 0 || address(d, REC_SCALE) != 0) {
    for (let n = 0; n < samples; n++) recurrentSample(d, chunk, thread, n, cur, uIn, iIn, prev, dSpikes, dMembrane, dCurrent, scratch);
    return;
  }
  const learns = sumsWanted(d), step = address(d, STEP_BYTES), dBytes = address(d, D_CURRENT_BYTES), rowBytes = <usize>T * PANEL_BYTES;
  const state = scratch, synState = state + PANEL_BYTES, sums = synState + PANEL_BYTES, slopes = sums + 5 * PANEL_BYTES;
  const inputStep: usize = constant && !iIn ? 0 : PANEL_BYTES, dStep: usize = constant ? 0 : PANEL_BYTES;
  const variant = learns ? GENERAL : variantOf(d), each = learns ? 1 : samples;
  for (let p: usize = 0; p < <usize>panels; p++) {
    const vectors = (p % <usize>word(d, VECTOR_PANELS)) * PANEL_BYTES, u = uIn + p * step, before = prev + p * step;
    const input = iIn ? iIn + p * step : cur + p * address(d, CURRENT_BYTES), target = dCurrent + p * dBytes;
    const ds = dSpikes ? dSpikes + p * step : ZEROS, dm = dMembrane ? dMembrane + p * step : ZEROS;
    const dsStep: usize = dSpikes ? PANEL_BYTES : 0, dmStep: usize = dMembrane ? PANEL_BYTES : 0;
    surrogateRows(word(d, SURROGATE), samples * T, u, address(d, THRESHOLD) + vectors, real(d, SLOPE), slopes);
    for (let n = 0; n < samples; n += each) {
      const at = <usize>n * rowBytes, out = target + (dStep ? at : <usize>n * PANEL_BYTES);
      const dsAt = dSpikes ? ds + at : ds, dmAt = dMembrane ? dm + at : dm;
      memory.fill(state, 0, 7 * PANEL_BYTES);
      if (learns) {
        const x = input + (inputStep ? at : <usize>n * PANEL_BYTES);
        backwardPanel(
          GENERAL, true, d, vectors, 1, 0, T, x, inputStep, u + at, before + at, dsAt, dsStep, dmAt, dmStep, out, dStep, sums, PANEL_BYTES,
          state, synState, slopes + at,
        );
        storeSums(d, chunk, thread, n, p, sums, PANEL_BYTES);
      } else if (variant == NEXT_SUBTRACT) {
        backwardPanel(
          NEXT_SUBTRACT, false, d, vectors, samples, 0, T, input, inputStep, u, before, ds, dsStep, dm, dmStep, out, dStep, 0, 0, state,
          synState, slopes,
        );
      } else if (variant == SAME_STEP) {
        backwardPanel(
          SAME_STEP, false, d, vectors, samples, 0, T, input, inputStep, u, before, ds, dsStep, dm, dmStep, out, dStep, 0, 0, state,
          synState, slopes,
        );
      } else {
        backwardPanel(
          GENERAL, false, d, vectors, samples, 0, T, input, inputStep, u, before, ds, dsStep, dm, dmStep, out, dStep, 0, 0, state, synState,
          slopes,
        );
      }
    }
  }
}

function sumsWanted(d: usize): bool {
  return address(d, D_A) != 0 || address(d, D_B) != 0 || address(d, D_C) != 0 || address(d, D_THRESHOLD) != 0 || address(d, D_ALPHA) != 0;
}

/** One sample of a recurrent layer, step by step. */
function recurrentSample(
  d: usize, chunk: i32, thread: i32, n: i32, cur: usize, uIn: usize, iIn: usize, prev: usize, dSpikes: usize, dMembrane: usize,
  dCurrent: usize, scratch: usize,
): void {
  const T = word(d, STEPS), panels = word(d, PANELS), layerBytes = <usize>panels * PANEL_BYTES, constant = word(d, CONSTANT) != 0;
  const state = scratch, synState = state + layerBytes, sums = synState + layerBytes, slopes = sums + 5 * layerBytes;
  const step = address(d, STEP_BYTES), dBytes = address(d, D_CURRENT_BYTES), learns = sumsWanted(d);
  // The recurrence needs the derivative of every step; where only their sum is kept they go through scratch.
  const perStep = constant ? slopes + <usize>T * PANEL_BYTES : dCurrent, perStepBytes = constant ? <usize>T * PANEL_BYTES : dBytes;
  memory.fill(state, 0, 7 * layerBytes);
  const row = <usize>(n * T) * PANEL_BYTES;
  for (let t = T; t > 0; t--) {
    if (t < T) recurrentBackward(d, panels, perStep + (constant ? 0 : row), perStepBytes, dSpikes + row, t);
    for (let p = 0; p < panels; p++) {
      const o = <usize>p * PANEL_BYTES, at = row + <usize>p * step, target = perStep + <usize>p * perStepBytes + (constant ? 0 : row);
      const input = iIn ? iIn + at : cur + <usize>p * address(d, CURRENT_BYTES) + (constant ? <usize>n * PANEL_BYTES : row);
      const inputStep: usize = constant && !iIn ? 0 : PANEL_BYTES, ds = dSpikes ? dSpikes + at : ZEROS, dm = dMembrane ? dMembrane + at : ZEROS;
      const dsStep: usize = dSpikes ? PANEL_BYTES : 0, dmStep: usize = dMembrane ? PANEL_BYTES : 0;
      surrogateRows(word(d, SURROGATE), 1, uIn + at + <usize>(t - 1) * PANEL_BYTES, address(d, THRESHOLD) + o, real(d, SLOPE), slopes + <usize>(t - 1) * PANEL_BYTES);
      if (learns) {
        backwardPanel(
          GENERAL, true, d, o, 1, t - 1, t, input, inputStep, uIn + at, prev + at, ds, dsStep, dm, dmStep, target, PANEL_BYTES, sums + o,
          layerBytes, state + o, synState + o, slopes,
        );
      } else {
        backwardPanel(
          GENERAL, false, d, o, 1, t - 1, t, input, inputStep, uIn + at, prev + at, ds, dsStep, dm, dmStep, target, PANEL_BYTES, 0, 0,
          state + o, synState + o, slopes,
        );
      }
    }
  }
  if (learns) for (let p: usize = 0; p < <usize>panels; p++) storeSums(d, chunk, thread, n, p, sums + p * PANEL_BYTES, layerBytes);
  if (constant) sumSteps(panels, T, perStep, perStepBytes, dCurrent + <usize>n * PANEL_BYTES, dBytes);
}

/** One panel's sums of one sample, `stride` bytes from parameter to parameter, to where they are kept. */
function storeSums(d: usize, chunk: i32, thread: i32, n: i32, panel: usize, sums: usize, stride: usize): void {
  for (let k: usize = 0; k < 5; k++) {
    const target = operand(d, <usize>D_A + 3 * k, chunk, thread);
    if (target) memory.copy(target + panel * address(d, SAMPLE_BYTES) + <usize>n * PANEL_BYTES, sums + k * stride, PANEL_BYTES);
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
