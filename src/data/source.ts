// What every reader gives: the two parts as they were found, before samples are drawn and a validation set is held out.

import type { Dataset, SkippedFile } from './dataset.ts';

export interface Source {
  readonly train: Dataset;
  readonly test: Dataset;
  /** A validation set of its own. */
  readonly validation?: Dataset;
  /** Size of the official test set; `test` may hold fewer. */
  readonly officialTestSamples: number;
  readonly skipped?: readonly SkippedFile[];
  /** Samples have been drawn already: only those were read. */
  readonly drawn?: boolean;
}

/** How far loading has come. */
export interface LoadProgress {
  readonly stage: 'download' | 'unpack' | 'decode';
  /** What is being read: an address or a folder. */
  readonly what: string;
  readonly done: number;
  /** Undefined where the other side does not say. */
  readonly total: number | undefined;
  readonly unit: 'bytes' | 'files' | 'images';
}
