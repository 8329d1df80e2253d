import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_BREAK, quantity, scaleOf, significant, times, whole } from './quantity.ts';

test('quantities have the unit that suits them', () => {
  assert.equal(quantity(1.234e-6, 'joules'), '1.23 µJ');
  assert.equal(quantity(4.6e-12, 'joules'), '4.60 pJ');
  assert.equal(quantity(6.1e-6, 'seconds'), '6.10 µs');
  assert.equal(quantity(1.5 * 2 ** 20, 'bytes'), '1.50 MiB');
  assert.equal(quantity(39_400, 'operations'), '39.4 k');
  assert.equal(quantity(7, 'operations'), '7.00');
  assert.equal(quantity(0, 'joules'), '0 pJ');
});

test('a column has one unit, small enough for its least and large enough for its most', () => {
  assert.deepEqual(scaleOf([1.8e-7, 5e-7], 'joules'), { unit: 'nJ', factor: 1e-9 });
  assert.deepEqual(scaleOf([1e-12, 1e-3], 'joules'), { unit: 'nJ', factor: 1e-9 });
  assert.deepEqual(scaleOf([0, 0], 'operations'), { unit: '', factor: 1 });
});

test('numbers keep three digits', () => {
  assert.deepEqual([0.01234, 1.234, 12.34, 123.4, 1234, 0].map(significant), [
    '0.0123',
    '1.23',
    '12.3',
    '123',
    '1234',
    '0',
  ]);
  assert.equal(significant(1_234_567), `1${NO_BREAK}234${NO_BREAK}567`);
  assert.equal(significant(0.00001), '1.0e-5');
});

test('ratios keep two digits', () => {
  assert.deepEqual([0.6, 2.84, 11.2, 0.0456].map(times), ['0.60 times', '2.8 times', '11 times', '0.046 times']);
});

test('counts of things are whole', () => {
  assert.deepEqual([whole(7), whole(1234), whole(60_000)], ['7', '1234', `60${NO_BREAK}000`]);
});
