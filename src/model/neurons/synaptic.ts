// Current-based LIF: the input first passes a decaying synaptic current, i = alpha i + x, then u = beta m + i.

import type { NeuronSpec, PerNeuron } from '../spec.ts';
import { assembleNeuron, decayOf, type LeakyOptions } from './assemble.ts';

export interface SynapticOptions extends LeakyOptions {
  /** Synaptic decay per step, 0 to 1. Default 0.8. */
  readonly alpha?: PerNeuron;
}

/** A current-based LIF neuron; default alpha 0.8, beta 0.9. Throws ConfigError. */
export function synaptic(options: SynapticOptions = {}): NeuronSpec {
  return assembleNeuron('synaptic', decayOf(options), options, { synapse: { alpha: options.alpha ?? 0.8 } });
}
