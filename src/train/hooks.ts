// How a caller follows, steers and stops a training run. Nothing here changes the numbers it computes.

import type { CheckpointStore } from './checkpoint-store.ts';
import type { EpochReport } from './result.ts';
import type { Note } from './state.ts';

export interface TrainHooks {
  /** Aborting saves a checkpoint (if there is a store) and ends training with InterruptedError. */
  readonly signal?: AbortSignal;
  /** About twenty times a second. */
  readonly onProgress?: (progress: TrainProgress) => void;
  /** After each epoch and its validation. */
  readonly onEpoch?: (epoch: EpochReport) => void;
  /** When something worth saying is found for the first time. */
  readonly onNote?: (note: Note) => void;
  /** When training goes on from a checkpoint. */
  readonly onResume?: (from: { readonly path: string; readonly epoch: number; readonly step: number }) => void;
  readonly checkpoints?: CheckpointOptions;
}

export interface CheckpointOptions {
  /** A run found here is gone on with; another study's is refused. */
  readonly store: CheckpointStore;
  /** A checkpoint is written after each epoch, and within one when this many seconds have passed since the last; default 20. */
  readonly everySeconds?: number;
  /** And after every so many updates; default never. */
  readonly everySteps?: number;
}

export interface TrainProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Updates made, and to be made in all unless training stops early. */
  readonly step: number;
  readonly steps: number;
  /** Training samples seen over all epochs, and to be seen in all. */
  readonly done: number;
  readonly total: number;
  /** Means over this epoch so far; NaN before its first batch. */
  readonly loss: number;
  /** null of a regression. */
  readonly accuracy: number | null;
  readonly learningRate: number;
  /** Training samples a second since this session began, validation included; 0 before the first. */
  readonly samplesPerSecond: number;
  /** undefined before there is a speed. */
  readonly secondsLeft: number | undefined;
}
