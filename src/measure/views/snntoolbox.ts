// SNN Toolbox (INI simulator): synaptic operations are nonzero spikes times fan-out. An analog input is charged once, at the first
// step, as 2 * fan-in operations a neuron, and under neuron operations, where biases (once a step) are too; leak, comparison and
// reset are free. An ANN is 2 * fan-in a neuron and a bias. The tool prints these in millions, summed over steps.

import { type ActivityTrace, kernelTaps } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';
import { fanOutOfPixel } from '../counting/conv.ts';
import type { ViewCounts } from '../energy-types.ts';
import { isWeighted, metSynapses, outputsOf, paddedSynapses, type Quantity, type Weighted } from './view-options.ts';

/** Its fan-out: at stride 1 every spike reaches kernel * filters, at borders too; else as many as its kernel really reaches. */
function fannedOut(layer: Weighted): number[] {
  if (layer.kind === 'dense' || layer.window.stride.some((stride) => stride > 1)) return metSynapses(layer);
  return layer.nonzeroIn.map((count) => count * kernelTaps(layer.window) * fanOutOfPixel(layer));
}

export function snnToolboxView(trace: ActivityTrace): ViewCounts {
  let [synaptic, neuron, ann] = [0, 0, 0];
  for (const layer of trace.layers) {
    if (layer.kind === 'pool' && layer.input === 'spikes') synaptic += sum(layer.nonzeroIn) / trace.samples;
    if (!isWeighted(layer)) continue;
    const multiplied = 2 * paddedSynapses(layer);
    const biased = layer.bias ? outputsOf(layer) : 0;
    ann += multiplied + biased;
    if (layer.input === 'spikes') synaptic += sum(fannedOut(layer)) / trace.samples;
    else if (layer.executions === 1) neuron += multiplied;
    // Pooled spikes are spikes to the tool: its pools fire.
    else synaptic += sum(fannedOut(layer)) / trace.samples;
    neuron += biased * trace.timesteps;
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
      ...(trace.layers.some(({ kind }) => kind === 'conv') ? ['a spike at a border reaches a whole kernel'] : []),
      ...(trace.layers.some(({ kind }) => kind === 'pool') ? ['a spike into a pool is one operation'] : []),
      ...(trace.layers.some(({ kind }) => kind === 'batch-norm' || kind === 'join')
        ? ['its norms are folded and its joins are layers of weights: neither is counted here']
        : []),
    ].join('; '),
  };
}
