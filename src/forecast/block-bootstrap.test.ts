import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../core/index.ts';
import { percentileInterval, resampleBlocks } from './block-bootstrap.ts';

/** Values of which neighbours resemble each other: an AR(1). */
function correlated(n: number, phi: number, seed: number): Float64Array {
  const dice = rng(seed, 99);
  const values = new Float64Array(n);
  for (let i = 0, x = 0; i < n + 50; i++) {
    x = phi * x + dice.normal();
    if (i >= 50) values[i - 50] = x;
  }
  return values;
}

const widthOf = (values: Float64Array, block: number): number => {
  const { low, high } = percentileInterval(0, resampleBlocks([values], { block, draws: 800, seed: 1 }).draws(0))!;
  return high - low;
};

test('of independent values the interval is that of the mean, whatever the block', () => {
  const values = correlated(2000, 0, 3);
  const expected = (2 * 1.96) / Math.sqrt(2000);
  for (const block of [1, 20]) assert.ok(Math.abs(widthOf(values, block) / expected - 1) < 0.2, `${block}`);
});

test('of values that depend on their neighbours it is wider, as it must be', () => {
  const values = correlated(4000, 0.9, 5);
  // The mean of an AR(1) has a deviation of 1 / ((1 - phi) sqrt(n)) for long n.
  const expected = (2 * 1.96) / (0.1 * Math.sqrt(4000));
  assert.ok(widthOf(values, 1) < 0.4 * expected, 'one by one: far too narrow');
  assert.ok(Math.abs(widthOf(values, 100) / expected - 1) < 0.25, `${widthOf(values, 100)}, ${expected}`);
});

test('series are resampled alike, so their ratio does not vary', () => {
  const values = correlated(300, 0.5, 7).map((value) => value + 9);
  const both = resampleBlocks([values, values.map((value) => 3 * value)], { block: 11, draws: 50, seed: 2 });
  for (const [i, mean] of both.draws(1).entries()) assert.ok(Math.abs(mean / both.draws(0)[i]! - 3) < 1e-9);
  assert.ok(Math.abs(both.mean(1) / both.mean(0) - 3) < 1e-12);
});

test('the same seed, the same draws; too few blocks, no interval', () => {
  const values = correlated(90, 0.5, 8);
  const draws = (seed: number, block: number): Float64Array =>
    resampleBlocks([values], { block, draws: 20, seed }).draws(0);
  assert.deepEqual(draws(1, 7), draws(1, 7));
  assert.notDeepEqual(draws(1, 7), draws(2, 7));
  assert.equal(percentileInterval(1, draws(1, 23)), null);
});
