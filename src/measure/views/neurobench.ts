// NeuroBench 2.3: nonzero inputs times nonzero weights, biases left out, ACs if every input is -1, 0 or 1, else MACs. Layers run at
// every step. Neuron operations are a table of operations an update; footprint is the bytes of snnTorch's parameters and buffers.

import { inferShapes, type NetworkSpec, type NeuronSpec } from '../../model/index.ts';
import type { ActivityTrace, NeuronActivity } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';
import { recurrentFanOut } from '../counting/neuron.ts';
import type { ViewCounts } from '../energy-types.ts';
import {
  biasesOf,
  inputValues,
  metSynapses,
  type Quantity,
  repeats,
  synapsesOf,
  type ViewOptions,
  type Weighted,
  weightedLayers,
  weightsOf,
} from './view-options.ts';

const FLOAT_BYTES = 4;
/** snnTorch's Leaky holds threshold, graded_spikes_factor and beta as floats and reset_mechanism_val as an int64; its state is empty. */
const BUFFER_BYTES = 3 * FLOAT_BYTES + 8;

export function neurobenchView(trace: ActivityTrace, { spec }: ViewOptions): ViewCounts {
  const quantities = [
    ...parameterQuantities(trace, spec),
    ...sparsityQuantities(trace),
    ...synapticOperations(trace),
    ...(trace.mode === 'snn' ? neuronQuantities(trace) : []),
  ];
  return { view: 'neurobench', quantities, differs: differences(trace) };
}

const neuronLayers = (trace: ActivityTrace): NeuronActivity[] => trace.layers.filter((each) => each.kind === 'neuron');

function parameterQuantities(trace: ActivityTrace, spec: NetworkSpec): Quantity[] {
  const weights = sum(weightedLayers(trace).map((layer) => weightsOf(layer) + biasesOf(layer)));
  const norms = trace.layers.filter((layer) => layer.kind === 'batch-norm').map(({ layer }) => channelsOf(spec, layer));
  const neurons = neuronLayers(trace);
  const recurrent = sum(
    neurons.map((each) => each.neurons * (recurrentFanOut(each) + Number(each.recurrentBias === true))),
  );
  const own = neurons.map((each) => neuronParameters(specOf(spec, each.layer), each));
  const learned = sum(own.map((each) => each.learned));
  const buffers = sum(own.map((each) => each.bufferBytes));
  const parameters = weights + 2 * sum(norms) + recurrent + learned;
  return [
    { name: 'ParameterCount', value: parameters, unit: 'parameters' },
    { name: 'Footprint', value: parameters * FLOAT_BYTES + buffers + sum(norms.map(normBufferBytes)), unit: 'bytes' },
  ];
}

/** A norm's scale and shift are parameters; its running mean and variance are buffers, with an int64 counter of batches. */
const normBufferBytes = (channels: number): number => 2 * channels * FLOAT_BYTES + 8;

const channelsOf = (spec: NetworkSpec, name: string): number =>
  inferShapes(spec)
    .find(({ layer }) => layer === name)
    ?.output.at(-1) ?? 0;

function specOf(spec: NetworkSpec, layer: string): NeuronSpec | undefined {
  const slot = spec.layers.find((each) => each.name === layer);
  return slot?.kind === 'slot' ? slot.neuron : undefined;
}

/** Learned values count as parameters, fixed ones as buffers; a value for each neuron has that many entries. */
function neuronParameters(spec: NeuronSpec | undefined, { neurons, currentBased }: NeuronActivity) {
  const entries = (value: unknown): number => (Array.isArray(value) ? neurons : 1);
  const decay = spec?.decay.form === 'beta' ? entries(spec.decay.beta) : 1;
  const threshold = entries(spec?.threshold);
  const alpha = currentBased ? entries(spec?.synapse?.alpha) : 0;
  const learned = (spec?.learn.decay ? decay + alpha : 0) + (spec?.learn.threshold ? threshold : 0);
  const held = BUFFER_BYTES + FLOAT_BYTES * (decay - 1 + (threshold - 1) + alpha);
  return { learned, bufferBytes: held - FLOAT_BYTES * learned };
}

function sparsityQuantities(trace: ActivityTrace): Quantity[] {
  const layers = weightedLayers(trace);
  const weights = sum(layers.map(weightsOf));
  const zeros = sum(layers.map(({ zeroWeights }) => zeroWeights));
  let nonzero = 0;
  let values = 0;
  for (const layer of trace.layers) {
    if (layer.kind === 'relu') {
      nonzero += sum(layer.nonzeroOut);
      values += layer.features * layer.nonzeroOut.length * trace.samples;
    } else if (layer.kind === 'neuron') {
      nonzero += sum(layer.spikes);
      values += layer.neurons * trace.timesteps * trace.samples;
    }
  }
  const connection = { name: 'ConnectionSparsity', value: toFourDecimals(zeros / weights), unit: 'share' };
  if (values === 0) return [connection];
  return [connection, { name: 'ActivationSparsity', value: (values - nonzero) / values, unit: 'share' }];
}

/** As Python rounds: half to even. */
function toFourDecimals(value: number): number {
  const scaled = value * 1e4;
  const below = Math.floor(scaled);
  const tie = scaled - below === 0.5;
  return (tie ? below + (below % 2) : Math.round(scaled)) / 1e4;
}

function synapticOperations(trace: ActivityTrace): Quantity[] {
  let [macs, acs, dense] = [0, 0, 0];
  for (const layer of weightedLayers(trace)) {
    const calls = repeats(layer, trace.timesteps);
    const effective = sum(nonzeroPairs(layer)) * calls;
    const asEvents = eventPairs(layer) * calls;
    macs += effective - asEvents;
    acs += asEvents;
    dense += synapsesOf(layer) * trace.timesteps * trace.samples;
  }
  const perSample = (name: string, total: number): Quantity => ({
    name,
    value: total / trace.samples,
    unit: 'operations',
  });
  return [perSample('Effective_MACs', macs), perSample('Effective_ACs', acs), perSample('Dense', dense)];
}

/** Exact where the trace has it or no weight is 0; else a synapse is taken to be 0 as often as any other. */
function nonzeroPairs(layer: Weighted): readonly number[] {
  if (layer.nonzeroSynapses !== undefined) return layer.nonzeroSynapses;
  const share = 1 - layer.zeroWeights / weightsOf(layer);
  return metSynapses(layer).map((count) => count * share);
}

/** Pairs that are ACs: those of calls whose whole input was -1, 0 and 1, if calls were looked at; else by the whole run. */
function eventPairs(layer: Weighted): number {
  if (layer.ternaryCallSynapses !== undefined) return sum(layer.ternaryCallSynapses);
  return inputValues(layer) === 'real' ? 0 : sum(nonzeroPairs(layer));
}

function neuronQuantities(trace: ActivityTrace): Quantity[] {
  const layers = neuronLayers(trace);
  const exact = layers.every((each) => each.membraneChanges !== undefined);
  const updates = layers.map((each) =>
    each.membraneChanges === undefined ? each.neurons * trace.timesteps * trace.samples : sum(each.membraneChanges),
  );
  const perSample = (name: string, totals: readonly number[], unit: string): Quantity => {
    return { name: exact ? name : `${name} (at most)`, value: sum(totals) / trace.samples, unit };
  };
  const quantities = [perSample('MembraneUpdates', updates, 'updates')];
  const each = layers.map(operationsAnUpdate);
  if (each.some((operations) => operations === null)) return quantities;
  const priced = updates.map((count, index) => count * each[index]!);
  const denseOps = layers.map((layer, index) => layer.neurons * trace.timesteps * trace.samples * each[index]!);
  return [
    ...quantities,
    perSample('Effective Neuron Ops', priced, 'operations'),
    { name: 'Neuron Dense Ops', value: sum(denseOps) / trace.samples, unit: 'operations' },
  ];
}

/** Its table: Leaky 4; Synaptic 6, or 8 with a reset to a value. Recurrent neurons and those without reset are not in it. */
function operationsAnUpdate({ currentBased, recurrent, reset }: NeuronActivity): number | null {
  if (recurrent !== 'none' || reset === 'none') return null;
  if (!currentBased) return 4;
  return reset === 'subtract' ? 6 : 8;
}

function differences(trace: ActivityTrace): string {
  const notes = ['biases are left out', 'every layer is run at every step', 'weights that are 0 are skipped too'];
  const dense = weightedLayers(trace);
  if (dense.some(({ kind }) => kind === 'conv')) notes.push('pools, norms and joins are free');
  if (dense.some((layer) => layer.ternaryCallSynapses !== undefined))
    notes.push('pooled spikes are ACs or MACs by what values a call happens to hold');
  if (dense.some((layer) => layer.zeroWeights > 0 && layer.nonzeroSynapses === undefined)) {
    notes.push('which zero weights met a spike was not recorded, so their share is used');
  }
  if (dense.some((layer) => layer.input === 'analog' && inputValues(layer) !== 'real')) {
    notes.push('an analog input of only -1, 0 and 1 counts as spikes');
  }
  const neurons = neuronLayers(trace);
  if (neurons.some((layer) => layer.recurrent !== 'none')) notes.push('recurrent synapses are not counted');
  if (neurons.some((layer) => operationsAnUpdate(layer) === null)) {
    notes.push('its table has no neuron operations for recurrent neurons or neurons without reset');
  }
  if (neurons.some((layer) => layer.membraneChanges === undefined)) {
    notes.push('membranes were not observed, so updates are a bound');
  }
  return notes.join('; ');
}
