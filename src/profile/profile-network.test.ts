// Whole profiles of small networks: what is counted agrees with the simulation, what is slow is found, what is wrong is refused.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { blobs } from '../data/index.ts';
import { referenceBackend, wasmBackend } from '../engine/index.ts';
import { conv, dense, flatten, initialWeights, lif, maxPool, network, slot } from '../model/index.ts';
import { simulateNetwork } from '../simulate/index.ts';
import { type ProfileOptions, profileNetwork } from './profile-network.ts';
import type { Roof } from './roof.ts';

const backend = await wasmBackend({ threads: 2 });
after(() => backend.close());

const rates = { one: 1e10, all: 2e10 };
const ROOF: Roof = {
  ...{ source: 'measured', threads: 2, seconds: 0, flopsPerSecond: rates },
  bandwidths: [{ workingSet: 1e6, bytesPerSecond: rates }],
};
const RATE = { kind: 'rate', gain: 1, offset: 0 } as const;
const SNN: ProfileOptions = {
  ...{ mode: 'snn', timesteps: 5, purpose: 'infer', encoder: RATE, roof: ROOF },
  ...{ batchSize: 24, batches: 3, warmup: 1 },
};
const TRAINING = { loss: { kind: 'ce-count' }, optimizer: { kind: 'adam' }, clipNorm: 1 } as const;

const { test: dataset } = blobs({ shape: [8, 8, 1], classes: 3, train: 8, validation: 1, test: 24 });
const spec = network(
  'cnn',
  [8, 8, 1],
  [
    ...[conv('conv1', 4, 3, { padding: 1 }), slot('lif1', lif()), maxPool('pool1', 2)],
    ...[flatten(), dense('fc', 3), slot('lif2', lif())],
  ],
);
const subject = { spec, weights: initialWeights(spec, 3), dataset };

test('additions done are those that the simulation counts', async () => {
  const { table, batches } = await profileNetwork(backend, subject, SNN);
  const { trace } = await simulateNetwork(backend, spec, subject.weights, dataset, {
    ...{ mode: 'snn', timesteps: 5, encoder: RATE },
  });
  const done = (layer: string): number => table.rows.find((row) => row.layer === layer)!.work!.done.additions / batches;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  for (const layer of trace.layers) {
    if (layer.kind === 'dense') assert.equal(done(layer.layer), sum(layer.nonzeroIn) * layer.outputs);
    if (layer.kind === 'conv') assert.equal(done(layer.layer), sum(layer.reachedPixels) * layer.filters);
  }
});

test('a training step: forward, backward, gradients and update have rows, and the times add up', async () => {
  const profile = await profileNetwork(backend, subject, { ...SNN, purpose: 'train', training: TRAINING });
  const { rows, waitSeconds, idleSeconds, callerSeconds, threads, wallSeconds } = profile.table;
  assert.deepEqual(
    new Set(rows.map(({ stage }) => stage)),
    new Set(['forward', 'backward', 'gradients', 'update', 'refresh']),
  );
  const sum = rows.reduce((total, { seconds }) => total + seconds, waitSeconds + idleSeconds + callerSeconds);
  assert.ok(Math.abs(sum / (threads * wallSeconds) - 1) < 1e-9);
  assert.ok(rows.filter(({ kernel }) => kernel === 'adam').every(({ rates }) => rates!.bytesPerSecond > 0));
  assert.equal(profile.timeline.calls.length, 2 * profile.batches);
  assert.ok(profile.steps.plain > 0 && profile.steps.probed > 0);
  const { value, low, high } = profile.steps.overhead;
  assert.ok(-1 < low && low <= value && value <= high && Number.isFinite(high));
  const { uses, program } = profile.memory;
  assert.equal(
    Object.values(uses!).reduce((total, bytes) => total + bytes, 0),
    program,
  );
});

test('a layer far larger than the others is found at the top', async () => {
  const planted = network(
    'planted',
    [8, 8, 1],
    [
      ...[flatten(), dense('small', 1200), slot('lif1', lif()), dense('large', 1200), slot('lif2', lif())],
      ...[dense('fc', 3), slot('lif3', lif())],
    ],
  );
  const options = { ...SNN, mode: 'ann', timesteps: 1, purpose: 'train', encoder: { kind: 'constant' } } as const;
  const training = { loss: { kind: 'cross-entropy' }, optimizer: { kind: 'sgd' } } as const;
  const weights = initialWeights(planted, 1);
  const { table } = await profileNetwork(backend, { spec: planted, weights, dataset }, { ...options, training });
  assert.equal(table.rows[0]!.layer, 'large');
  const of = (layer: string): number =>
    table.rows.filter((row) => row.layer === layer).reduce((sum, { seconds }) => sum + seconds, 0);
  assert.ok(of('large') > 3 * of('small'));
});

test('what cannot be profiled is refused', async () => {
  const refuses = (options: Partial<ProfileOptions>, message: RegExp): Promise<void> =>
    assert.rejects(profileNetwork(backend, subject, { ...SNN, ...options }), message);
  await refuses({ batchSize: 0 }, /batchSize: got 0, expected a whole number of at least 1/);
  await refuses({ batches: 1.5 }, /batches: got 1.5, expected a whole number/);
  await refuses({ purpose: 'train' }, /training: got none, expected loss and optimizer/);
  await refuses({ signal: AbortSignal.abort() }, /profile: stopped on request after 0 of 3 batches/);
  await assert.rejects(profileNetwork(referenceBackend(), subject, SNN), /cannot note when its operations ran/);
});
