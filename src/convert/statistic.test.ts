import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rng } from '../core/index.ts';
import { GrowingHistogram, leastErrorScale } from './least-error.ts';
import { percentileOf, RunningPercentile } from './statistic.ts';

test('a running percentile is that of all values, however few it keeps', () => {
  const generator = rng(3, 1);
  for (const n of [1, 2, 7, 5000, 40000])
    for (const p of [0.1, 50, 99, 99.9, 100]) {
      const values = Float32Array.from({ length: n }, () => (generator.uniform() < 0.5 ? 0 : generator.normal()));
      const running = new RunningPercentile(p, n + Math.floor(n / 3));
      for (const value of values) running.add(value);
      assert.equal(running.value(), percentileOf(values, p), `${n} values, p ${p}`);
    }
  assert.equal(new RunningPercentile(50, 10).value(), 0);
});

test('a running percentile of few values, equal ones among them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1 }),
      fc.double({ min: 1, max: 100, noNaN: true }),
      (list, p) => {
        const running = new RunningPercentile(p, list.length);
        for (const value of list) running.add(value);
        assert.equal(running.value(), percentileOf(Float32Array.from(list), p));
      },
    ),
  );
});

test('a histogram grows with its largest value and loses none', () => {
  const histogram = new GrowingHistogram();
  histogram.add([0, -1, 0.5, 1]);
  histogram.add([100, 3000, 1]);
  histogram.add([]);
  assert.equal(
    histogram.counts.reduce((sum, count) => sum + count, 0),
    5,
  );
  assert.equal(histogram.largest, 3000);
  assert.ok(histogram.width <= 3000 / 2048);
});

test('the scale of least error is the one a search over the values finds', () => {
  const generator = rng(4, 1);
  const values = Array.from(
    { length: 3000 },
    () => Math.abs(generator.normal()) * (generator.uniform() < 0.01 ? 6 : 1),
  );
  const histogram = new GrowingHistogram();
  histogram.add(values);
  const errorAt = (scale: number, T: number, start: number): number =>
    values.reduce((sum, a) => sum + (a - (scale * Math.min(T, Math.floor((T * a) / scale + start))) / T) ** 2, 0);
  for (const [T, start] of [
    [4, 0],
    [4, 0.5],
    [64, 0.5],
  ] as const) {
    const scale = leastErrorScale(histogram, T, start);
    const best = Math.min(
      ...Array.from({ length: 400 }, (_, k) => errorAt((histogram.largest * (k + 1)) / 400, T, start)),
    );
    assert.ok(errorAt(scale, T, start) < 1.03 * best, `T ${T}: ${errorAt(scale, T, start)} against ${best}`);
  }
  assert.ok(leastErrorScale(histogram, 4, 0.5) < leastErrorScale(histogram, 64, 0.5), 'few steps saturate sooner');
  assert.equal(leastErrorScale(new GrowingHistogram(), 4, 0), 0);
});
