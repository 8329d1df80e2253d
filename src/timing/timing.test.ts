// Networks as subjects: what a call does, when it is refused, and how the best batch is found.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FakeMachine } from '../../test/fixtures/fake-machine.ts';
import { seconds } from '../core/index.ts';
import { blobs } from '../data/blobs.ts';
import { referenceBackend } from '../engine/index.ts';
import { initialWeights, mlp } from '../model/index.ts';
import { findBestBatch, measureContest, type OpenSubject, openNetwork, stagedBatches } from './index.ts';

const backend = referenceBackend();
after(() => backend.close());
const { test: images } = blobs();
const size = images.shape.reduce((product, length) => product * length, 1);
const spec = mlp([size, 5, images.classes.length]);
const weights = initialWeights(spec, 1);
const ANN = { name: 'ANN', spec, weights, mode: 'ann', timesteps: 1 } as const;
const SNN = { name: 'SNN', spec, weights, mode: 'snn', timesteps: 3, correct: 0.5 } as const;

test('a call of an ANN, and of an SNN read either way, is one batch', () => {
  const read = (kind: 'last-membrane' | 'spike-count') => ({ ...SNN, decoder: { kind } });
  for (const network of [ANN, read('last-membrane'), read('spike-count')]) {
    const subject = openNetwork(backend, network, images, { batch: 7 });
    for (let call = 0; call < 9; call += 1) assert.equal(subject.work(), 7);
    assert.equal(subject.batch, 7);
    subject.close();
  }
});

test('batches are the samples in their order, and leave a rest out', () => {
  const batches = stagedBatches(images, 7);
  assert.equal(batches.length, Math.floor(images.samples / 7));
  assert.deepEqual([...batches[1]!], [...images.values.subarray(7 * size, 14 * size)]);
});

test('a batch larger than the data, and data of another size, are refused', () => {
  const batch = images.samples + 1;
  assert.throws(
    () => openNetwork(backend, ANN, images, { batch }),
    /batch: got \d+, expected a whole number from 1 to \d+, the samples of "blobs"/,
  );
  const other = { ...ANN, spec: mlp([size + 1, 2]) };
  assert.throws(
    () => openNetwork(backend, other, images, { batch: 1 }),
    /network "ANN": takes \d+ values, a sample of "blobs" has \d+/,
  );
});

/** A subject with a fixed cost a call, and one an image. */
const costing = (machine: FakeMachine, perCall: number, perImage: (batch: number) => number) => {
  const opened: number[] = [];
  const open = (batch: number): OpenSubject => {
    opened.push(batch);
    const { name, work } = machine.subject({ name: 'x', time: perCall + batch * perImage(batch), inferences: batch });
    return { name, work, batch, close: () => opened.splice(opened.indexOf(batch), 1) as unknown as undefined };
  };
  return { open, opened };
};

test('the best batch is the smallest that is about as fast as any', async () => {
  const machine = new FakeMachine({ meter: false });
  const { open, opened } = costing(machine, 1e-3, (batch) => (batch > 64 ? 2e-3 : 1e-4));
  assert.equal(await findBestBatch(machine, open, 4000), 64);
  assert.equal(await findBestBatch(machine, open, 10), 4);
  assert.equal(await findBestBatch(machine, costing(machine, 0, () => 1e-4).open, 4000), 1, 'no gain, no batch');
  assert.deepEqual(opened, [], 'all were closed');
});

test('a contest measures each at its own best, or all at one size, and closes them', async () => {
  const machine = new FakeMachine({ meter: false });
  const [a, b] = [costing(machine, 1e-3, () => 1e-4), costing(machine, 0, () => 1e-4)];
  const contestants = [
    { name: 'x', engine: 'E', most: 100, open: a.open },
    { name: 'y', engine: 'E', most: 2, open: (batch: number) => ({ ...b.open(batch), name: 'y' }) },
  ];
  const none = { available: [], unavailable: [] };
  const measure = (batch: 'best' | number) =>
    measureContest(contestants, batch, none, { window: seconds(0.1) }, { world: machine });
  const best = await measure('best');
  assert.deepEqual(
    best.contestants.map(({ batch }) => batch),
    [64, 1],
  );
  const four = await measure(4);
  assert.deepEqual(
    four.contestants.map(({ batch, bytes }) => [batch, bytes]),
    [
      [4, null],
      [2, null],
    ],
  );
  const { ratio } = four.result.subjects[1]!.time;
  assert.ok(ratio.kind === 'measured' && Math.abs(ratio.value - 1e-4 / (1.4e-3 / 4)) < 1e-6);
  assert.deepEqual([...a.opened, ...b.opened], []);
});
