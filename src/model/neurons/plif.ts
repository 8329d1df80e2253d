// Parametric LIF: 1/tau = sigmoid(w), w learned. Fang et al. 2021, doi 10.1109/ICCV48922.2021.00266.

import type { NeuronSpec } from '../spec.ts';
import { assembleNeuron, decayOf, type LeakyOptions } from './assemble.ts';

/** A LIF whose decay is learned; default tau 2 with input decay. Given `beta`, beta itself is learned. Throws ConfigError. */
export function plif(options: LeakyOptions = {}): NeuronSpec {
  const decay = decayOf(options.beta === undefined ? { tau: 2, ...options } : options);
  return assembleNeuron('plif', decay, { ...options, learn: { ...options.learn, decay: true } });
}
