// Integrate and fire: u = m + x. No leak, so its rate approaches a ReLU's output as time goes on.

import type { NeuronSpec } from '../spec.ts';
import { assembleNeuron, type NeuronOptions } from './assemble.ts';

/** An integrate-and-fire neuron. Throws ConfigError. */
export function ifNeuron(options: NeuronOptions = {}): NeuronSpec {
  return assembleNeuron('if', { form: 'none' }, options);
}
