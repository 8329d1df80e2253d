// What all neuron constructors share: options with defaults, checked and frozen into a NeuronSpec.
// Defaults: threshold 1, fires at >= threshold, the threshold is subtracted in the same step, no gradient through the reset,
// arctangent surrogate of slope 2.

import { canonical } from '../canonical.ts';
import type { DecaySpec, NeuronSpec, PerNeuron, ResetSpec, SurrogateSpec } from '../spec.ts';
import { checkNeuron } from './check.ts';

/** Options every neuron has. */
export interface NeuronOptions {
  /** Default 1. */
  readonly threshold?: PerNeuron;
  /** Default `>=`. */
  readonly tie?: '>=' | '>';
  /** Default: subtract, same-step, detached. */
  readonly reset?: Partial<ResetSpec>;
  /** Default: atan, slope 2. */
  readonly surrogate?: Partial<SurrogateSpec>;
  /** Default: learn neither decay nor threshold. */
  readonly learn?: { readonly decay?: boolean; readonly threshold?: boolean };
  /** Default 0. */
  readonly initialMembrane?: number;
}

/** Options of neurons with a leaky membrane. Give `beta`, or `tau`; default beta 0.9. */
export interface LeakyOptions extends NeuronOptions {
  /** Decay per step, 0 to 1. */
  readonly beta?: PerNeuron;
  /** Time constant in steps, > 1; then beta = 1 - 1/tau. */
  readonly tau?: PerNeuron;
  /** With `tau`: is the input scaled by 1/tau too? Default true. */
  readonly inputDecay?: boolean;
  /** With `tau`: the membrane value that decay goes to. Default 0. */
  readonly rest?: number;
}

/** The decay that leaky options ask for. */
export function decayOf(options: LeakyOptions, defaultBeta = 0.9): DecaySpec {
  if (options.tau === undefined) return { form: 'beta', beta: options.beta ?? defaultBeta };
  return { form: 'tau', tau: options.tau, inputDecay: options.inputDecay ?? true, rest: options.rest ?? 0 };
}

/** A checked, frozen neuron. Throws ConfigError. */
export function assembleNeuron(
  kind: NeuronSpec['kind'],
  decay: DecaySpec,
  options: NeuronOptions,
  more: Partial<Pick<NeuronSpec, 'synapse' | 'recurrent' | 'threshold'>> = {},
): NeuronSpec {
  const neuron: NeuronSpec = canonical({
    kind,
    threshold: options.threshold ?? 1,
    tie: options.tie ?? '>=',
    decay,
    reset: {
      kind: 'subtract',
      value: 0,
      moment: 'same-step',
      dropsInput: false,
      gradient: 'detached',
      ...options.reset,
    },
    surrogate: { kind: 'atan', slope: 2, ...options.surrogate },
    learn: { decay: false, threshold: false, ...options.learn },
    initialMembrane: options.initialMembrane ?? 0,
    ...more,
  });
  checkNeuron(neuron, kind);
  return neuron;
}
