import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, UnsupportedError } from '../core/index.ts';
import { blobs, type Dataset, stageSamples, withNormalization } from '../data/index.ts';
import { openPixels } from './pixels.ts';

const bytes: Dataset = {
  name: 'ramp',
  source: 'test',
  classes: ['a', 'b'],
  shape: [8, 16, 2],
  samples: 3,
  values: Uint8Array.from({ length: 768 }, (_, i) => (i * 7) % 256),
  scale: 1 / 255,
  labels: Uint8Array.of(0, 1, 0),
};

const floats = (values: readonly number[], scale = 1): Dataset => ({
  ...bytes,
  shape: [values.length],
  samples: 1,
  values: Float32Array.from(values),
  scale,
  labels: Uint8Array.of(0),
});

test('pixels of bytes are what a plan makes of them', () => {
  const source = openPixels(bytes);
  assert.deepEqual(source.range, { low: 0, high: 1 });
  assert.deepEqual([source.size, source.shape, source.samples], [256, [8, 16, 2], 3]);
  const { pixels, ids } = source.images([2, 0]);
  assert.deepEqual(ids, Uint32Array.of(2, 0));
  const scale = Math.fround(1 / 255);
  for (let i = 0; i < 256; i++) {
    assert.equal(pixels[i], Math.fround(bytes.values[512 + i]! * scale));
    assert.equal(pixels[256 + i], Math.fround(bytes.values[i]! * scale));
  }
  assert.deepEqual(source.stage(pixels), pixels);
});

test('untouched images are staged to the bits of a normal run', () => {
  const sets: Dataset[] = [
    withNormalization(bytes, { mean: [0.1307, 0.4465], deviation: [0.3081, 0.2616] }),
    withNormalization(bytes, { mean: [0.3], deviation: [0.7] }),
    withNormalization(floats([-1.5, 0.25, 3]), { mean: [0.1], deviation: [0.3] }),
    floats([0.1, 0.7, 0.30001], 0.37),
  ];
  for (const dataset of sets) {
    const source = openPixels(dataset);
    const { pixels } = source.images(Array.from({ length: dataset.samples }, (_, i) => i));
    assert.deepEqual(source.stage(pixels), stageSamples(dataset, 0, dataset.samples));
  }
});

test('changed pixels are normalised by their channel', () => {
  const source = openPixels(withNormalization(bytes, { mean: [0.5, 0.25], deviation: [0.5, 0.125] }));
  assert.deepEqual(source.deviation, [0.5, 0.125]);
  const pixels = new Float32Array(256).fill(0.375);
  const into = new Float32Array(300).fill(7);
  const staged = source.stage(pixels, into);
  assert.equal(staged.buffer, into.buffer);
  assert.deepEqual(Array.from(staged.subarray(0, 4)), [-0.25, 1, -0.25, 1]);
  assert.equal(staged.length, 256);
  assert.equal(into[256], 7);
});

test('images come as fresh copies, any number of them', () => {
  const source = openPixels(blobs().test, { capacity: 2 });
  const first = source.images([0, 1, 2, 3, 4]);
  const kept = first.pixels.slice();
  source.images([5, 6]).pixels.fill(9);
  assert.deepEqual(first.pixels, kept);
  assert.deepEqual(source.images([3]).pixels, kept.subarray(21, 28));
});

test('the range of floats is 0 to 1, or what the dataset spans', () => {
  assert.deepEqual(openPixels(floats([0.25, 0.5])).range, { low: 0, high: 1 });
  assert.deepEqual(openPixels(floats([0.25, 1.5])).range, { low: 0.25, high: 1.5 });
  assert.deepEqual(openPixels(floats([-2, 6], 0.5)).range, { low: -1, high: 3 });
});

test('augmented images depend on seed, epoch and id alone', () => {
  const source = openPixels(bytes, { augment: { crop: { padding: 2 }, flip: true } });
  const { pixels } = source.images([0, 1, 2], 5, 3);
  assert.deepEqual(source.images([2], 5, 3).pixels, pixels.subarray(512));
  assert.notDeepEqual(source.images([0, 1, 2], 5, 4).pixels, pixels);
});

test('what cannot be disturbed is refused', () => {
  assert.throws(
    () => openPixels({ ...bytes, timesteps: 4, shape: [64] }),
    (error) =>
      error instanceof UnsupportedError &&
      /robustness of "ramp": its samples are sequences of 4 steps, and only still images are disturbed; use a dataset/.test(
        error.message,
      ),
  );
  const source = openPixels(bytes);
  assert.throws(() => source.images([3]), /stage: got index 3, expected one below 3 \("ramp"\)/);
  assert.throws(
    () => source.stage(new Float32Array(255)),
    (error) =>
      error instanceof ConfigError &&
      /pixels: got 255 values and room for 255, expected whole images of 256 \("ramp"\)/.test(error.message),
  );
  assert.throws(() => source.stage(new Float32Array(256), new Float32Array(9)), /room for 9, expected whole images/);
});
