// How busy the spiking synapses were: the two numbers on which the literature decides.

import type { ActivityTrace, NeuronActivity } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';
import { convSynapses } from '../counting/conv.ts';
import { recurrentFanOut } from '../counting/neuron.ts';
import type { Ledger } from '../counts.ts';

export interface SynapticActivity {
  /** Spikes a spiking synapse carries in one inference, on average: synaptic operations over synapses; null without any. */
  readonly spikesPerSynapse: number | null;
  /** Spikes of a firing neuron in one step, on average; null without any. */
  readonly spikeRate: number | null;
}

/** Of a ledger counted with zero skipping (without, every synapse counts as busy). */
export function synapticActivity(ledger: Ledger, trace: ActivityTrace): SynapticActivity {
  let synapses = 0;
  for (const activity of trace.layers) {
    if (activity.kind === 'dense' && activity.input === 'spikes') synapses += activity.inputs * activity.outputs;
    if (activity.kind === 'conv' && activity.input === 'spikes') synapses += convSynapses(activity);
    if (activity.kind === 'neuron') synapses += activity.neurons * recurrentFanOut(activity);
  }
  const firing = trace.layers.filter((each): each is NeuronActivity => each.kind === 'neuron' && each.fires);
  const spikes = sum(firing.map((layer) => sum(layer.spikes)));
  const chances = sum(firing.map((layer) => layer.neurons)) * trace.timesteps * trace.samples;
  return {
    spikesPerSynapse: synapses === 0 ? null : ledger.total.acs / synapses,
    spikeRate: chances === 0 ? null : spikes / chances,
  };
}
