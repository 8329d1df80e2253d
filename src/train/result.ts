// What training gives back. The shapes of `training` are those of the run record.

import type { Bytes, Seconds } from '../core/index.ts';
import type { Weights } from '../model/index.ts';
import type { HardeningReport } from './harden-options.ts';

export interface TrainResult {
  /** Of the kept epoch. */
  readonly weights: Weights;
  readonly training: TrainingReport;
  /** Updates made. */
  readonly steps: number;
  /** Time spent, over all the sessions of a resumed run; what was lost between a checkpoint and a kill is not in it. */
  readonly seconds: Seconds;
  /** Of these, spent on disturbing training images; 0 without hardening. `seconds / (seconds - hardenSeconds)` is what it costs. */
  readonly hardenSeconds: Seconds;
  /** Training samples a second, validation and checkpoints included. */
  readonly samplesPerSecond: number;
  /** Memory the engine laid out for training, for the attack of adversarial training, and for validation. */
  readonly bytes: Bytes;
}

export interface TrainingReport {
  readonly epochs: readonly EpochReport[];
  /** 1 for the first. */
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  readonly notes: readonly string[];
  /** Of adversarial and noise training. */
  readonly hardening?: HardeningReport;
}

/** One epoch; `training...` as measured while training, before each update and with dropout. */
export interface EpochReport {
  /** 1 for the first. */
  readonly epoch: number;
  readonly trainLoss: number;
  /** null of a regression. */
  readonly trainAccuracy: number | null;
  /** null without validation samples. */
  readonly validationLoss: number | null;
  /** null without validation samples, and of a regression. */
  readonly validationAccuracy: number | null;
  /** Of the epoch's last update. */
  readonly learningRate: number;
  readonly seconds: number;
}
