// Recurrent LIF: the layer's spikes of the last step come back as current, u = beta m + x + s[t-1] V + bias.

import type { NeuronSpec } from '../spec.ts';
import { assembleNeuron, decayOf, type LeakyOptions } from './assemble.ts';

export interface RecurrentOptions extends LeakyOptions {
  /** all-to-all: V is [N, N]; one-to-one: one weight a neuron. Default all-to-all. */
  readonly topology?: 'one-to-one' | 'all-to-all';
  /** A bias with the recurrent current. Default: true for all-to-all. */
  readonly bias?: boolean;
}

/** A recurrent LIF neuron; its recurrent weights always learn. Throws ConfigError. */
export function recurrentLif(options: RecurrentOptions = {}): NeuronSpec {
  const topology = options.topology ?? 'all-to-all';
  const recurrent = { topology, bias: options.bias ?? topology === 'all-to-all' };
  return assembleNeuron('recurrent-lif', decayOf(options), options, { recurrent });
}
