// SNN Toolbox (INI simulator): synaptic operations are nonzero spikes times fan-out. An analog input is charged once, at the first
// step, as 2 * fan-in operations a neuron, and under neuron operations, where biases (once a step) are too; leak, comparison and
// reset are free. An ANN is 2 * fan-in a neuron and a bias. The tool prints these in millions, summed over steps.

import type { ActivityTrace } from '../../simulate/index.ts';
import type { ViewCounts } from '../energy-types.ts';
import type { Quantity } from './view-options.ts';

export function snnToolboxView(trace: ActivityTrace): ViewCounts {
  let [synaptic, neuron, ann] = [0, 0, 0];
  for (const layer of trace.layers) {
    if (layer.kind !== 'dense') continue;
    const { inputs, outputs, bias } = layer;
    const multiplied = 2 * inputs * outputs;
    ann += multiplied + (bias ? outputs : 0);
    if (layer.input === 'analog') neuron += multiplied;
    else synaptic += (layer.nonzeroIn.reduce((total, count) => total + count, 0) * outputs) / trace.samples;
    if (bias) neuron += outputs * trace.timesteps;
  }
  const quantity = (name: string, value: number): Quantity => ({ name, value, unit: 'operations' });
  const asAnn = quantity('ANN operations', ann);
  if (trace.mode === 'ann') {
    const differs = 'a multiply-accumulate is 2 operations; zeros are not skipped; rectifiers are free';
    return { view: 'snntoolbox', quantities: [asAnn], differs };
  }
  return {
    view: 'snntoolbox',
    quantities: [quantity('synaptic operations', synaptic), quantity('neuron operations', neuron), asAnn],
    differs: [
      'an analog first layer is charged once, zeros included, and as neuron operations, so it is missing from its plots',
      'leak, comparison and reset are free',
      'recurrent synapses do not exist there',
    ].join('; '),
  };
}
