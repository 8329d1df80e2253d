// What one layer did, summed over all samples (whole numbers, so that sums are exact); the ledger divides by the samples once.

import type { OpCounts } from '../counts.ts';

export interface LayerTally {
  readonly counts: OpCounts;
  /** Synaptic operations at each time step, summed over samples [T]. */
  readonly synopsByStep: readonly number[];
  /** Synaptic operations of each sample [samples]. */
  readonly synopsPerSample: readonly number[];
}

/** The run a layer was part of, and the rules it is counted by. */
export interface CountingContext {
  readonly samples: number;
  readonly timesteps: number;
  readonly zeroSkipping: boolean;
  /** The activation (ReLU or neuron) that takes this layer's output; absent: the output is final. */
  readonly activation: 'relu' | 'neuron' | 'none';
  /** Does this layer read a drive that was computed once and stored? */
  readonly storedDrive: boolean;
}

/** A tally without synapses. */
export const withoutSynapses = (counts: OpCounts, context: CountingContext): LayerTally => ({
  counts,
  synopsByStep: new Array<number>(context.timesteps).fill(0),
  synopsPerSample: new Array<number>(context.samples).fill(0),
});
