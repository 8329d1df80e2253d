// syops-counter: all operations of a layer, times the input's rate, are ACs if its input is 0s and 1s, else all are MACs. Layers run
// at every step, zeros of an analog input are not skipped, and the bias is added once a call, not once a sample. A neuron (IF or
// LIF alike) is one AC an update; a ReLU one MAC a feature. Energy 0.9 pJ an AC and 4.6 pJ a MAC.

import { ConfigError } from '../../core/index.ts';
import type { ActivityTrace, LayerActivity } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';
import { poolInputs } from '../counting/pool.ts';
import type { ViewCounts } from '../energy-types.ts';
import { energyOfOne } from '../profiles/constants.ts';
import {
  inputsOf,
  inputValues,
  outputsOf,
  paddedSynapses,
  repeats,
  type ViewOptions,
  type Weighted,
} from './view-options.ts';

export function syopsView(trace: ActivityTrace, { batch = trace.samples }: ViewOptions): ViewCounts {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new ConfigError('batch', `got ${batch}, expected a whole number of at least 1`);
  }
  let [ops, acs, macs] = [0, 0, 0];
  for (const layer of trace.layers) {
    const counted = operationsOf(layer, trace, batch);
    ops += counted.all;
    acs += counted.acs;
    macs += counted.macs;
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

interface Operations {
  readonly all: number;
  readonly acs: number;
  readonly macs: number;
}

const asMacs = (all: number): Operations => ({ all, acs: 0, macs: all });

/** Of all samples and steps. */
function operationsOf(layer: LayerActivity, trace: ActivityTrace, batch: number): Operations {
  const runs = trace.timesteps * trace.samples;
  switch (layer.kind) {
    case 'dense':
    case 'conv': {
      const all = weightedOperations(layer, trace, batch);
      return inputValues(layer) === 'binary'
        ? { all, acs: spikingOperations(layer, trace, batch), macs: 0 }
        : asMacs(all);
    }
    case 'pool': {
      const all = poolInputs(layer) * runs;
      if (layer.input === 'analog') return asMacs(all);
      return { all, acs: sum(layer.nonzeroIn) * repeats(layer, trace.timesteps), macs: 0 };
    }
    case 'batch-norm':
      return asMacs(2 * layer.features * runs);
    case 'relu':
      return asMacs(layer.features * runs);
    case 'activation':
      return layer.form === 'quantized' ? asMacs(0) : asMacs(layer.features * runs);
    case 'neuron': {
      const updates = knownNode(layer) ? layer.neurons * runs : 0;
      return { all: updates, acs: updates, macs: 0 };
    }
    default:
      return asMacs(0);
  }
}

/** The bias of a dense layer is added once a call, that of a convolution once an output value. */
function weightedOperations(layer: Weighted, trace: ActivityTrace, batch: number): number {
  const calls = Math.ceil(trace.samples / batch);
  const biases = !layer.bias ? 0 : layer.kind === 'dense' ? layer.outputs * calls : outputsOf(layer) * trace.samples;
  return trace.timesteps * (paddedSynapses(layer) * trace.samples + biases);
}

/** The rate of each call's whole input times its operations, bias included. */
function spikingOperations(layer: Weighted, trace: ActivityTrace, batch: number): number {
  let operations = 0;
  for (let start = 0; start < trace.samples; start += batch) {
    const samples = layer.nonzeroInPerSample.slice(start, start + batch);
    const rate = sum(samples) / (samples.length * inputsOf(layer));
    const biases = !layer.bias ? 0 : outputsOf(layer) * (layer.kind === 'dense' ? 1 : samples.length);
    operations += rate * (paddedSynapses(layer) * samples.length + biases);
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
  if (trace.layers.some(({ kind }) => kind === 'conv')) notes.push('a convolution works on its padding too');
  if (trace.layers.some(({ kind }) => kind === 'pool')) notes.push('a pool counts its input values');
  if (trace.layers.some(({ kind }) => kind === 'batch-norm')) notes.push('a batch norm counts two a value');
  if (trace.layers.some(({ kind }) => kind === 'join' || kind === 'softmax')) notes.push('joins and softmax are free');
  const unknown = trace.layers.filter((layer) => layer.kind === 'neuron' && !knownNode(layer));
  if (unknown.length > 0) {
    notes.push(`${unknown.map(({ layer }) => `"${layer}"`).join(', ')}: not in its list of neurons, so counted as 0`);
  }
  return notes.join('; ');
}
