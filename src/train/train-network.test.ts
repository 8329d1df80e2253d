import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainTraining } from '../../test/fixtures/plain-training.ts';
import { NumericError } from '../core/index.ts';
import { blobs } from '../data/index.ts';
import {
  type Backend,
  type Batch,
  type Program,
  referenceBackend,
  type UpdateOptions,
  wasmBackend,
} from '../engine/index.ts';
import { dense, integrator, lif, mlp, network } from '../model/index.ts';
import type { NetworkTraining } from './options.ts';
import type { EpochReport } from './result.ts';
import type { TrainingData } from './session.ts';
import type { Note } from './state.ts';
import { trainNetwork } from './train-network.ts';

const data = blobs({ train: 60, validation: 20 });
const spec = mlp([7, 17, 4], { neuron: lif({ surrogate: { kind: 'atan', slope: 2 } }) });
const ann = plainTraining;
const snn: NetworkTraining = {
  ...ann,
  mode: 'snn',
  timesteps: 6,
  loss: { kind: 'ce-count', onTarget: 0, offTarget: 0 },
};
const empty = (set: TrainingData['train']): TrainingData['validation'] => ({
  ...set,
  samples: 0,
  values: new Uint8Array(0),
  labels: new Uint8Array(0),
});

/** The reference backend, telling what batches and updates it was given. */
function watched(): { backend: Backend; batches: Batch[]; updates: UpdateOptions[] } {
  const [batches, updates]: [Batch[], UpdateOptions[]] = [[], []];
  const backend = referenceBackend();
  const watch = (program: Program): Program => ({
    ...program,
    run(batch) {
      if (program.plan.update.length > 0) {
        batches.push({ ...batch, sampleIds: batch.sampleIds!.slice(), input: batch.input.slice() });
      }
      program.run(batch);
    },
    update(options) {
      updates.push(options);
      program.update(options);
    },
  });
  return {
    backend: { ...backend, compile: (plan, options) => watch(backend.compile(plan, options)) },
    batches,
    updates,
  };
}

test('an ANN learns blobs', async () => {
  const result = await trainNetwork(referenceBackend(), spec, data, { ...ann, epochs: 16 });
  const best = result.training.epochs[result.training.bestEpoch - 1]!;
  assert.ok(best.validationAccuracy! >= 0.95, `validation accuracy ${best.validationAccuracy}`);
  assert.ok(best.trainLoss < result.training.epochs[0]!.trainLoss);
  assert.deepEqual([...result.weights.keys()], ['fc1/weight', 'fc1/bias', 'fc2/weight', 'fc2/bias']);
  assert.equal(result.steps, 128);
  assert.ok(result.bytes > 0 && result.samplesPerSecond > 0 && result.seconds > 0);
});

test('an SNN learns blobs, rate-coded, read by its spikes', async () => {
  const encoder = { kind: 'rate', gain: 1, offset: 0 } as const;
  const result = await trainNetwork(referenceBackend(), spec, data, { ...snn, encoder, epochs: 10 });
  const best = result.training.epochs[result.training.bestEpoch - 1]!;
  assert.ok(best.validationAccuracy! >= 0.9, `validation accuracy ${best.validationAccuracy}`);
});

test('an SNN that ends in currents is read by its membrane', async () => {
  const currents = mlp([7, 17, 4], { outputNeuron: integrator() });
  const options: NetworkTraining = {
    ...snn,
    epochs: 10,
    loss: { kind: 'ce-max-membrane', onTarget: 0, offTarget: 0 },
    decoder: { kind: 'max-membrane' },
  };
  const result = await trainNetwork(referenceBackend(), currents, data, options);
  const best = result.training.epochs[result.training.bestEpoch - 1]!;
  assert.ok(best.validationAccuracy! >= 0.9, `validation accuracy ${best.validationAccuracy}`);
});

test('every epoch sees every sample once, in another order, the smaller last batch too', async () => {
  const { backend, batches, updates } = watched();
  const options: NetworkTraining = { ...ann, epochs: 2, clipNorm: 3, schedule: { ...ann.schedule, kind: 'step' } };
  await trainNetwork(backend, spec, data, options);
  assert.deepEqual(
    batches.map(({ samples }) => samples),
    [8, 8, 8, 8, 8, 8, 8, 4, 8, 8, 8, 8, 8, 8, 8, 4],
  );
  const orders = [batches.slice(0, 8), batches.slice(8)].map((epoch) =>
    epoch.flatMap(({ sampleIds }) => [...sampleIds!]),
  );
  for (const order of orders)
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      [...Array(60).keys()],
    );
  assert.notDeepEqual(orders[0], orders[1]);
  assert.deepEqual(
    batches.map(({ epoch }) => epoch),
    [...Array(8).fill(1), ...Array(8).fill(2)],
  );
  const { sampleIds, input } = batches[9]!;
  assert.deepEqual(input.subarray(7, 14), data.train.values.subarray(sampleIds![1]! * 7, sampleIds![1]! * 7 + 7));
  assert.deepEqual(
    updates.map(({ step }) => step),
    [...Array(16).keys()].map((i) => i + 1),
  );
  assert.deepEqual([updates[7]!.learningRate, updates[8]!.learningRate, updates[0]!.clipNorm], [0.02, 0.01, 3]);
});

test('two runs give the same bits, another seed gives others', async () => {
  const train = (seed: number) => trainNetwork(referenceBackend(), spec, data, { ...snn, seed });
  const [first, again, other] = [await train(5), await train(5), await train(6)];
  const course = ({ training }: typeof first) => training.epochs.map(({ seconds: _, ...rest }) => rest);
  assert.deepEqual(again.weights, first.weights);
  assert.deepEqual(course(again), course(first));
  assert.notDeepEqual(other.weights, first.weights);
});

test('the wasm backend gives the same bits with 1, 2 and 3 threads, and learns what the reference learns', async () => {
  const encoder = { kind: 'rate', gain: 1, offset: 0 } as const;
  const train = async (backend: Backend) => {
    const { weights, training } = await trainNetwork(backend, spec, data, { ...snn, encoder });
    await backend.close();
    return { weights, losses: training.epochs.map(({ trainLoss }) => trainLoss) };
  };
  const one = await train(await wasmBackend({ threads: 1 }));
  for (const threads of [2, 3]) assert.deepEqual(await train(await wasmBackend({ threads })), one);
  const reference = await train(referenceBackend());
  // float32 against float64; a spike that flips near its threshold moves a loss by far more than rounding does
  for (const [i, loss] of one.losses.entries()) {
    assert.ok(Math.abs(loss - reference.losses[i]!) < 0.02, `epoch ${i + 1}: ${loss} against ${reference.losses[i]}`);
  }
});

test('given weights are started from, and are not changed', async () => {
  const { weights } = await trainNetwork(referenceBackend(), spec, data, { ...ann, epochs: 16 });
  const before = structuredClone(weights);
  const { training } = await trainNetwork(referenceBackend(), spec, data, { ...ann, epochs: 1, initial: weights });
  assert.ok(training.epochs[0]!.trainAccuracy! > 0.8);
  assert.deepEqual(weights, before);
});

test('the best epoch is kept, the earliest of equals, and waiting ends with patience', async () => {
  const optimizer = { ...ann.optimizer, learningRate: 1e-12 };
  const options: NetworkTraining = { ...ann, epochs: 9, patience: 2, optimizer };
  const { training, steps } = await trainNetwork(referenceBackend(), spec, data, options);
  assert.deepEqual([training.epochs.length, training.bestEpoch, training.stoppedEarly, steps], [3, 1, true, 24]);
});

test('the kept weights are those of the best epoch, not of the last', async () => {
  const options: NetworkTraining = { ...ann, epochs: 6, optimizer: { ...ann.optimizer, kind: 'sgd', learningRate: 3 } };
  const long = await trainNetwork(referenceBackend(), spec, data, options);
  const { bestEpoch, epochs } = long.training;
  const accuracies = epochs.map(({ validationAccuracy }) => validationAccuracy!);
  assert.equal(bestEpoch, accuracies.indexOf(Math.max(...accuracies)) + 1);
  assert.ok(bestEpoch < 6, 'the case needs a best epoch before the last');
  const short = await trainNetwork(referenceBackend(), spec, data, { ...options, epochs: bestEpoch });
  assert.deepEqual(long.weights, short.weights);
});

test('without validation samples the last epoch is kept', async () => {
  const { training } = await trainNetwork(referenceBackend(), spec, { ...data, validation: empty(data.train) }, ann);
  assert.equal(training.bestEpoch, 3);
  assert.deepEqual(
    training.epochs.map(({ validationAccuracy, validationLoss }) => [validationAccuracy, validationLoss]),
    Array(3).fill([null, null]),
  );
});

test('progress counts samples over all epochs, and hooks are told of epochs', async () => {
  const seen: number[] = [];
  const epochs: EpochReport[] = [];
  const { training } = await trainNetwork(referenceBackend(), spec, data, ann, {
    onProgress: ({ done, total, epochs: all }) => {
      assert.equal(total, 180);
      assert.equal(all, 3);
      seen.push(done);
    },
    onEpoch: (epoch) => epochs.push(epoch),
  });
  assert.equal(seen.at(-1), 180);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  assert.deepEqual(epochs, training.epochs);
});

test('a silent layer and a loss at chance are said while it trains, and in the result', async () => {
  const quiet = mlp([7, 17, 4], { neuron: lif({ threshold: 1e6 }) });
  const live: Note[] = [];
  const options: NetworkTraining = { ...snn, loss: { kind: 'ce-rate', onTarget: 0, offTarget: 0 } };
  const { training } = await trainNetwork(referenceBackend(), quiet, data, options, {
    onNote: (note) => live.push(note),
  });
  const found = live.map(({ kind, layer, epoch }) => [kind, layer, epoch]);
  assert.deepEqual(found, [
    ['silent-layer', 'lif1', 1],
    ['silent-layer', 'lif2', 1],
    ['undecided', null, 1],
    ['loss-at-chance', null, 2],
  ]);
  assert.equal(training.notes.length, 4);
  assert.match(training.notes[0]!, /^layer "lif1" is silent: none of its 17 neurons fired in 6 steps of 20 validation/);
  assert.match(
    training.notes[3]!,
    /^the training loss stays at ln\(4\) = 1\.386, that of guessing, after 3 epochs \(1\.386\)/,
  );
});

test('a number that is no number stops training and names layer and step', async () => {
  const optimizer = { ...ann.optimizer, kind: 'sgd', learningRate: 1e200 } as const;
  await assert.rejects(trainNetwork(referenceBackend(), spec, data, { ...ann, optimizer }), (error) => {
    assert.ok(error instanceof NumericError);
    assert.match(
      error.message,
      /^training stopped in epoch 1 after \d updates: layer "fc\d": .*lower optimizer\.learningRate/,
    );
    return true;
  });
});

test('what cannot be trained is refused before it begins', async () => {
  const refused = (change: Partial<NetworkTraining>, message: RegExp, given: TrainingData = data, of = spec) =>
    assert.rejects(trainNetwork(referenceBackend(), of, given, { ...snn, ...change }), { message });
  await refused({ timesteps: 0 }, /^timesteps: got 0, expected an integer of at least 1$/);
  await refused({ batchSize: 61 }, /^batchSize: got 61, but "blobs" has only 60 training samples; use 60 or less$/);
  await refused({ epochs: 0 }, /^epochs: got 0/);
  await refused({ patience: 1 }, /^patience: got 1, but there are no validation samples/, {
    ...data,
    validation: empty(data.train),
  });
  await refused(
    {},
    /^network "mlp-8-4": input is \[8\], but a sample of "blobs" is \[7\]; give the network/,
    data,
    mlp([8, 4]),
  );
  await refused({}, /^network "mlp-7-3": 3 outputs, but "blobs" has 4 classes; give the last layer/, data, mlp([7, 3]));
  const steps = { ...data, train: { ...data.train, timesteps: 9 } };
  await refused({}, /^timesteps: got 6, but the samples of "blobs" have 9 steps; use that$/, steps);
  const readout = network('currents', [7], [dense('fc1', 4)]);
  const loss = { kind: 'ce-membrane', onTarget: 0, offTarget: 0 } as const;
  await refused({ loss }, /^decoder "spike-count": the output layer gives no spikes/, data, readout);
});
