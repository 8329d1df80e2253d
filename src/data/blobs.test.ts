import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobs } from './blobs.ts';
import { type Dataset, sampleSize } from './dataset.ts';

/** Share of `test` whose nearest class mean of `train` is its own class. */
function nearestMean(train: Dataset, test: Dataset): number {
  const size = sampleSize(train);
  const means = train.classes.map((_, label) => {
    const own = Array.from(train.labels.keys()).filter((i) => train.labels[i] === label);
    return Array.from(
      { length: size },
      (_, j) => own.reduce((sum, i) => sum + train.values[i * size + j]!, 0) / own.length,
    );
  });
  let right = 0;
  for (let i = 0; i < test.samples; i++) {
    const distance = means.map((mean) =>
      mean.reduce((sum, value, j) => sum + (value - test.values[i * size + j]!) ** 2, 0),
    );
    if (distance.indexOf(Math.min(...distance)) === test.labels[i]) right++;
  }
  return right / test.samples;
}

test('blobs can be told apart by their class means, on samples not seen', () => {
  for (const seed of [0, 1, 2]) {
    const { train, validation, test } = blobs({ seed, classes: 5, shape: [3, 3, 1], noise: 0.1 });
    assert.equal(nearestMean(train, test), 1);
    assert.equal(nearestMean(train, validation), 1);
  }
});

test('blobs depend on their seed alone', () => {
  assert.deepEqual(blobs({ seed: 3 }), blobs({ seed: 3 }));
  assert.notDeepEqual(blobs({ seed: 3 }).train.values, blobs({ seed: 4 }).train.values);
});

test('more classes than patterns are refused', () => {
  assert.throws(() => blobs({ classes: 5, shape: [2] }), {
    message: 'blobs.classes: got 5, expected at most 4 patterns of 2 values',
  });
});
