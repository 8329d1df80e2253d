// From a neuron's choices to the numbers of its equations: i = alpha i + x, u = a m + b i + c, fire at `threshold`.

import type { DecaySpec, NeuronSpec, PerNeuron } from './spec.ts';

/** Per-neuron coefficients, each [n]. */
export interface Coefficients {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
  /** Absent for a neuron that never fires. */
  readonly threshold?: Float64Array;
  /** Absent without a synaptic filter. */
  readonly alpha?: Float64Array;
}

const spread = (value: PerNeuron, n: number): Float64Array => {
  if (typeof value === 'number') return new Float64Array(n).fill(value);
  if (value.length !== n) throw new RangeError(`expected ${n} per-neuron values, got ${value.length}`);
  return Float64Array.from(value);
};

function membraneCoefficients(decay: DecaySpec, n: number): Pick<Coefficients, 'a' | 'b' | 'c'> {
  switch (decay.form) {
    case 'none':
      return { a: spread(1, n), b: spread(1, n), c: spread(0, n) };
    case 'beta':
      return { a: spread(decay.beta, n), b: spread(1, n), c: spread(0, n) };
    case 'tau': {
      const rate = spread(decay.tau, n).map((tau) => 1 / tau);
      return {
        a: rate.map((k) => 1 - k),
        b: decay.inputDecay ? rate : spread(1, n),
        c: rate.map((k) => decay.rest * k),
      };
    }
    case 'linear':
      return { a: spread(decay.a, n), b: spread(decay.b, n), c: spread(decay.c, n) };
    default:
      throw new TypeError(`unknown decay ${decay satisfies never}`);
  }
}

/** Coefficients of a layer of `n` neurons, as the spec gives them (before training changes any). */
export function decayCoefficients(neuron: NeuronSpec, n: number): Coefficients {
  return {
    ...membraneCoefficients(neuron.decay, n),
    ...(neuron.threshold === null ? {} : { threshold: spread(neuron.threshold, n) }),
    ...(neuron.synapse === undefined ? {} : { alpha: spread(neuron.synapse.alpha, n) }),
  };
}

/** Start values of a learned decay: beta itself, or w with 1/tau = sigmoid(w). One value, or one a neuron; [] if not learned. */
export function rawDecay(neuron: NeuronSpec): readonly number[] {
  const { decay } = neuron;
  if (!neuron.learn.decay) return [];
  if (decay.form === 'beta') return typeof decay.beta === 'number' ? [decay.beta] : decay.beta;
  if (decay.form !== 'tau') return [];
  return (typeof decay.tau === 'number' ? [decay.tau] : decay.tau).map((tau) => 0 - Math.log(tau - 1));
}

/** What one update of one neuron does, for counting operations. */
export interface NeuronTraits {
  /** The membrane is multiplied at each step. */
  readonly leaky: boolean;
  /** A synaptic current is kept and multiplied at each step. */
  readonly currentBased: boolean;
  /** The input is multiplied before it is added. */
  readonly inputScaled: boolean;
  readonly fires: boolean;
}

/** Traits as the neuron's fields say them; a decay that may be learned counts as a multiplication. */
export function neuronTraits(neuron: NeuronSpec): NeuronTraits {
  const { a, b } = decayCoefficients(neuron, largestList(neuron));
  return {
    leaky: neuron.learn.decay || a.some((value) => value !== 1),
    currentBased: neuron.synapse !== undefined,
    inputScaled: b.some((value) => value !== 1),
    fires: neuron.threshold !== null,
  };
}

function largestList(neuron: NeuronSpec): number {
  const { decay, threshold, synapse } = neuron;
  const values: unknown[] = [...Object.values(decay), threshold, synapse?.alpha];
  return Math.max(1, ...values.map((value) => (Array.isArray(value) ? value.length : 1)));
}
