// Lemaire et al. 2022 (arXiv:2210.13107), fully connected layers, with the errata noted in its authors' code: an input spike makes
// N_o additions (not N_i N_o), and a spike adds a reset.
//   E = operations + reads and writes, each at base + perBit * (bits of that memory) + one addition of addressing a synapse
// An event reads its weights and reads and writes the potentials it reaches; every neuron's potential is read and written once
// more a step. Additions go straight into the potential, so `stateAcs` cost nothing but where a stored drive is added.
// Counts are the ledger's, so zero skipping applies to the ANN exactly when it applies to the spiking network.

import { joules } from '../../core/index.ts';
import type { ActivityTrace, DenseActivity, NeuronActivity } from '../../simulate/index.ts';
import { recurrentFanOut } from '../counting/neuron.ts';
import { type Column, countsOf, type Ledger, type OpCounts } from '../counts.ts';
import type { EnergyTerm } from '../energy-types.ts';
import type { MemoryTrafficProfile } from '../profiles/profile.ts';

const TERMS = ['operations', 'weights', 'biases', 'potentials', 'inputs and outputs', 'addressing'] as const;
type Parts = Record<(typeof TERMS)[number], number>;

const NO_COUNTS = countsOf({});

export function memoryTrafficTerms(ledger: Ledger, trace: ActivityTrace, profile: MemoryTrafficProfile): EnergyTerm[] {
  const parts: Parts = Object.fromEntries(TERMS.map((term) => [term, 0])) as Parts;
  trace.layers.forEach((activity, index) => {
    const counts = ledger.layers[index]!.counts;
    if (activity.kind === 'dense') {
      const next = trace.layers[index + 1];
      const follows = next?.kind === 'neuron' || next?.kind === 'relu';
      const after = follows ? ledger.layers[index + 1]!.counts : NO_COUNTS;
      addDense(parts, activity, counts, after, trace, profile);
    } else if (activity.kind === 'neuron') {
      addNeuron(parts, activity, counts, profile);
    }
  });
  return TERMS.map((term) => ({ term, energy: joules(parts[term]) }));
}

/** Columns of the ledger that the published model has no place for. */
export const UNPRICED_BY_MEMORY_MODEL: readonly Column[] = ['compares', 'reluOps', 'encoderOps'];

function addDense(
  parts: Parts,
  { inputs, outputs, input }: DenseActivity,
  counts: OpCounts,
  after: OpCounts,
  { mode }: ActivityTrace,
  profile: MemoryTrafficProfile,
): void {
  const access = accessOf(profile);
  const { add, multiply } = profile;
  const reused = mode === 'ann' && profile.annWeightReuse === 'full';
  const queue = mode === 'snn' ? profile.queueWords : outputs;
  const inputWords = input === 'spikes' ? profile.queueWords : inputs;
  // A drive computed once is written, then read and added at every step.
  const storedDrive = mode === 'snn' ? counts.outputWrites : 0;
  const driveReads = storedDrive > 0 ? after.neuronUpdates : 0;
  const driveAcs = storedDrive > 0 ? after.stateAcs : 0;
  parts.operations += counts.macs * (multiply + add) + (counts.acs + counts.biasAcs + driveAcs) * add;
  parts.weights += reused ? 0 : counts.weightReads * access(inputs * outputs);
  parts.biases += counts.biasReads * access(outputs);
  parts.potentials += 2 * counts.acs * access(outputs);
  const results = mode === 'ann' ? counts.outputWrites + after.outputWrites : after.outputWrites;
  parts['inputs and outputs'] +=
    counts.inputReads * access(inputWords) + results * access(queue) + (storedDrive + driveReads) * access(outputs);
  parts.addressing += (counts.macs + counts.acs) * add;
}

function addNeuron(parts: Parts, activity: NeuronActivity, counts: OpCounts, profile: MemoryTrafficProfile): void {
  const access = accessOf(profile);
  const { add, multiply } = profile;
  const { neurons } = activity;
  const fanOut = recurrentFanOut(activity);
  parts.operations += counts.leakMacs * (multiply + add) + (counts.resets + counts.acs + counts.biasAcs) * add;
  parts.potentials += (counts.stateReads + counts.stateWrites + 2 * counts.acs) * access(neurons);
  if (fanOut === 0) return;
  parts.weights += counts.weightReads * access(neurons * fanOut);
  parts.biases += counts.biasReads * access(neurons);
  parts['inputs and outputs'] += (counts.acs / fanOut) * access(profile.queueWords);
  parts.addressing += counts.acs * add;
}

/** Energy of one access to a memory of so many words. */
const accessOf =
  ({ ramBase, ramPerBit, bits }: MemoryTrafficProfile) =>
  (words: number): number =>
    ramBase + ramPerBit * words * bits;
