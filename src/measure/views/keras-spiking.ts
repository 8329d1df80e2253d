// KerasSpiking ModelEnergy: E = e_synapse * connections * rate * dt * T + e_neuron * neurons * T. On a spiking device the rate is the
// mean |input| in Hz, so spikes come out right but an analog input in [0,1] is taken for at most 1 Hz: dt = 1 ms makes it 1000
// times too cheap. On a CPU or GPU every synapse and neuron counts once: neither spikes nor T enter.

import type { ActivityTrace } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';
import type { ViewCounts } from '../energy-types.ts';
import { energyOfOne } from '../profiles/constants.ts';
import { inputsOf, paddedSynapses, type Quantity, weightedLayers } from './view-options.ts';

const DT_SECONDS = 1e-3;
const PROCESSORS = ['cpu', 'gpu', 'arm'] as const;
const SPIKING_DEVICES = ['loihi', 'spinnaker', 'spinnaker2'] as const;

export function kerasSpikingView(trace: ActivityTrace): ViewCounts {
  const connections = sum(weightedLayers(trace).map(paddedSynapses));
  const neurons = neuronCount(trace);
  const quantities: Quantity[] = [
    { name: 'connections', value: connections, unit: 'synapses' },
    { name: 'neurons', value: neurons, unit: 'neurons' },
  ];
  for (const device of PROCESSORS) {
    quantities.push(energy(device, energyOfOne(`keras-${device}-synop`) * (connections + neurons)));
  }
  const synops = spikingSynops(trace);
  if (trace.mode === 'snn' && synops !== null) {
    quantities.push({ name: 'synaptic operations', value: synops, unit: 'operations' });
    for (const device of SPIKING_DEVICES) {
      const [synapse, neuron] = [energyOfOne(`keras-${device}-synop`), energyOfOne(`keras-${device}-neuron`)];
      quantities.push(energy(device, synapse * synops + neuron * neurons * trace.timesteps));
    }
  }
  return { view: 'keras-spiking', quantities, differs: differences(trace, synops !== null) };
}

const energy = (device: string, value: number): Quantity => ({ name: `energy ${device}`, value, unit: 'J' });

/** Outputs of an activation other than the identity. */
function neuronCount(trace: ActivityTrace): number {
  let neurons = 0;
  for (const layer of trace.layers) {
    if (layer.kind === 'relu' || layer.kind === 'activation' || layer.kind === 'softmax') neurons += layer.features;
    if (layer.kind === 'neuron' && layer.fires) neurons += layer.neurons;
  }
  return neurons;
}

/** connections * rate * dt * T, summed; null if an analog input's mean |x| was not recorded. */
function spikingSynops(trace: ActivityTrace): number | null {
  let synops = 0;
  for (const layer of weightedLayers(trace)) {
    const connections = paddedSynapses(layer);
    if (layer.input === 'spikes') {
      synops += (connections * sum(layer.nonzeroIn)) / (inputsOf(layer) * trace.samples);
    } else if (layer.meanAbsInput !== undefined) {
      synops += connections * layer.meanAbsInput * DT_SECONDS * trace.timesteps;
    } else {
      return null;
    }
  }
  return synops;
}

function differences(trace: ActivityTrace, complete: boolean): string {
  const notes = [
    'on cpu, gpu and arm neither spikes nor time steps enter',
    'biases are free',
    'a neuron update has one price',
  ];
  if (weightedLayers(trace).some(({ kind }) => kind === 'conv'))
    notes.push('a convolution has connections to its padding too');
  if (trace.layers.some(({ kind }) => kind === 'pool' || kind === 'batch-norm' || kind === 'join'))
    notes.push('pools, norms and joins are free');
  if (trace.layers.some((layer) => layer.kind === 'neuron' && layer.recurrent !== 'none'))
    notes.push('recurrent synapses are free: it does not know such a layer');
  if (trace.mode === 'ann')
    return [...notes, 'an ANN on a spiking device is not shown: it would be assumed converted'].join('; ');
  if (weightedLayers(trace).some(({ input }) => input === 'analog')) {
    notes.push('an analog input is taken for a rate in Hz, which at dt = 1 ms makes its layer 1000 times too cheap');
  }
  if (!complete) notes.push('the mean of an analog input was not recorded, so spiking devices are left out');
  return notes.join('; ');
}
