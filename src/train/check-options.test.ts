import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/index.ts';
import { checkBatchSize, checkTrainOptions } from './check-options.ts';
import type { TrainOptions } from './options.ts';

const good: TrainOptions = {
  mode: 'snn',
  timesteps: 5,
  epochs: 3,
  batchSize: 7,
  loss: { kind: 'ce-rate', onTarget: 0, offTarget: 0 },
  optimizer: { kind: 'adam', learningRate: 1e-3, momentum: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  schedule: { kind: 'constant', every: 1, gamma: 0.5, warmup: 0, floor: 0 },
  clipNorm: 0,
  seed: 1,
  patience: 0,
  validation: 0.1,
};
const refuses = (change: Partial<TrainOptions>, message: string): void =>
  assert.throws(
    () => checkTrainOptions({ ...good, ...change }),
    (error) => error instanceof ConfigError && error.message === message,
    message,
  );

test('good options pass', () => checkTrainOptions(good));

test('each impossible option is named with its value and what is allowed', () => {
  const { optimizer, schedule } = good;
  refuses({ timesteps: 0 }, 'timesteps: got 0, expected an integer of at least 1');
  refuses({ mode: 'ann' }, 'timesteps: got 5 for an ANN, which runs once; set it to 1');
  refuses({ epochs: 0 }, 'epochs: got 0, expected an integer of at least 1');
  refuses({ epochs: 2.5 }, 'epochs: got 2.5, expected an integer of at least 1');
  refuses({ batchSize: 0 }, 'batchSize: got 0, expected an integer of at least 1');
  refuses({ patience: -1 }, 'patience: got -1, expected an integer of at least 0 (0: never stop early)');
  refuses({ seed: -1 }, 'seed: got -1, expected an integer from 0 to 4294967295');
  refuses({ clipNorm: Number.NaN }, 'clipNorm: got NaN, expected at least 0 (0: never clip)');
  refuses({ validation: 1 }, 'validation: got 1, expected a share in [0, 1)');
  refuses(
    { optimizer: { ...optimizer, learningRate: 0 } },
    'optimizer.learningRate: got 0, expected a positive number',
  );
  refuses({ optimizer: { ...optimizer, beta2: 1 } }, 'optimizer.beta2: got 1, expected a number in [0, 1)');
  refuses(
    { schedule: { ...schedule, warmup: 4 } },
    'schedule.warmup: got 4, expected epochs from 0 to all of them (3)',
  );
  refuses(
    { schedule: { ...schedule, kind: 'step', every: 0 } },
    'schedule.every: got 0, expected an integer of at least 1',
  );
  refuses({ schedule: { ...schedule, kind: 'cosine', floor: 2 } }, 'schedule.floor: got 2, expected a share in [0, 1]');
  refuses({ mode: 'cnn' as 'ann' }, 'mode: got "cnn", expected one of ann, snn');
  refuses(
    { optimizer: { ...optimizer, kind: 'lion' as 'adam' } },
    'optimizer.kind: got "lion", expected one of sgd, adam, adamw',
  );
});

test('a batch larger than the data, and no data, are refused', () => {
  checkBatchSize(8, 8, 'blobs');
  assert.throws(() => checkBatchSize(9, 8, 'blobs'), {
    name: 'ConfigError',
    message: 'batchSize: got 9, but "blobs" has only 8 training samples; use 8 or less',
  });
  assert.throws(() => checkBatchSize(1, 0, 'blobs'), {
    name: 'ConfigError',
    message: /^data: "blobs" has no training samples/,
  });
});
