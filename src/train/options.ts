// What training needs to be told. Defaults are in the study schema; nothing here is optional by accident.

import type { Augmentation } from '../data/index.ts';
import type { LossKind } from '../engine/index.ts';

export interface TrainOptions {
  readonly mode: 'ann' | 'snn';
  /** 1 for an ANN. */
  readonly timesteps: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly loss: { readonly kind: LossKind; readonly onTarget: number; readonly offTarget: number };
  readonly optimizer: OptimizerOptions;
  readonly schedule: ScheduleOptions;
  /** Global gradient norm is cut to this; 0 for never. */
  readonly clipNorm: number;
  readonly seed: number;
  /** Stop after this many epochs without a better validation accuracy; 0 for never. */
  readonly patience: number;
  /** Share of the training set held out for validation, in [0, 1). 0: the last epoch is kept. */
  readonly validation: number;
  /** Random crops and flips of the training images; default none. */
  readonly augment?: Augmentation;
}

export interface OptimizerOptions {
  readonly kind: 'sgd' | 'adam' | 'adamw';
  readonly learningRate: number;
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export interface ScheduleOptions {
  readonly kind: 'constant' | 'cosine' | 'step';
  /** step: every `every` epochs the rate is multiplied by `gamma`. */
  readonly every: number;
  readonly gamma: number;
  /** Epochs over which the rate rises linearly from 0. */
  readonly warmup: number;
  /** cosine: the rate at the end, as a share of the first. */
  readonly floor: number;
}
