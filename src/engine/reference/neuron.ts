// A neuron layer through time, and backpropagation through time, for one sample. N neurons, T steps, arrays [T, N].
//   x = current + recurrent(s[t-1]) + bias;  i = alpha i + x (or x)
//   u = a m + b i + c after a next-step reset decided by r = [m fires];  s = [u fires];  m = u after a same-step reset by s
// Equations in model/spec.ts. Gradients: Neftci et al. 2019 (arXiv 1901.09948), the step's derivative being the surrogate's;
// r is never differentiated, and s inside the reset only where the reset is not detached.

import type { NeuronOpDynamics } from '../plan.ts';

/** Values of the parameters a layer's dynamics name, each [N]; recurrent weight [N, N], row = from. */
export interface NeuronParameters {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
  readonly threshold?: Float64Array | undefined;
  readonly alpha?: Float64Array | undefined;
  readonly weight?: Float64Array | undefined;
  readonly scale?: Float64Array | undefined;
  readonly bias?: Float64Array | undefined;
}

/** Everything one sample went through, each [T, N]. */
export interface History {
  /** m before the step, and what is left of it after a next-step reset. */
  readonly before: Float64Array;
  readonly kept: Float64Array;
  /** r, the next-step decision (0 where there is none). */
  readonly delayed: Float64Array;
  readonly synapse: Float64Array;
  readonly charge: Float64Array;
  /** Output of the spike function: 0 or 1, or a smooth value where gradients are checked. */
  readonly spikes: Float64Array;
  /** What the reset sees of s: the spike, or the hard decision if the reset is detached. */
  readonly resetting: Float64Array;
  readonly membrane: Float64Array;
}

/** Derivatives of the loss by the layer's input and parameters; by parameters summed over time, [N]. */
export interface NeuronGradients {
  readonly dCurrent: Float64Array;
  readonly dA: Float64Array;
  readonly dB: Float64Array;
  readonly dC: Float64Array;
  readonly dThreshold: Float64Array;
  readonly dAlpha: Float64Array;
}

/** Recurrent input of neuron n at step t, bias included; the spikes before the first step are 0. */
function recurrentInput(p: NeuronParameters, spikes: Float64Array, t: number, n: number, N: number): number {
  let sum = p.bias?.[n] ?? 0;
  if (t === 0) return sum;
  if (p.scale !== undefined) sum += p.scale[n]! * spikes[(t - 1) * N + n]!;
  if (p.weight !== undefined) for (let j = 0; j < N; j++) sum += spikes[(t - 1) * N + j]! * p.weight[j * N + n]!;
  return sum;
}

/**
 * Runs one sample. `current(t, n)` is the input; `spike`, a function of u - threshold, replaces the step where given (a smooth
 * one makes the whole layer differentiable, so that central differences can check `backpropagate`).
 */
export function simulate(
  dynamics: NeuronOpDynamics,
  p: NeuronParameters,
  current: (t: number, n: number) => number,
  T: number,
  spike?: (x: number) => number,
): History {
  const N = p.a.length;
  const make = (): Float64Array => new Float64Array(T * N);
  const [before, kept, delayed, synapse] = [make(), make(), make(), make()];
  const [charge, spikes, resetting, membrane] = [make(), make(), make(), make()];
  const { tie, reset, resetValue, moment } = dynamics;
  const fires = (u: number, n: number): number => {
    if (p.threshold === undefined) return 0;
    return (tie === '>=' ? u >= p.threshold[n]! : u > p.threshold[n]!) ? 1 : 0;
  };
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      const k = t * N + n;
      const threshold = p.threshold?.[n] ?? 0;
      const m = t === 0 ? dynamics.initialMembrane : membrane[k - N]!;
      const r = moment === 'same-step' ? 0 : fires(m, n);
      const filtered = p.alpha === undefined || t === 0 ? 0 : p.alpha[n]! * synapse[k - N]!;
      const i = filtered + current(t, n) + recurrentInput(p, spikes, t, n, N);
      const start = reset === 'value' && !dynamics.dropsInput ? (1 - r) * m + r * resetValue : m;
      let u = p.a[n]! * start + p.b[n]! * i + p.c[n]!;
      if (reset === 'subtract') u -= r * threshold;
      if (reset === 'value' && dynamics.dropsInput) u = (1 - r) * u + r * resetValue;
      const hard = fires(u, n);
      const s = spike === undefined || p.threshold === undefined ? hard : spike(u - threshold);
      const inReset = dynamics.detachReset ? hard : s;
      const q = moment === 'next-step' ? 0 : inReset - r;
      const after = reset === 'subtract' ? u - q * threshold : reset === 'value' ? u - q * (u - resetValue) : u;
      before[k] = m;
      kept[k] = start;
      delayed[k] = r;
      synapse[k] = i;
      charge[k] = u;
      spikes[k] = s;
      resetting[k] = inReset;
      membrane[k] = after;
    }
  }
  return { before, kept, delayed, synapse, charge, spikes, resetting, membrane };
}

/** Time in reverse. `dSpikes` and `dMembrane` are [T, N]; `derivative` is the surrogate's, a function of u - threshold. */
export function backpropagate(
  dynamics: NeuronOpDynamics,
  p: NeuronParameters,
  h: History,
  upstream: { readonly dSpikes?: Float64Array | undefined; readonly dMembrane?: Float64Array | undefined },
  derivative: (x: number) => number,
): NeuronGradients {
  const N = p.a.length;
  const T = h.charge.length / N;
  const { reset, resetValue, moment, dropsInput, detachReset } = dynamics;
  const dCurrent = new Float64Array(T * N);
  const vector = (): Float64Array => new Float64Array(N);
  const [dA, dB, dC, dThreshold, dAlpha] = [vector(), vector(), vector(), vector(), vector()];
  // carried from step t + 1: the loss's derivative by m, i and s of step t
  const [carriedM, carriedI, carriedS] = [vector(), vector(), vector()];
  for (let t = T - 1; t >= 0; t--) {
    for (let n = 0; n < N; n++) {
      const k = t * N + n;
      const threshold = p.threshold?.[n] ?? 0;
      const u = h.charge[k]!;
      const r = h.delayed[k]!;
      const dm = carriedM[n]! + (upstream.dMembrane?.[k] ?? 0);
      let ds = carriedS[n]! + (upstream.dSpikes?.[k] ?? 0);
      let du = dm;
      // m = u - q threshold, or u - q (u - value), with q = s - r
      if (moment !== 'next-step' && reset !== 'none') {
        const q = h.resetting[k]! - r;
        if (reset === 'subtract') dThreshold[n]! -= q * dm;
        if (reset === 'value') du = (1 - q) * dm;
        if (!detachReset) ds -= dm * (reset === 'subtract' ? threshold : u - resetValue);
      }
      // s = [u - threshold]
      if (p.threshold !== undefined) {
        const slope = ds * derivative(u - threshold);
        du += slope;
        dThreshold[n]! -= slope;
      }
      // u from kept, i and r
      if (reset === 'subtract') dThreshold[n]! -= r * du;
      if (reset === 'value' && dropsInput) du *= 1 - r;
      dA[n]! += du * h.kept[k]!;
      dB[n]! += du * h.synapse[k]!;
      dC[n]! += du;
      carriedM[n] = du * p.a[n]! * (reset === 'value' && !dropsInput ? 1 - r : 1);
      // i = alpha i[t-1] + x
      const di = du * p.b[n]! + carriedI[n]!;
      if (p.alpha !== undefined) {
        if (t > 0) dAlpha[n]! += di * h.synapse[k - N]!;
        carriedI[n] = p.alpha[n]! * di;
      }
      dCurrent[k] = di;
    }
    recurrentBackward(p, dCurrent.subarray(t * N, (t + 1) * N), carriedS);
  }
  return { dCurrent, dA, dB, dC, dThreshold, dAlpha };
}

/** What the input of this step asks of the spikes of the step before. */
function recurrentBackward(p: NeuronParameters, dx: Float64Array, carriedS: Float64Array): void {
  const N = dx.length;
  for (let j = 0; j < N; j++) {
    let sum = p.scale === undefined ? 0 : p.scale[j]! * dx[j]!;
    if (p.weight !== undefined) for (let n = 0; n < N; n++) sum += p.weight[j * N + n]! * dx[n]!;
    carriedS[j] = sum;
  }
}
