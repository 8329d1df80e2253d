import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClose, assertCloseToScale, assertSame } from './closeness.ts';

test('a closeness check names the worst value and counts the faults', () => {
  assertClose('equal', [1, 2, Number.NaN], [1, 2, Number.NaN], 0);
  assertClose('relative to large values', [1_000_001], [1_000_000], 1e-5);
  assert.throws(() => assertClose('x', [1, 5, 3, 4], [1, 2, 3, 4.5], 0.01), {
    message: /x: 2 of 4 values are off by more than 0.01; worst at 1: got 5, expected 2 \(error 1.50e\+0\)/,
  });
  assert.throws(() => assertClose('x', [Number.NaN], [1], 1), /worst at 0: got NaN, expected 1/);
  assert.throws(() => assertClose('x', [1], [1, 2], 1), /x: length/);
  assert.throws(() => assertSame('x', [1 + 1e-15], [1]), /1 of 1 values/);
});

test('to scale, small values count for what they are among the others', () => {
  assertCloseToScale('x', [1e-9, 100], [0, 100], 1e-6);
  assert.throws(() => assertCloseToScale('x', [1e-9, 1e-5], [0, 1e-5], 1e-6), /1 of 2 values/);
});
