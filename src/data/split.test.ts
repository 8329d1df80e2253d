import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Dataset } from './dataset.ts';
import { meanInput, sampleSize, subset } from './dataset.ts';
import { drawSubset, splitDataset } from './split.ts';

/** Sample i holds its own index in both values, so that a mix-up of values and labels shows. */
function numbered(labels: readonly number[], classes = 3): Dataset {
  return {
    name: 'numbered',
    source: 'test',
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    shape: [2],
    samples: labels.length,
    values: Float32Array.from(labels.flatMap((_, i) => [i, i + 0.5])),
    scale: 1,
    labels: Uint8Array.from(labels),
  };
}

const idsOf = (dataset: Dataset): number[] => Array.from({ length: dataset.samples }, (_, i) => dataset.values[2 * i]!);
const anyLabels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 2, maxLength: 60 });

test('a split is a partition that keeps each sample with its label, stratified by class', () => {
  fc.assert(
    fc.property(anyLabels, fc.double({ min: 0.01, max: 0.6, noNaN: true }), fc.nat(), (labels, share, seed) => {
      const whole = numbered(labels);
      const { train, validation } = splitDataset(whole, share, seed);
      assert.deepEqual(
        [...idsOf(train), ...idsOf(validation)].sort((a, b) => a - b),
        idsOf(whole),
      );
      assert.equal(validation.samples, Math.round(labels.length * share));
      for (const part of [train, validation]) {
        idsOf(part).forEach((id, i) => {
          assert.equal(part.labels[i], labels[id]);
        });
      }
      for (let label = 0; label < 3; label++) {
        const count = labels.filter((other) => other === label).length;
        const held = validation.labels.filter((other) => other === label).length;
        assert.ok(Math.abs(held - count * share) < 1, `class ${label}: ${held} of ${count} held at ${share}`);
      }
    }),
  );
});

test('the same seed gives the same split, another one another', () => {
  const whole = numbered(Array.from({ length: 90 }, (_, i) => i % 3));
  const held = (seed: number): string => idsOf(splitDataset(whole, 0.3, seed).validation).join();
  assert.equal(held(5), held(5));
  assert.notEqual(held(5), held(6));
});

test('no share held out leaves the set itself and an empty one', () => {
  const whole = numbered([0, 1, 2]);
  const { train, validation } = splitDataset(whole, 0, 1);
  assert.equal(train, whole);
  assert.equal(validation.samples, 0);
  assert.equal(validation.values.length, 0);
});

test('shares and counts that cannot be are refused with what is allowed', () => {
  const whole = numbered([0, 1, 2]);
  assert.throws(() => splitDataset(whole, 1, 0), {
    message: 'validation: got 1, expected a share from 0 to less than 1',
  });
  assert.throws(() => splitDataset(whole, Number.NaN, 0), { message: /^validation: got NaN/ });
  assert.throws(() => splitDataset(whole, 0.99, 0), {
    message: /leaves none of the 3 samples of "numbered" to train on/,
  });
  assert.throws(() => drawSubset(whole, 4, 0, 'data.train'), {
    message: 'data.train: got 4, expected a whole number from 1 to 3, the samples of "numbered"',
  });
  assert.throws(() => drawSubset(whole, 0, 0), { message: /^samples: got 0/ });
  assert.throws(() => subset(whole, [1, 3]), {
    message: 'subset: got index 3, expected a whole number from 0 to 2 ("numbered")',
  });
});

test('a drawn subset holds different samples in ascending order; all of them is the set itself', () => {
  const whole = numbered(Array.from({ length: 50 }, (_, i) => i % 3));
  const ids = idsOf(drawSubset(whole, 20, 3));
  assert.equal(new Set(ids).size, 20);
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  );
  assert.equal(drawSubset(whole, 50, 3), whole);
});

test('a subset copies samples of several time steps in the order asked for', () => {
  const values = Uint8Array.from({ length: 3 * 2 * 2 }, (_, i) => 10 * i);
  const moving: Dataset = { ...numbered([0, 1, 2]), values, scale: 0.1, timesteps: 2 };
  assert.equal(sampleSize(moving), 4);
  const picked = subset(moving, [2, 0]);
  assert.deepEqual(picked.values, Uint8Array.from([80, 90, 100, 110, 0, 10, 20, 30]));
  assert.deepEqual(picked.labels, Uint8Array.from([2, 0]));
  assert.ok(Math.abs(meanInput(moving) - 5.5) < 1e-12);
  assert.equal(meanInput(subset(moving, [])), 0);
});
