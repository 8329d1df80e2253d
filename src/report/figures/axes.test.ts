import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decades, logTicks } from './log-axis.ts';
import { between, percentDomain, spacedLabels } from './spaced-labels.ts';

const close = (got: readonly number[], expected: readonly number[]): void => {
  assert.equal(got.length, expected.length, `${got} is not ${expected}`);
  got.forEach((value, i) => {
    assert.ok(Math.abs(value / expected[i]! - 1) < 1e-9, `${value} is not ${expected[i]}`);
  });
};

test('logarithmic axes have ticks at powers of ten, or between where those are few', () => {
  close(decades([1e-9, 1e-6]), [1e-9, 1e-8, 1e-7, 1e-6]);
  close(logTicks([5, 2e4]), [10, 100, 1000, 1e4]);
  close(logTicks([3e-9, 4e-8]), [5e-9, 1e-8, 2e-8]);
  close(logTicks([4000, 9e4]), [5000, 1e4, 2e4, 5e4]);
  close(logTicks([11, 19]), [12, 14, 16, 18]);
});

test('a label that would lie on another is left out', () => {
  const points = [0.1, 0.11, 0.5, 0.52, 0.9];
  assert.deepEqual(
    spacedLabels(points, (x) => ({ x, y: 0.5 })),
    [0.1, 0.5, 0.9],
  );
  assert.equal(between(3, [1, 5]), 0.5);
  assert.equal(between(3, [3, 3]), 0.5);
});

test('percentages have a domain of whole fives', () => {
  assert.deepEqual(percentDomain([71.2, 88]), [70, 90]);
  assert.deepEqual(percentDomain([0, 100]), [0, 100]);
});
