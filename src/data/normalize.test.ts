import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from './dataset.ts';
import { loadDataset } from './load.ts';
import { measureNormalization, NORMALIZATIONS, withNormalization } from './normalize.ts';

const colours: Dataset = {
  name: 'colours',
  source: 'test',
  classes: ['a', 'b'],
  shape: [1, 2, 3],
  samples: 1,
  values: Uint8Array.of(10, 0, 7, 30, 200, 7),
  scale: 0.1,
  labels: Uint8Array.of(1),
};

test('mean and deviation are measured by channel', () => {
  const { mean, deviation } = measureNormalization(colours);
  const round = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e9) / 1e9);
  assert.deepEqual(round(mean), [2, 10, 0.7]);
  assert.deepEqual(round(deviation), [1, 10, 0]);
  const empty = { ...colours, samples: 0, values: new Uint8Array() };
  assert.throws(() => measureNormalization(empty), { message: 'normalize: "colours" has no samples to measure' });
});

test('the constants of MNIST are those of its training set', async () => {
  const { train } = await loadDataset('mnist');
  const measured = measureNormalization(train);
  assert.ok(Math.abs(measured.mean[0]! - NORMALIZATIONS.mnist.mean[0]!) < 5e-5);
  assert.ok(Math.abs(measured.deviation[0]! - NORMALIZATIONS.mnist.deviation[0]!) < 5e-5);
});

test('values that do not fit the channels, or divide by 0, are refused', () => {
  assert.throws(() => withNormalization(colours, { mean: [1, 2], deviation: [1] }), {
    name: 'ConfigError',
    message: 'normalize.mean: got 2 values, expected 1 or one for each of the 3 channels of "colours" [1, 2, 3]',
  });
  assert.throws(() => withNormalization(colours, { mean: [0], deviation: [1, 0, 1] }), {
    message: 'normalize.deviation: got 0, expected numbers above 0',
  });
  assert.throws(() => withNormalization(colours, { mean: [Number.NaN], deviation: [1] }), {
    message: 'normalize.mean: got NaN, expected finite numbers',
  });
});

test('a loaded set is normalised by name, by measuring its training part, or as told', async () => {
  const { test: named } = await loadDataset('mnist', { train: 100, test: 10, normalize: 'mnist' });
  assert.deepEqual(named.normalize, NORMALIZATIONS.mnist);
  const split = await loadDataset('mnist', { train: 100, test: 10, validation: 0.5, normalize: 'measured' });
  assert.deepEqual(split.test.normalize, measureNormalization(split.train));
  assert.deepEqual(split.validation.normalize, split.test.normalize);
  await assert.rejects(loadDataset('mnist', { train: 9, test: 9, normalize: 'imagenet' }), {
    message: /^normalize.mean: got 3 values, expected 1 or one for each of the 1 channels of "MNIST"/,
  });
  const unknown = 'standard' as 'mnist';
  await assert.rejects(loadDataset('mnist', { train: 9, test: 9, normalize: unknown }), {
    message: /^normalize: got "standard", expected measured, mnist, fashion-mnist, .*, or a mean and deviation/,
  });
});
