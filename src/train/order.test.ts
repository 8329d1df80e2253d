import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchesOf, epochOrder } from './order.ts';

test('an epoch visits every sample once', () => {
  assert.deepEqual(
    [...epochOrder(7, 1, 23)].sort((a, b) => a - b),
    Array.from({ length: 23 }, (_, i) => i),
  );
});

test('the order is a function of seed and epoch', () => {
  assert.deepEqual(epochOrder(7, 3, 50), epochOrder(7, 3, 50));
  assert.notDeepEqual(epochOrder(7, 3, 50), epochOrder(7, 4, 50));
  assert.notDeepEqual(epochOrder(7, 3, 50), epochOrder(8, 3, 50));
});

test('the last, partial batch counts', () => {
  assert.equal(batchesOf(23, 5), 5);
  assert.equal(batchesOf(20, 5), 4);
  assert.equal(batchesOf(1, 1), 1);
});
