import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { conv, dense, flatten, lif, network, slot, type Weights } from '../model/index.ts';
import { type CalibrateOptions, calibrate, calibrateChannels, conversionSweep, smallestTimesteps } from './index.ts';

/** Identity weights: activations are the inputs, rectified. */
const spec = network(
  'id',
  [2],
  [dense('fc1', 2), slot('relu', lif()), dense('fc2', 1), slot('out', lif(), { ann: 'identity' })],
);
const weights: Weights = new Map([
  ['fc1/weight', Float32Array.of(1, 0, 0, 1)],
  ['fc1/bias', Float32Array.of(0, 0)],
  ['fc2/weight', Float32Array.of(1, -1)],
  ['fc2/bias', Float32Array.of(0)],
]);

const dataOf = (values: Float32Array | Uint8Array, scale = 1): Dataset => ({
  name: 'd',
  source: 'test',
  classes: ['only'],
  shape: [2],
  samples: values.length / 2,
  values,
  scale,
  labels: new Uint8Array(values.length / 2),
});
const data = dataOf(Float32Array.of(1, 0, -3, 2, 4, 0, 0.5, 3));

const scaleOf = async (options: CalibrateOptions, dataset = data): Promise<number> => {
  const scales = await calibrate(referenceBackend(), spec, weights, dataset, options);
  return scales.get('relu')!;
};

test('the maximum is over everything, whatever the batches', async () => {
  for (const batchSize of [1, 3, 100]) assert.equal(await scaleOf({ mode: 'max', batchSize }), 4);
  assert.equal(await scaleOf({ mode: 'max', samples: 2 }), 2);
});

test('the moving average weighs later batches by a tenth', async () => {
  const expected = 0.9 * (0.9 * (0.9 * 1 + 0.1 * 2) + 0.1 * 4) + 0.1 * 3;
  assert.ok(Math.abs((await scaleOf({ mode: 'max-moving-average', batchSize: 1 })) - expected) < 1e-12);
});

test('percentiles interpolate linearly, over all activations or those that are not zero', async () => {
  // sorted: 0 0 0 0.5 1 2 3 4
  assert.equal(await scaleOf({ mode: 'percentile', percentile: 50 }), 0.75);
  assert.equal(await scaleOf({ mode: 'percentile', percentile: 50, nonzeroOnly: true, batchSize: 3 }), 2);
  assert.ok(Math.abs((await scaleOf({ mode: 'percentile', percentile: 90, batchSize: 1 })) - 3.3) < 1e-6);
  assert.equal(await scaleOf({ mode: 'percentile', percentile: 100 }), 4);
});

test('one n-th of the maximum', async () => {
  assert.equal(await scaleOf({ mode: 'reciprocal', reciprocal: 4 }), 1);
  assert.equal(await scaleOf({ mode: 'reciprocal' }), 2);
});

test('bytes are scaled, and the identity has a scale of its own', async () => {
  const dataset = dataOf(Uint8Array.of(255, 0, 51, 51), 1 / 255);
  assert.ok(Math.abs((await scaleOf({ mode: 'max' }, dataset)) - 1) < 1e-6);
  const scales = await calibrate(referenceBackend(), spec, weights, data, { mode: 'max' });
  assert.equal(scales.get('out'), 4);
});

test('a slot that nothing passes gets the scale 1', async () => {
  assert.equal(await scaleOf({ mode: 'percentile' }, dataOf(Float32Array.of(-1, -2))), 1);
});

test('a channel of a map has a scale of its own over its pixels, a silent one that of its layer', async () => {
  const map = network(
    'map',
    [1, 2, 1],
    [conv('c', 3, 1), slot('relu', lif()), flatten(), dense('d', 2), slot('flat', lif()), dense('out', 1)],
  );
  const own: Weights = new Map([
    ['c/weight', Float32Array.of(1, 0.5, -1)],
    ['c/bias', Float32Array.of(0, 1, -9)],
    ['d/weight', new Float32Array(12).fill(0.25)],
    ['d/bias', new Float32Array(2)],
    ['out/weight', new Float32Array(2)],
    ['out/bias', new Float32Array(1)],
  ]);
  const positive = dataOf(Float32Array.of(1, 0, 3, 2, 4, 0, 0.5, 3));
  const scalesBy = async (options: Partial<CalibrateOptions>): Promise<unknown> => {
    const scales = await calibrateChannels(referenceBackend(), map, own, positive, { mode: 'max', ...options });
    return scales.get('relu');
  };
  assert.deepEqual(await scalesBy({}), [4, 3, 4]);
  assert.deepEqual(
    await scalesBy({ mode: 'percentile', percentile: 50, batchSize: 3 }),
    [1.5, 1.75, 0].map((scale, channel) => (channel === 2 ? 1 : scale)),
  );
  const scales = await calibrateChannels(referenceBackend(), map, own, positive, { mode: 'max' });
  assert.equal(typeof scales.get('flat'), 'number');
});

test('settings that cannot be are refused in words', async () => {
  const refuses = (options: Partial<CalibrateOptions>, message: RegExp): Promise<void> =>
    assert.rejects(() => scaleOf({ mode: 'max', ...options }), message);
  await refuses(
    { mode: 'mean' as 'max' },
    /mode: got "mean", expected one of max, max-moving-average, percentile, reciprocal, least-error/,
  );
  await refuses({ percentile: 0 }, /percentile: got 0, expected more than 0 and at most 100/);
  await refuses({ reciprocal: 0.5 }, /reciprocal: got 0.5, expected n of at least 1/);
  await refuses({ timesteps: 0 }, /timesteps: got 0, expected a whole number of at least 1/);
  await refuses({ schedule: 'keras' as 'none' }, /schedule: got "keras", expected one of none, snntoolbox/);
  await refuses({ samples: 0 }, /samples: got 0, expected a whole number of at least 1/);
  await refuses({ samples: 9 }, /samples: got 9, but "d" has 4; use at most that/);
  await refuses({ batchSize: 1.5 }, /batchSize: got 1.5/);
  await refuses(
    { mode: 'percentile', percentile: 10 },
    /slot "relu": scale by percentile is 0.*take a higher percentile or set nonzeroOnly/,
  );
  await refuses({ signal: AbortSignal.abort() }, /calibrate: stopped on request after 0 of 4 samples/);
  const bare = network('bare', [2], [slot('first', lif()), dense('fc', 1)]);
  const own: Weights = new Map([
    ['fc/weight', Float32Array.of(1, 1)],
    ['fc/bias', Float32Array.of(0)],
  ]);
  const scales = await calibrate(referenceBackend(), bare, own, data, { mode: 'max' });
  assert.equal(scales.get('first'), 4);
  const odd = network('odd', [2], [slot('first', lif(), { ann: 'identity' }), dense('fc', 1)]);
  await assert.rejects(
    () => calibrate(referenceBackend(), odd, own, data, { mode: 'max' }),
    /slot "first": is the identity within the network.*make it a ReLU or remove it/,
  );
});

test('the smallest T is the first from which accuracy stays close', () => {
  const accuracies = [0.1, 0.98, 0.9, 0.975, 0.981, 0.979];
  assert.equal(smallestTimesteps(accuracies, 0.98, 0.005), 4);
  assert.equal(smallestTimesteps(accuracies, 0.98, 0.001), 5);
  assert.equal(smallestTimesteps(accuracies, 0.98, 0.9), 1);
  assert.equal(smallestTimesteps(accuracies, 0.99, 0.001), null);
  assert.equal(smallestTimesteps([0.7], 0.8, 0.1), 1, 'exactly at the tolerance counts, rounding aside');
  assert.equal(smallestTimesteps([], 0.8, 0.1), null);
});

test('a sweep reads accuracies off one run', () => {
  const points = conversionSweep([0.5, 0.75, 0.875], 0.875, [1, 3]);
  assert.deepEqual(points, [
    { timesteps: 1, accuracy: 0.5, loss: 0.375 },
    { timesteps: 3, accuracy: 0.875, loss: 0 },
  ]);
  assert.equal(conversionSweep([0.5, 0.75], 0.8).length, 2);
  assert.throws(() => conversionSweep([0.5], 0.8, [2]), /timesteps: got 2, expected whole numbers from 1 to 1, as run/);
});
