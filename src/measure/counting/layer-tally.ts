// What one layer did, summed over all samples (whole numbers, so that sums are exact); the ledger divides by the samples once.

import type { OpCounts } from '../counts.ts';

export interface LayerTally {
  readonly counts: OpCounts;
  /** Synaptic operations at each time step, summed over samples [T]. */
  readonly synopsByStep: readonly number[];
  /** Synaptic operations of each sample [samples]. */
  readonly synopsPerSample: readonly number[];
}

/** The run a layer was part of, where it stands in it, and the rules it is counted by. */
export interface CountingContext {
  readonly samples: number;
  readonly timesteps: number;
  readonly zeroSkipping: boolean;
  /** Is its result written to memory, or taken as it comes by the one layer that reads it? */
  readonly written: boolean;
  /** Nonzero values it gave over all samples, if a layer that reads it counted them; else null. */
  readonly nonzeroOut: number | null;
  /** What it reads. */
  readonly sources: readonly Source[];
}

/** The result of a layer, as another reads it. */
export interface Source {
  readonly written: boolean;
  /** Times it was computed for each sample: fewer than the reader's if it was stored and is read again. */
  readonly executions: number;
  /** Over all samples; null if nobody counted. */
  readonly nonzeroOut: number | null;
}

/** A tally without synapses. */
export const withoutSynapses = (counts: OpCounts, context: CountingContext): LayerTally => ({
  counts,
  synopsByStep: new Array<number>(context.timesteps).fill(0),
  synopsPerSample: new Array<number>(context.samples).fill(0),
});

/** Words a layer writes: all `values` (over all samples), or with zero skipping those that are not 0, if they were counted. */
export const wordsWritten = ({ written, zeroSkipping, nonzeroOut }: CountingContext, values: number): number =>
  !written ? 0 : zeroSkipping && nonzeroOut !== null ? nonzeroOut : values;

/** Words read by a layer that takes each value of each source once an execution; `values` of each, over all samples. */
export const wordsRead = ({ sources, zeroSkipping }: CountingContext, values: number, executions: number): number =>
  sources.reduce((sum, source) => {
    if (!source.written) return sum;
    const nonzero = source.nonzeroOut === null ? values : (source.nonzeroOut * executions) / source.executions;
    return sum + (zeroSkipping ? nonzero : values);
  }, 0);
