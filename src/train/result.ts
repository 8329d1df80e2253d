// What training gives back. The shapes of `training` are those of the run record.

import type { Bytes, Seconds } from '../core/index.ts';
import type { Weights } from '../model/index.ts';

export interface TrainResult {
  /** Of the kept epoch. */
  readonly weights: Weights;
  readonly training: TrainingReport;
  /** Updates made. */
  readonly steps: number;
  /** Time spent, over all the sessions of a resumed run; what was lost between a checkpoint and a kill is not in it. */
  readonly seconds: Seconds;
  /** Training samples a second, validation and checkpoints included. */
  readonly samplesPerSecond: number;
  /** Memory the engine laid out for training and for validation. */
  readonly bytes: Bytes;
}

export interface TrainingReport {
  readonly epochs: readonly EpochReport[];
  /** 1 for the first. */
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  readonly notes: readonly string[];
}

/** One epoch; `training...` as measured while training, before each update and with dropout. */
export interface EpochReport {
  /** 1 for the first. */
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** null without validation samples. */
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** Of the epoch's last update. */
  readonly learningRate: number;
  readonly seconds: number;
}
