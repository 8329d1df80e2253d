// SpikingJelly op_counter: an input of 0s and 1s gives nonzero inputs * outputs SynOps (ACs of the synapses; borders exact), any
// other input all m n k MACs, zeros and padding included. Biases are part of the matrix product and free. Its AC counter also counts element-wise additions
// of the neuron modules, which depend on their code, not on the network: they are not reproduced here.

import type { ActivityTrace } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';
import type { ViewCounts } from '../energy-types.ts';
import { energyOfOne } from '../profiles/constants.ts';
import { inputValues, isWeighted, metSynapses, paddedSynapses, repeats } from './view-options.ts';

export function spikingJellyView(trace: ActivityTrace): ViewCounts {
  let [synops, macs] = [0, 0];
  for (const layer of trace.layers) {
    if (!isWeighted(layer)) continue;
    if (inputValues(layer) === 'binary') {
      synops += (sum(metSynapses(layer)) * repeats(layer, trace.timesteps)) / trace.samples;
    } else {
      macs += paddedSynapses(layer) * trace.timesteps;
    }
  }
  const energy = synops * energyOfOne('horowitz45-fp32-add') + macs * energyOfOne('horowitz45-fp32-mac');
  return {
    view: 'spikingjelly',
    quantities: [
      { name: 'SynOps', value: synops, unit: 'operations' },
      { name: 'MACs', value: macs, unit: 'operations' },
      { name: 'compute energy of synapses (fp32)', value: energy, unit: 'J' },
    ],
    differs: differences(trace),
  };
}

function differences(trace: ActivityTrace): string {
  const notes = ['every layer is run at every step', 'zeros of an analog input are not skipped', 'biases are free'];
  if (trace.layers.some((layer) => isWeighted(layer) && layer.input === 'spikes' && inputValues(layer) === 'ternary')) {
    notes.push('spikes of -1 make a layer MACs');
  }
  if (trace.layers.some(({ kind }) => kind === 'conv')) {
    notes.push('MACs of a convolution include its padding, SynOps do not');
  }
  if (trace.layers.some(({ kind }) => kind === 'pool' || kind === 'batch-norm' || kind === 'join')) {
    notes.push('average pools, norms and joins are counted there as ACs but not here');
  }
  if (trace.mode === 'snn') {
    notes.push('additions inside its neuron modules are counted there as ACs but not here');
    notes.push('its Lemaire estimate adds SynOps and ACs, and so charges the same additions twice');
  }
  return notes.join('; ');
}
