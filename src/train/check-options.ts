// Refuses training options that cannot work, before anything is laid out or written.

import { ConfigError } from '../core/index.ts';
import type { TrainOptions } from './options.ts';

const OPTIMIZERS = ['sgd', 'adam', 'adamw'];
const SCHEDULES = ['constant', 'cosine', 'step'];

type Rule = readonly [key: string, value: number, holds: boolean, expected: string];

const whole = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;

function rules(options: TrainOptions): readonly Rule[] {
  const { optimizer: o, schedule: s } = options;
  const share = (value: number): boolean => value >= 0 && value < 1;
  return [
    ['timesteps', options.timesteps, whole(options.timesteps, 1), 'an integer of at least 1'],
    ['epochs', options.epochs, whole(options.epochs, 1), 'an integer of at least 1'],
    ['batchSize', options.batchSize, whole(options.batchSize, 1), 'an integer of at least 1'],
    ['patience', options.patience, whole(options.patience, 0), 'an integer of at least 0 (0: never stop early)'],
    ['seed', options.seed, whole(options.seed, 0) && options.seed < 2 ** 32, 'an integer from 0 to 4294967295'],
    ['clipNorm', options.clipNorm, options.clipNorm >= 0, 'at least 0 (0: never clip)'],
    ['validation', options.validation, share(options.validation), 'a share in [0, 1)'],
    ['optimizer.learningRate', o.learningRate, o.learningRate > 0 && o.learningRate < Infinity, 'a positive number'],
    ['optimizer.momentum', o.momentum, share(o.momentum), 'a number in [0, 1)'],
    ['optimizer.beta1', o.beta1, share(o.beta1), 'a number in [0, 1)'],
    ['optimizer.beta2', o.beta2, share(o.beta2), 'a number in [0, 1)'],
    ['optimizer.epsilon', o.epsilon, o.epsilon > 0, 'a positive number'],
    ['optimizer.weightDecay', o.weightDecay, o.weightDecay >= 0, 'at least 0'],
    ['schedule.every', s.every, s.kind !== 'step' || whole(s.every, 1), 'an integer of at least 1'],
    ['schedule.gamma', s.gamma, s.kind !== 'step' || s.gamma > 0, 'a positive number'],
    ['schedule.floor', s.floor, s.kind !== 'cosine' || (s.floor >= 0 && s.floor <= 1), 'a share in [0, 1]'],
    [
      'schedule.warmup',
      s.warmup,
      s.warmup >= 0 && s.warmup <= options.epochs,
      `epochs from 0 to all of them (${options.epochs})`,
    ],
  ];
}

/** Throws a ConfigError that names the key, the value and what is allowed. */
export function checkTrainOptions(options: TrainOptions): void {
  oneOf('mode', options.mode, ['ann', 'snn']);
  oneOf('optimizer.kind', options.optimizer.kind, OPTIMIZERS);
  oneOf('schedule.kind', options.schedule.kind, SCHEDULES);
  for (const [key, value, holds, expected] of rules(options)) {
    if (!holds) throw new ConfigError(key, `got ${value}, expected ${expected}`);
  }
  if (options.mode === 'ann' && options.timesteps !== 1) {
    throw new ConfigError('timesteps', `got ${options.timesteps} for an ANN, which runs once; set it to 1`);
  }
}

function oneOf(key: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new ConfigError(key, `got "${value}", expected one of ${allowed.join(', ')}`);
}

/** Throws where the batch is larger than the training set, or there is nothing to train on. */
export function checkBatchSize(batchSize: number, samples: number, dataset: string): void {
  if (samples === 0)
    throw new ConfigError('data', `"${dataset}" has no training samples; use a smaller validation share or more data`);
  if (batchSize > samples) {
    throw new ConfigError(
      'batchSize',
      `got ${batchSize}, but "${dataset}" has only ${samples} training samples; use ${samples} or less`,
    );
  }
}
