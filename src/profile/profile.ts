// What a profile says: where a program's time and memory went, on which machine, and what measuring it cost.

import type { Interval } from '../core/index.ts';
import type { MemoryUse, Timeline } from '../engine/index.ts';
import type { ProfileTable } from './aggregate.ts';
import type { Roof } from './roof.ts';

export interface Profile {
  readonly network: string;
  readonly mode: 'ann' | 'snn';
  /** `train`: each batch is a step, forward, backward, gradients and update. */
  readonly purpose: 'infer' | 'train';
  readonly timesteps: number;
  readonly encoder: string;
  readonly backend: string;
  readonly threads: number;
  readonly batchSize: number;
  /** Batches timed with the probe, and as many without. */
  readonly batches: number;
  readonly table: ProfileTable;
  readonly roof: Roof;
  readonly steps: StepTimes;
  readonly memory: MemoryProfile;
  /** Of the probed batches; for a trace. */
  readonly timeline: Timeline;
}

/** Medians of a batch, by the caller's clock, in seconds. */
export interface StepTimes {
  /** Samples copied side by side out of the dataset, before the program is called. */
  readonly stage: number;
  readonly plain: number;
  readonly probed: number;
  /**
   * What the probe adds, as a share: the median over pairs of batches run one right after the other, with its 95 % interval by
   * ranks (of fewer than 6 pairs: least and most). Wide where other programs had the cores.
   */
  readonly overhead: Interval;
}

/** Bytes. */
export interface MemoryProfile {
  /** Of the program without its probe, by use; undefined where the backend does not say. */
  readonly uses: Readonly<Record<MemoryUse, number>> | undefined;
  readonly program: number;
  /** Of JavaScript, before and after the batches; garbage may have been collected between. Undefined where it cannot be known. */
  readonly heap: { readonly before: number; readonly after: number } | undefined;
  /** The process's memory now, and the most it has held. */
  readonly resident: { readonly now: number; readonly peak: number } | undefined;
}
