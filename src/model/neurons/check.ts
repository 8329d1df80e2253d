// What a neuron's numbers must satisfy for its equations to mean anything. Shared by the constructors and by parsing.

import { ConfigError, showValue } from '../../core/index.ts';
import type { DecaySpec, NeuronSpec, PerNeuron } from '../spec.ts';

/** Throws a ConfigError unless `value`, or each of its entries, passes. */
function each(key: string, value: PerNeuron, passes: (value: number) => boolean, allowed: string): void {
  if (typeof value === 'number') {
    if (!passes(value)) throw new ConfigError(key, `got ${showValue(value)}, expected ${allowed}`);
    return;
  }
  if (value.length === 0) throw new ConfigError(key, 'got an empty list, expected one number for each neuron');
  const at = value.findIndex((entry) => !passes(entry));
  if (at >= 0) throw new ConfigError(`${key}[${at}]`, `got ${showValue(value[at])}, expected ${allowed}`);
}

const share = (value: number): boolean => value >= 0 && value <= 1;
const positive = (value: number): boolean => value > 0 && Number.isFinite(value);

function checkDecay(key: string, decay: DecaySpec): void {
  switch (decay.form) {
    case 'none':
      return;
    case 'beta':
      each(`${key}.beta`, decay.beta, share, 'a decay per step from 0 to 1');
      return;
    case 'tau':
      each(`${key}.tau`, decay.tau, (tau) => tau > 1 && Number.isFinite(tau), 'a time constant of more than 1 step');
      each(`${key}.rest`, decay.rest, Number.isFinite, 'a finite membrane value');
      return;
    case 'linear':
      each(`${key}.a`, decay.a, Number.isFinite, 'a finite number');
      each(`${key}.b`, decay.b, Number.isFinite, 'a finite number');
      each(`${key}.c`, decay.c, Number.isFinite, 'a finite number');
      return;
    default:
      throw new TypeError(`unknown decay ${decay satisfies never}`);
  }
}

function checkFiring(key: string, neuron: NeuronSpec): void {
  if (neuron.threshold !== null) {
    each(
      `${key}.threshold`,
      neuron.threshold,
      positive,
      'a positive number (or null for an integrator, which never fires)',
    );
    return;
  }
  if (neuron.kind !== 'integrator') {
    throw new ConfigError(
      `${key}.threshold`,
      `got null, expected a positive number; only an integrator has no threshold, this is "${neuron.kind}"`,
    );
  }
  if (neuron.reset.kind !== 'none') {
    throw new ConfigError(
      `${key}.reset.kind`,
      `got "${neuron.reset.kind}", expected "none": an integrator never fires, so it never resets`,
    );
  }
  if (neuron.learn.threshold)
    throw new ConfigError(
      `${key}.learn.threshold`,
      'got true, expected false: an integrator has no threshold to learn',
    );
}

/** Throws a ConfigError naming the first field of `neuron` that cannot be right; `key` is the path put before it. */
export function checkNeuron(neuron: NeuronSpec, key: string): void {
  checkFiring(key, neuron);
  checkDecay(`${key}.decay`, neuron.decay);
  if (neuron.synapse !== undefined)
    each(`${key}.synapse.alpha`, neuron.synapse.alpha, share, 'a decay per step from 0 to 1');
  each(`${key}.reset.value`, neuron.reset.value, Number.isFinite, 'a finite membrane value');
  each(`${key}.surrogate.slope`, neuron.surrogate.slope, positive, 'a positive number');
  each(`${key}.initialMembrane`, neuron.initialMembrane, Number.isFinite, 'a finite membrane value');
  const { form } = neuron.decay;
  if (neuron.learn.decay && form !== 'beta' && form !== 'tau') {
    throw new ConfigError(
      `${key}.learn.decay`,
      `got true, expected false: decay form "${form}" has nothing to learn; use "beta" or "tau"`,
    );
  }
}

/** Lengths of the per-neuron lists of `neuron`, by field. */
export function perNeuronLengths(neuron: NeuronSpec): ReadonlyMap<string, number> {
  const { decay } = neuron;
  const fields: Record<string, PerNeuron | null | undefined> = {
    threshold: neuron.threshold,
    'synapse.alpha': neuron.synapse?.alpha,
    'decay.beta': decay.form === 'beta' ? decay.beta : undefined,
    'decay.tau': decay.form === 'tau' ? decay.tau : undefined,
    'decay.a': decay.form === 'linear' ? decay.a : undefined,
    'decay.b': decay.form === 'linear' ? decay.b : undefined,
    'decay.c': decay.form === 'linear' ? decay.c : undefined,
  };
  const lengths = new Map<string, number>();
  for (const [field, value] of Object.entries(fields)) if (Array.isArray(value)) lengths.set(field, value.length);
  return lengths;
}
