// Training towards targets: what is learned, which epoch is kept, resume to the same bits, and what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asSequence, type Dataset, forecastSamples, mackeyGlass } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { dense, integrator, network, recurrentLif, slot } from '../model/index.ts';
import { memoryCheckpoints } from './checkpoint-store.ts';
import type { TrainHooks } from './hooks.ts';
import type { NetworkTraining } from './options.ts';
import type { TrainResult } from './result.ts';
import { trainNetwork } from './train-network.ts';

const { train, validation } = forecastSamples(mackeyGlass({ samples: 90 }), { window: 5, horizon: 2 });
const flat = { train, validation };
const steps = { train: asSequence(train), validation: asSequence(validation) };

const ann = network('ann', [5], [dense('fc1', 7), slot('relu1', recurrentLif()), dense('fc2', 2)]);
const snn = network(
  'snn',
  [1],
  [dense('in', 6), slot('lif', recurrentLif({ threshold: 0.5 })), dense('out', 2), slot('read', integrator())],
);

const options: NetworkTraining = {
  mode: 'ann',
  timesteps: 1,
  epochs: 6,
  batchSize: 9,
  loss: { kind: 'mse', onTarget: 1, offTarget: 0 },
  optimizer: { kind: 'adam', learningRate: 0.02, momentum: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  schedule: { kind: 'constant', every: 1, gamma: 1, warmup: 0, floor: 0 },
  clipNorm: 1,
  seed: 5,
  patience: 0,
  validation: 0,
  encoder: { kind: 'constant' },
  decoder: { kind: 'last-membrane' },
};
const spiking: NetworkTraining = {
  ...options,
  ...{ mode: 'snn', timesteps: 5, epochs: 3, loss: { kind: 'mse-last-membrane', onTarget: 1, offTarget: 0 } },
};

const trainAnn = (change: Partial<NetworkTraining> = {}, data = flat): Promise<TrainResult> =>
  trainNetwork(referenceBackend(), ann, data, { ...options, ...change });
const trainSnn = (hooks: TrainHooks = {}): Promise<TrainResult> =>
  trainNetwork(referenceBackend(), snn, steps, spiking, hooks);

test('the loss falls, there is no accuracy, and the epoch of the lowest validation loss is kept', async () => {
  const { training, weights } = await trainAnn({ epochs: 12, optimizer: { ...options.optimizer, learningRate: 0.08 } });
  const losses = training.epochs.map(({ validationLoss }) => validationLoss!);
  assert.equal(training.bestEpoch, 1 + losses.indexOf(Math.min(...losses)));
  assert.ok(Math.min(...losses) < 0.3 * losses[0]! || Math.min(...losses) < 0.1, `${losses}`);
  for (const { trainAccuracy, validationAccuracy } of training.epochs)
    assert.deepEqual([trainAccuracy, validationAccuracy], [null, null]);
  assert.equal(weights.get('fc2/weight')!.length, 14);
});

test('the kept weights are those of the best epoch, not the last', async () => {
  // A rate so high that later epochs are worse than some earlier one.
  const wild = { optimizer: { ...options.optimizer, learningRate: 0.3 }, epochs: 10 };
  const whole = await trainAnn(wild);
  assert.ok(whole.training.bestEpoch < 10, `best is ${whole.training.bestEpoch}`);
  const short = await trainAnn({ ...wild, epochs: whole.training.bestEpoch });
  assert.deepEqual(short.weights, whole.weights);
});

test('patience counts epochs without a lower validation loss', async () => {
  const wild = { optimizer: { ...options.optimizer, learningRate: 0.3 }, epochs: 40, patience: 3 };
  const { training } = await trainAnn(wild);
  assert.equal(training.stoppedEarly, true);
  assert.equal(training.epochs.length, training.bestEpoch + 3);
});

const numbers = ({ weights, training, steps: updates }: TrainResult): unknown => ({
  ...{ weights, updates, best: training.bestEpoch },
  epochs: training.epochs.map(({ seconds: _, ...rest }) => rest),
});

test('a recurrent spiking network, stopped after any update and gone on with, ends in the same bits', async () => {
  const whole = await trainSnn();
  assert.ok(whole.training.epochs.at(-1)!.trainLoss < whole.training.epochs[0]!.trainLoss);
  for (const after of [1, 2, 5, 8, whole.steps]) {
    const store = memoryCheckpoints();
    let saves = 0;
    const dying = {
      ...store,
      async save(bytes: Uint8Array<ArrayBuffer>) {
        await store.save(bytes);
        if (++saves === after) throw new Error('killed');
      },
    };
    await assert.rejects(trainSnn({ checkpoints: { store: dying, everySteps: 1 } }), /killed/);
    const resumed = await trainSnn({ checkpoints: { store, everySteps: 1 } });
    assert.deepEqual(numbers(resumed), numbers(whole), `killed after save ${after}`);
  }
});

test('a checkpoint of other targets is not gone on with', async () => {
  const store = memoryCheckpoints();
  const checkpoints = { store, everySteps: 1 };
  await trainSnn({ checkpoints });
  const targets = steps.train.targets!.map((value) => value + 1);
  const other = { ...steps, train: { ...steps.train, targets } };
  await assert.rejects(
    trainNetwork(referenceBackend(), snn, other, spiking, { checkpoints }),
    /^ConfigError: train\.targets/,
  );
});

test('loss and targets must belong together', async () => {
  const { targets: _, ...labelled } = train;
  const classes: Dataset = labelled;
  await assert.rejects(
    trainAnn({ loss: { kind: 'cross-entropy', onTarget: 1, offTarget: 0 } }),
    /loss\.kind: got "cross-entropy", but "mackey-glass" has targets to learn from; use mse, or mse-last-membrane/,
  );
  await assert.rejects(
    trainAnn({}, { train: classes, validation: classes }),
    /loss\.kind: got "mse", but "mackey-glass" has labels to learn from; use another loss/,
  );
  const wide = network('wide', [5], [dense('fc1', 3)]);
  await assert.rejects(
    trainNetwork(referenceBackend(), wide, flat, options),
    /"mackey-glass": 96 targets for 48 samples of 2 outputs, but the network has 3 outputs/,
  );
  await assert.rejects(
    trainAnn({ harden: { kind: 'noise', corruption: 'gaussian', level: 0.1 } }),
    /harden: got a setting for "mackey-glass", which has targets; only classifiers are hardened/,
  );
});
