// What training needs to be told. Defaults are in the study schema; nothing here is optional by accident.

import type { Augmentation } from '../data/index.ts';
import type { LossKind } from '../engine/index.ts';
import type { DecoderSpec, EncoderSpec, Weights } from '../model/index.ts';
import type { HardenOptions } from './harden-options.ts';

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
  /** Train on attacked or corrupted images; validation stays on clean ones. Default none. */
  readonly harden?: HardenOptions;
}

/** Everything that decides the numbers of a run, beside its network and data. */
export interface NetworkTraining extends TrainOptions {
  /** How a sample becomes input through time; an ANN takes `constant`. */
  readonly encoder: EncoderSpec;
  /** How the output of an SNN is read; an ANN's is the largest logit. */
  readonly decoder: DecoderSpec;
  /** Weights to start from; default: drawn by the network's initialisers from the seed. */
  readonly initial?: Weights;
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
