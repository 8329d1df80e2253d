import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobs } from '../data/index.ts';
import { type Backend, type Program, referenceBackend } from '../engine/index.ts';
import { lif, mlp } from '../model/index.ts';
import type { NetworkTraining } from './options.ts';
import { trainNetwork } from './train-network.ts';

const data = blobs({ train: 20, validation: 8 });
const options: NetworkTraining = {
  mode: 'snn',
  timesteps: 3,
  epochs: 2,
  batchSize: 5,
  loss: { kind: 'ce-rate', onTarget: 0, offTarget: 0 },
  optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 },
  schedule: { kind: 'constant', every: 1, gamma: 0.5, warmup: 0, floor: 0 },
  clipNorm: 0,
  seed: 3,
  patience: 0,
  validation: 0.3,
  encoder: { kind: 'constant' },
  decoder: { kind: 'spike-count' },
};
const REMEDY = 'lower optimizer.learningRate, set clipNorm, or lengthen schedule.warmup';

/** A backend that does not look for NaN itself: after `update` number `step` the values of `poison` are what it reads back. */
function unchecked(step: number, poison: Readonly<Record<string, number>>): Backend {
  const backend = referenceBackend();
  const wrap = (program: Program): Program => {
    let updates = 0;
    const spoil = <T extends Float32Array | Float64Array>(id: string, values: T): T => {
      if (updates >= step && id in poison) values[1] = poison[id]!;
      return values;
    };
    return {
      ...program,
      update(given) {
        program.update(given);
        updates++;
      },
      read: (id) => spoil(id, program.read(id)),
      tensor: (id) => spoil(id, program.tensor(id)),
    };
  };
  return { ...backend, compile: (plan, given) => wrap(backend.compile(plan, given)) };
}

const fails = (backend: Backend, message: string): Promise<void> =>
  assert.rejects(trainNetwork(backend, mlp([7, 6, 4], { neuron: lif() }), data, options), {
    name: 'NumericError',
    message,
  });

test('a loss that is no number names the first layer with such a parameter', async () => {
  const poison = { '@losses': Number.NaN, 'fc2/bias': Number.NaN, 'fc1/weight': Infinity };
  await fails(
    unchecked(2, poison),
    `training stopped in epoch 1 after 2 updates: the loss is NaN; the first fault is in layer "fc1": "fc1/weight" 1 is Infinity; ${REMEDY}`,
  );
});

test('where the parameters are finite, a layer whose kept values are not is named', async () => {
  await fails(
    unchecked(0, { '@losses': Infinity, '@input': Number.NaN }),
    `training stopped in epoch 1 after 0 updates: the loss is Infinity; the first fault is in layer "input": load gave NaN; ${REMEDY}`,
  );
  await fails(
    unchecked(1, { '@losses': -Infinity }),
    `training stopped in epoch 1 after 1 updates: the loss is -Infinity; every parameter is finite, so it arose on the way to the output layer "lif2"; ${REMEDY}`,
  );
});

test('a parameter that is no number under a finite loss is found when the epoch ends', async () => {
  await fails(
    unchecked(4, { 'fc2/weight': Number.NaN }),
    `training stopped in epoch 1 after 4 updates: layer "fc2": weight 1 of 24 is NaN; ${REMEDY}`,
  );
});
