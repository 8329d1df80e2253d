// The neurons of a converted network.

import { ConfigError } from '../core/index.ts';
import { ifNeuron, integrator, type NeuronSpec, type PerNeuron, type SlotSpec } from '../model/index.ts';

export interface NeuronChoice {
  /** Membranes start at half the threshold, so that a rate rounds to the nearest instead of down. Default false. */
  readonly halfThreshold?: boolean;
  /** Neuron that stands for a ReLU; default: IF, fires at >= 1, threshold subtracted at once. Its threshold must be 1. */
  readonly neuron?: NeuronSpec;
}

/** Sums its input over time and never fires. */
export const READ_OUT: NeuronSpec = { ...integrator({ beta: 1 }), decay: { form: 'none' } };

/** Where a slot's membrane starts, in thresholds: at half where asked, and always behind a quantised activation, which rounds. */
export function startOf({ ann }: SlotSpec, { halfThreshold = false }: NeuronChoice): number {
  return halfThreshold || (typeof ann === 'object' && ann.kind === 'quantized') ? 0.5 : 0;
}

/** The neuron of `slot`. Throws ConfigError for one that does not add up what it receives, or that cannot start there. */
export function convertedNeuron(
  { neuron }: NeuronChoice,
  slot: string,
  threshold: PerNeuron,
  start: number,
): NeuronSpec {
  const chosen =
    neuron ?? ifNeuron({ tie: '>=', reset: { kind: 'subtract', moment: 'same-step', gradient: 'through' } });
  checkNeuron(chosen);
  if (start === 0) return { ...chosen, threshold };
  if (typeof threshold !== 'number')
    throw new ConfigError(
      'scaling',
      `got thresholds, one a channel, for slot "${slot}", whose membranes start at half of them; put the scales into the weights, or use one scale a layer`,
    );
  return { ...chosen, threshold, initialMembrane: start * threshold };
}

/** Throws ConfigError. */
export function checkNeuron(neuron: NeuronSpec): void {
  if (neuron.threshold !== 1)
    throw new ConfigError(
      'neuron.threshold',
      `got ${JSON.stringify(neuron.threshold)}, expected 1: scales are folded into the weights or put into the thresholds`,
    );
  if (neuron.recurrent !== undefined || neuron.synapse !== undefined)
    throw new ConfigError('neuron', `got "${neuron.kind}", expected a neuron without recurrence and synaptic filter`);
}
