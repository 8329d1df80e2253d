// Leaky integrate and fire: u = beta m + x, or with a time constant u = m + (x - (m - rest)) / tau.

import type { NeuronSpec } from '../spec.ts';
import { assembleNeuron, decayOf, type LeakyOptions } from './assemble.ts';

/** A leaky integrate-and-fire neuron; default beta 0.9. Throws ConfigError. */
export function lif(options: LeakyOptions = {}): NeuronSpec {
  return assembleNeuron('lif', decayOf(options), options);
}
