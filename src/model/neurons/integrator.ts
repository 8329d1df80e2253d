// Leaky integrator: u = beta m + x and never a spike; an output layer read by its membrane.

import type { NeuronSpec } from '../spec.ts';
import { assembleNeuron, decayOf, type LeakyOptions } from './assemble.ts';

/** A neuron that integrates and never fires; default beta 0.9. Throws ConfigError. */
export function integrator(
  options: Pick<LeakyOptions, 'beta' | 'tau' | 'inputDecay' | 'rest' | 'initialMembrane' | 'learn'> = {},
): NeuronSpec {
  return assembleNeuron('integrator', decayOf(options), { ...options, reset: { kind: 'none' } }, { threshold: null });
}
