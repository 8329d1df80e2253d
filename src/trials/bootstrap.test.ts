import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../core/index.ts';
import { bootstrapMedian, exactRank } from './bootstrap.ts';

test('ranks of the exact interval are those of the sign test', () => {
  // of tables of the binomial distribution: coverage 96.9, 99.2, 97.9 and 95.9 %
  assert.deepEqual([6, 8, 10, 20].map(exactRank), [1, 1, 2, 6]);
  assert.deepEqual([1, 2, 5].map(exactRank), [1, 1, 1]);
});

test('of ten values the interval holds the median at least nine times in ten, whatever their distribution', () => {
  const shapes = [
    (dice: ReturnType<typeof rng>) => dice.normal(),
    (dice: ReturnType<typeof rng>) => -Math.log(1 - dice.uniform()) - Math.LN2,
    (dice: ReturnType<typeof rng>) => Math.tan(Math.PI * (dice.uniform() - 0.5)),
  ];
  for (const draw of shapes)
    for (const n of [8, 10]) {
      let held = 0;
      for (let seed = 0; seed < 200; seed += 1) {
        const dice = rng(seed, 1, n);
        const { low, high } = bootstrapMedian(
          Array.from({ length: n }, () => draw(dice)),
          seed,
        );
        if (low <= 0 && high >= 0) held += 1;
      }
      assert.ok(held >= 185, `${held} of 200`);
    }
});

test('the value lies in its interval, and the same seed gives the same one', () => {
  const values = [5, 1, 4, 2, 3];
  assert.deepEqual(bootstrapMedian(values, 7), { value: 3, low: 1, high: 5 });
  assert.deepEqual(bootstrapMedian(values, 7), bootstrapMedian(values, 7));
  assert.deepEqual(bootstrapMedian([2], 1), { value: 2, low: 2, high: 2 });
});
