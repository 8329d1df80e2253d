// A run that was stopped, at any update, and gone on with ends in the same bits as one that was not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError, InterruptedError } from '../core/index.ts';
import { blobs } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { lif, mlp, type NetworkSpec, plif } from '../model/index.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { type CheckpointStore, memoryCheckpoints } from './checkpoint-store.ts';
import type { HardenOptions } from './harden-options.ts';
import type { TrainHooks } from './hooks.ts';
import type { NetworkTraining } from './options.ts';
import type { TrainResult } from './result.ts';
import { trainNetwork } from './train-network.ts';

const data = blobs({ train: 22, validation: 11 });
const options: NetworkTraining = {
  mode: 'snn',
  timesteps: 4,
  epochs: 3,
  batchSize: 5,
  loss: { kind: 'ce-count', onTarget: 0, offTarget: 0 },
  optimizer: {
    kind: 'adam',
    learningRate: 0.02,
    momentum: 0,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0.01,
  },
  schedule: { kind: 'cosine', every: 1, gamma: 0.5, warmup: 0.5, floor: 0.1 },
  clipNorm: 1,
  seed: 3,
  patience: 0,
  validation: 0.3,
  encoder: { kind: 'rate', gain: 1, offset: 0 },
  decoder: { kind: 'spike-count' },
};
const spec = mlp([7, 6, 4], { neuron: plif(), dropout: 0.2 });
const STEPS = 15;

const train = (hooks: TrainHooks = {}, change: Partial<NetworkTraining> = {}, network: NetworkSpec = spec) =>
  trainNetwork(referenceBackend(), network, data, { ...options, ...change }, hooks);

/** All that must not depend on where a run was stopped: everything but times. */
const numbers = ({ weights, training: { hardening: _, ...training }, steps }: TrainResult) => ({
  weights,
  steps,
  training: { ...training, epochs: training.epochs.map(({ seconds: _, ...rest }) => rest) },
});

class Killed extends Error {}

/** A store whose process dies right after its `after`-th save. */
function dyingAfter(store: CheckpointStore, after: number): CheckpointStore {
  let saves = 0;
  return {
    ...store,
    async save(bytes) {
      await store.save(bytes);
      if (++saves === after) throw new Killed();
    },
  };
}

/** Trains with a checkpoint after every update, killed after its `after`-th save; then goes on from what is stored. */
async function killedAfter(
  after: number,
  change: Partial<NetworkTraining>,
  network: NetworkSpec,
): Promise<TrainResult> {
  const store = memoryCheckpoints();
  const dying = { checkpoints: { store: dyingAfter(store, after), everySteps: 1 } };
  await assert.rejects(train(dying, change, network), Killed);
  let from = -1;
  const result = await train(
    { checkpoints: { store, everySteps: 4 }, onResume: ({ step }) => (from = step) },
    change,
    network,
  );
  assert.ok(from >= 0, 'it must have gone on, not begun again');
  return result;
}

test('stopped after any update, or between validation and the next epoch', async () => {
  const whole = await train();
  assert.equal(whole.steps, STEPS);
  // The first save is the empty run's; each epoch's last update is saved before and after its validation.
  for (let after = 1; after <= 1 + STEPS + options.epochs; after++) {
    assert.deepEqual(numbers(await killedAfter(after, {}, spec)), numbers(whole), `killed after save ${after}`);
  }
});

test('with momentum, as an ANN', async () => {
  const network = mlp([7, 6, 4]);
  const change: Partial<NetworkTraining> = {
    mode: 'ann',
    timesteps: 1,
    encoder: { kind: 'constant' },
    loss: { kind: 'cross-entropy', onTarget: 0, offTarget: 0 },
    optimizer: { ...options.optimizer, kind: 'sgd', momentum: 0.9 },
  };
  const whole = await train({}, change, network);
  for (const after of [1, 2, 5, 7, 12]) {
    assert.deepEqual(numbers(await killedAfter(after, change, network)), numbers(whole), `killed after save ${after}`);
  }
});

const pgd: HardenOptions = {
  kind: 'adversarial',
  attack: { kind: 'pgd', norm: 'linf', steps: 2, stepSize: 0.7, randomStart: true },
  epsilon: 0.1,
  share: 0.7,
  gradient: { through: 'straight-through', draws: 2, slope: 1 },
};
const noise: HardenOptions = { kind: 'noise', corruption: 'salt-and-pepper', level: 0.2, share: 0.7 };

for (const harden of [pgd, noise]) {
  test(`hardened by ${harden.kind === 'noise' ? 'noise' : 'attacks'}, stopped after any update`, async () => {
    const whole = await train({}, { harden });
    assert.notDeepEqual(whole.weights, (await train()).weights);
    for (const after of [1, 2, 5, 6, 7, 13, 18]) {
      const resumed = await killedAfter(after, { harden }, spec);
      assert.deepEqual(numbers(resumed), numbers(whole), `killed after save ${after}`);
      assert.ok(resumed.hardenSeconds > 0 && resumed.hardenSeconds < resumed.seconds);
    }
  });
}

test('another hardening, or none, is refused', async () => {
  const store = memoryCheckpoints('runs/a');
  await train({ checkpoints: { store } }, { harden: pgd });
  const refused = (change: Partial<NetworkTraining>, message: RegExp) =>
    assert.rejects(train({ checkpoints: { store } }, change), { name: 'ConfigError', message });
  await refused({ harden: { ...pgd, epsilon: 0.2 } }, /^options\.harden\.epsilon: 0\.1 in runs\/a\/.*, but 0\.2 now/);
  await refused({ harden: noise }, /^options\.harden\.kind: "adversarial" in .*, but "noise" now/);
  await refused({}, /^options\.harden: .* in .*, but .* now/);
});

test('a checkpoint from before there was hardening is gone on with', async () => {
  const whole = await train();
  const store = memoryCheckpoints();
  await assert.rejects(train({ checkpoints: { store: dyingAfter(store, 7), everySteps: 1 } }), Killed);
  const [newest] = await store.load();
  const { state, ...rest } = decodeCheckpoint(newest!.bytes, 'x');
  const { hardenSeconds: _, ...older } = state;
  const bytes = encodeCheckpoint({ ...rest, state: older as typeof state });
  const load = async () => [{ path: 'a.bin', bytes }];
  assert.deepEqual(numbers(await train({ checkpoints: { store: { ...store, load } } })), numbers(whole));
});

test('stopped on request: a checkpoint is left, and said', async () => {
  const whole = await train();
  const store = memoryCheckpoints('runs/a');
  const control = new AbortController();
  const hooks = { checkpoints: { store }, signal: control.signal, onEpoch: () => control.abort() };
  await assert.rejects(train(hooks), (error) => {
    assert.ok(error instanceof InterruptedError);
    assert.equal(
      error.message,
      'training stopped on request in epoch 2 after 5 updates; saved in runs/a: run the same again to go on from there',
    );
    return true;
  });
  assert.deepEqual(numbers(await train({ checkpoints: { store } })), numbers(whole));
});

test('stopped on request without checkpoints: that is said too', async () => {
  await assert.rejects(train({ signal: AbortSignal.abort() }), {
    name: 'InterruptedError',
    message:
      'training stopped on request in epoch 1 after 0 updates; nothing was saved (no checkpoints were asked for)',
  });
});

test('a finished run is given back without training', async () => {
  const store = memoryCheckpoints();
  const whole = await train({ checkpoints: { store } });
  const again = await train({ checkpoints: { store }, onEpoch: () => assert.fail('trained again') });
  assert.deepEqual(numbers(again), numbers(whole));
});

test('early stopping counts across a stop', async () => {
  const change = { epochs: 9, patience: 2, optimizer: { ...options.optimizer, learningRate: 1e-12, weightDecay: 0 } };
  const quiet = mlp([7, 6, 4], { neuron: lif() });
  const whole = await train({}, change, quiet);
  assert.deepEqual([whole.training.stoppedEarly, whole.training.epochs.length], [true, 3]);
  for (const after of [8, 14]) assert.deepEqual(numbers(await killedAfter(after, change, quiet)), numbers(whole));
});

test('another study is refused, naming what differs', async () => {
  const store = memoryCheckpoints('runs/a');
  await train({ checkpoints: { store } });
  const refused = (message: RegExp, change: Partial<NetworkTraining>, network = spec) =>
    assert.rejects(train({ checkpoints: { store } }, change, network), { name: 'ConfigError', message });
  await refused(
    /^options\.epochs: 3 in runs\/a\/checkpoint\.bin, but 4 now; resume with the settings it was made with/,
    { epochs: 4 },
  );
  await refused(/^options\.seed: 3 in .*, but 4 now/, { seed: 4 });
  await refused(
    /^network\.name: "mlp-7-6-4" in .*, but "mlp-7-5-4" now/,
    {},
    mlp([7, 5, 4], { neuron: plif(), dropout: 0.2 }),
  );
  const other = trainNetwork(referenceBackend(), spec, blobs({ train: 22, validation: 11, seed: 9 }), options, {
    checkpoints: { store },
  });
  await assert.rejects(other, { name: 'ConfigError', message: /^train\.checksum: / });
});

test('a damaged checkpoint is passed over for the one before, to the same bits, and said', async () => {
  const whole = await train();
  const store = memoryCheckpoints('runs/a');
  await assert.rejects(train({ checkpoints: { store: dyingAfter(store, 9), everySteps: 1 } }), Killed);
  const damaged: CheckpointStore = {
    ...store,
    async load() {
      const [newest, before] = await store.load();
      return [{ ...newest!, bytes: newest!.bytes.slice(0, 100) }, before!];
    },
  };
  const result = await train({ checkpoints: { store: damaged } });
  assert.deepEqual(result.weights, whole.weights);
  assert.match(
    result.training.notes.at(-1)!,
    /^runs\/a\/checkpoint\.bin at byte 100: .* went on from the checkpoint before it/,
  );
});

test('a checkpoint whose parameters do not fit the network is refused', async () => {
  const store = memoryCheckpoints('runs/a');
  await assert.rejects(train({ checkpoints: { store: dyingAfter(store, 2), everySteps: 1 } }), Killed);
  const [newest] = await store.load();
  const { parameters, ...rest } = decodeCheckpoint(newest!.bytes, 'x');
  const without = new Map(parameters);
  without.delete('fc2/bias@m');
  const load = (changed: typeof parameters) => async () => [
    { path: 'a.bin', bytes: encodeCheckpoint({ ...rest, parameters: changed }) },
  ];
  await assert.rejects(train({ checkpoints: { store: { ...store, load: load(without) } } }), {
    name: 'DataError',
    message: 'a.bin: parameter "fc2/bias@m" is missing, expected 4 of 8 bytes; delete it to start afresh',
  });
  const short = new Map(parameters).set('fc2/bias', new Float32Array(4));
  await assert.rejects(train({ checkpoints: { store: { ...store, load: load(short) } } }), (error) => {
    assert.ok(error instanceof DataError);
    assert.match(error.message, /parameter "fc2\/bias" has 4 values of 4 bytes, expected 4 of 8/);
    return true;
  });
});
