// syops-counter: all operations of a layer, times the input's rate, are ACs if its input is 0s and 1s, else all are MACs. Layers run
// at every step, zeros of an analog input are not skipped, and the bias is added once a call, not once a sample. A neuron (IF or
// LIF alike) is one AC an update; a ReLU one MAC a feature. Energy 0.9 pJ an AC and 4.6 pJ a MAC.

import { ConfigError } from '../../core/index.ts';
import type { ActivityTrace, DenseActivity } from '../../simulate/index.ts';
import type { ViewCounts } from '../energy-types.ts';
import { energyOfOne } from '../profiles/constants.ts';
import { inputValues, repeats, type ViewOptions } from './view-options.ts';

export function syopsView(trace: ActivityTrace, { batch = trace.samples }: ViewOptions): ViewCounts {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new ConfigError('batch', `got ${batch}, expected a whole number of at least 1`);
  }
  let [ops, acs, macs] = [0, 0, 0];
  for (const layer of trace.layers) {
    if (layer.kind === 'dense') {
      const all = denseOperations(layer, trace, batch);
      ops += all;
      if (inputValues(layer) === 'binary') acs += spikingOperations(layer, trace, batch);
      else macs += all;
    } else if (layer.kind === 'relu') {
      ops += layer.features * trace.samples;
      macs += layer.features * trace.samples;
    } else if (layer.kind === 'neuron' && knownNode(layer)) {
      ops += layer.neurons * trace.timesteps * trace.samples;
      acs += layer.neurons * trace.timesteps * trace.samples;
    }
  }
  const [perOp, perAc, perMac] = [ops, acs, macs].map((total) => total / trace.samples) as [number, number, number];
  const energy = perAc * energyOfOne('horowitz45-fp32-add') + perMac * energyOfOne('horowitz45-fp32-mac');
  return {
    view: 'syops',
    quantities: [
      { name: 'total ops', value: perOp, unit: 'operations' },
      { name: 'ACs', value: perAc, unit: 'operations' },
      { name: 'MACs', value: perMac, unit: 'operations' },
      { name: 'energy', value: energy, unit: 'J' },
    ],
    differs: differences(trace, batch),
  };
}

/** Its list has IF, LIF and parametric LIF; any other module counts nothing. */
const knownNode = (layer: { currentBased: boolean; recurrent: string }): boolean =>
  !layer.currentBased && layer.recurrent === 'none';

function denseOperations({ inputs, outputs, bias }: DenseActivity, trace: ActivityTrace, batch: number): number {
  const calls = Math.ceil(trace.samples / batch);
  return trace.timesteps * outputs * (trace.samples * inputs + (bias ? calls : 0));
}

/** The rate of each call's whole input times its operations, bias included. */
function spikingOperations(layer: DenseActivity, trace: ActivityTrace, batch: number): number {
  const { inputs, outputs, bias, nonzeroInPerSample } = layer;
  let operations = 0;
  for (let start = 0; start < trace.samples; start += batch) {
    const samples = nonzeroInPerSample.slice(start, start + batch);
    const spikes = samples.reduce((total, count) => total + count, 0);
    operations += spikes * outputs + (bias ? (spikes / (samples.length * inputs)) * outputs : 0);
  }
  return operations * repeats(layer, trace.timesteps);
}

function differences(trace: ActivityTrace, batch: number): string {
  const notes = [
    'every layer is run at every step',
    'zeros of an analog input are not skipped',
    `a bias is added once a call (of ${batch} samples), and scaled by the spike rate`,
  ];
  if (trace.mode === 'ann') notes.push('a ReLU counts as a MAC');
  else notes.push('a neuron update is one AC, with or without leak');
  const unknown = trace.layers.filter((layer) => layer.kind === 'neuron' && !knownNode(layer));
  if (unknown.length > 0) {
    notes.push(`${unknown.map(({ layer }) => `"${layer}"`).join(', ')}: not in its list of neurons, so counted as 0`);
  }
  return notes.join('; ');
}
