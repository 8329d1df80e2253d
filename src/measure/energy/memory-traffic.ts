// Lemaire et al. 2022 (arXiv:2210.13107), with the errata noted in its authors' code: an input spike makes N_o additions (not
// N_i N_o), and a spike adds a reset.
//   E = operations + reads and writes, each at base + perBit * (bits of that memory) + additions (and multiplications) of addressing
// An event reads its weights and reads and writes the potentials it reaches; every neuron's potential is read and written once
// more a step. Additions go straight into the potential, so `stateAcs` cost nothing but where a stored drive is added.
// Counts are the ledger's, so zero skipping applies to the ANN exactly when it applies to the spiking network.

import { joules } from '../../core/index.ts';
import {
  type ActivityTrace,
  type ConvActivity,
  type DenseActivity,
  kernelTaps,
  type LayerActivity,
  type NeuronActivity,
} from '../../simulate/index.ts';
import { convInputs, convOutputs, fanOutOfPixel } from '../counting/conv.ts';
import { recurrentFanOut } from '../counting/neuron.ts';
import { poolInputs, poolOutputs } from '../counting/pool.ts';
import type { Column, Ledger, OpCounts } from '../counts.ts';
import type { EnergyTerm } from '../energy-types.ts';
import type { MemoryTrafficProfile } from '../profiles/profile.ts';

const TERMS = ['operations', 'weights', 'biases', 'potentials', 'inputs and outputs', 'addressing'] as const;
type Parts = Record<(typeof TERMS)[number], number>;

/** What pricing a layer needs. */
interface Pricing {
  readonly parts: Parts;
  readonly profile: MemoryTrafficProfile;
  readonly mode: ActivityTrace['mode'];
  /** Energy of one access to a memory of so many words. */
  readonly access: (words: number) => number;
}

export function memoryTrafficTerms(ledger: Ledger, trace: ActivityTrace, profile: MemoryTrafficProfile): EnergyTerm[] {
  const parts: Parts = Object.fromEntries(TERMS.map((term) => [term, 0])) as Parts;
  const { ramBase, ramPerBit, bits } = profile;
  const access = (words: number): number => ramBase + ramPerBit * words * bits;
  const pricing = { parts, profile, mode: trace.mode, access };
  for (const [index, activity] of trace.layers.entries()) addLayer(pricing, activity, ledger.layers[index]!.counts);
  return TERMS.map((term) => ({ term, energy: joules(parts[term]) }));
}

/** Columns of the ledger that the published model has no place for. */
export const UNPRICED_BY_MEMORY_MODEL: readonly Column[] = [
  'compares',
  'reluOps',
  'activationOps',
  'softmaxOps',
  'poolCompares',
  'encoderOps',
];

function addLayer(pricing: Pricing, activity: LayerActivity, counts: OpCounts): void {
  switch (activity.kind) {
    case 'encoder':
      return;
    case 'dense':
      addSynapses(pricing, sizesOfDense(activity), counts);
      return;
    case 'conv':
      addSynapses(pricing, sizesOfConv(activity), counts);
      addConvAddressing(pricing, activity, counts);
      return;
    case 'neuron':
      addNeuron(pricing, activity, counts);
      return;
    case 'pool': {
      const spikes = activity.input === 'spikes';
      const { queueWords } = pricing.profile;
      addValues(pricing, counts, {
        inputWords: spikes ? queueWords : poolInputs(activity),
        outputWords: spikes && activity.mode !== 'average' ? queueWords : poolOutputs(activity),
        stateWords: poolInputs(activity),
      });
      return;
    }
    default:
      addValues(pricing, counts, { inputWords: activity.features, outputWords: activity.features, stateWords: 0 });
      return;
  }
}

/** Words of the memories a layer of synapses works on. */
interface SynapseSizes {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly biases: number;
  readonly input: 'spikes' | 'analog';
  /** Does each synapse read its input anew (as the published convolution does), or is an input read once? */
  readonly rereads: boolean;
  readonly addressing: boolean;
}

const sizesOfDense = ({ inputs, outputs, input }: DenseActivity): SynapseSizes => ({
  inputs,
  outputs,
  weights: inputs * outputs,
  biases: outputs,
  input,
  rereads: false,
  addressing: true,
});

const weightWords = ({ window, inputChannels, groups, filters }: ConvActivity): number =>
  (kernelTaps(window) * inputChannels * filters) / groups;

const sizesOfConv = (activity: ConvActivity): SynapseSizes => ({
  inputs: convInputs(activity),
  outputs: convOutputs(activity),
  weights: weightWords(activity),
  biases: activity.filters,
  input: activity.input,
  rereads: activity.input === 'analog',
  addressing: false,
});

function addSynapses({ parts, profile, mode, access }: Pricing, sizes: SynapseSizes, counts: OpCounts): void {
  const { add, multiply } = profile;
  const reused = mode === 'ann' && profile.annWeightReuse === 'full';
  const inputWords = sizes.input === 'spikes' ? profile.queueWords : sizes.inputs;
  const inputReads = sizes.rereads && !reused ? counts.macs : counts.inputReads;
  parts.operations += counts.macs * (multiply + add) + (counts.acs + counts.biasAcs) * add;
  parts.weights += reused ? 0 : counts.weightReads * access(sizes.weights);
  parts.biases += counts.biasReads * access(sizes.biases);
  parts.potentials += 2 * counts.acs * access(sizes.outputs);
  parts['inputs and outputs'] += inputReads * access(inputWords) + counts.outputWrites * access(sizes.outputs);
  if (sizes.addressing) parts.addressing += (counts.macs + counts.acs) * add;
}

/** Published: an addition for each input, output and weight of an ANN's kernel; a spike is located by two multiplications. */
function addConvAddressing({ parts, profile }: Pricing, activity: ConvActivity, counts: OpCounts): void {
  const { add, multiply } = profile;
  if (activity.input === 'spikes') {
    parts.addressing += counts.acs * add + 2 * counts.inputReads * (multiply + add);
    return;
  }
  const kernel = kernelTaps(activity.window) * fanOutOfPixel(activity) * activity.groups;
  parts.addressing += activity.executions * (convInputs(activity) + convOutputs(activity) + kernel) * add;
}

function addNeuron({ parts, profile, access }: Pricing, activity: NeuronActivity, counts: OpCounts): void {
  const { add, multiply } = profile;
  const { neurons } = activity;
  const fanOut = recurrentFanOut(activity);
  const fedBack = fanOut === 0 ? 0 : counts.acs / fanOut;
  // A drive that was stored is read and added at every step.
  const driveReads = counts.inputReads - fedBack;
  const driveAcs = driveReads > 0 ? counts.stateAcs : 0;
  parts.operations +=
    counts.leakMacs * (multiply + add) + (counts.resets + counts.acs + counts.biasAcs + driveAcs) * add;
  parts.potentials += (counts.stateReads + counts.stateWrites + 2 * counts.acs) * access(neurons);
  parts['inputs and outputs'] += driveReads * access(neurons) + counts.outputWrites * access(profile.queueWords);
  if (fanOut === 0) return;
  parts.weights += counts.weightReads * access(neurons * fanOut);
  parts.biases += counts.biasReads * access(neurons);
  parts['inputs and outputs'] += fedBack * access(profile.queueWords);
  parts.addressing += counts.acs * add;
}

/** Layers without synapses, which the published model does not have: their operations, and words read and written. */
function addValues(
  { parts, profile, access }: Pricing,
  counts: OpCounts,
  words: { readonly inputWords: number; readonly outputWords: number; readonly stateWords: number },
): void {
  const { add, multiply } = profile;
  parts.operations +=
    (counts.poolAcs + counts.joinOps) * add +
    (counts.poolMuls + counts.activationMuls) * multiply +
    counts.normMacs * (multiply + add);
  parts['inputs and outputs'] +=
    counts.inputReads * access(words.inputWords) + counts.outputWrites * access(words.outputWords);
  parts.potentials += (counts.stateReads + counts.stateWrites) * access(words.stateWords);
}
