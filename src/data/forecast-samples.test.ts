import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { subset } from './dataset.ts';
import { asMap, asSequence, forecastSamples } from './forecast-samples.ts';
import type { Series } from './series.ts';

const seriesOf = (values: ArrayLike<number>): Series => ({
  name: 's',
  source: 'test',
  values: Float64Array.from(values),
});
const ramp = (length: number): Series => seriesOf(Array.from({ length }, (_, i) => i));

test('windows and targets follow each other in time', () => {
  const data = forecastSamples(ramp(20), { window: 3, horizon: 2, split: { train: 0.5, validation: 0.25 } });
  assert.deepEqual(data.stretches, {
    train: { from: 0, to: 10 },
    validation: { from: 10, to: 15 },
    test: { from: 15, to: 20 },
  });
  const { train, validation, test: held, mean, deviation } = data;
  assert.deepEqual([train.samples, validation.samples, held.samples], [6, 1, 1]);
  assert.equal(mean, 4.5);
  assert.ok(Math.abs(deviation - Math.sqrt(8.25)) < 1e-12);
  const back = (values: ArrayLike<number>): number[] =>
    Array.from(values, (v) => Math.abs(Math.round(v * deviation + mean)));
  assert.deepEqual(back(train.values).slice(0, 9), [0, 1, 2, 1, 2, 3, 2, 3, 4]);
  assert.deepEqual(back(train.targets!).slice(0, 6), [3, 4, 4, 5, 5, 6]);
  assert.deepEqual(
    [back(validation.values), back(validation.targets!)],
    [
      [10, 11, 12],
      [13, 14],
    ],
  );
  assert.deepEqual(
    [back(held.values), back(held.targets!)],
    [
      [15, 16, 17],
      [18, 19],
    ],
  );
  assert.deepEqual(train.classes, ['+1', '+2']);
});

test('no value is in two parts, whatever the sizes', () => {
  const whole = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(whole(12), whole(9), fc.integer({ min: 120, max: 300 }), (window, horizon, length) => {
      const split = { train: 0.5, validation: 0.2 };
      const data = forecastSamples(ramp(length), { window, horizon, split });
      const seen = (part: 'train' | 'validation' | 'test'): Set<number> => {
        const { values, targets, samples } = data[part];
        assert.equal(values.length, samples * window);
        assert.equal(targets!.length, samples * horizon);
        return new Set([...values, ...targets!]);
      };
      const [train, validation, held] = [seen('train'), seen('validation'), seen('test')];
      assert.ok(Math.max(...train) < Math.min(...validation), 'training before validation');
      assert.ok(Math.max(...validation) < Math.min(...held), 'validation before test');
    }),
    { numRuns: 60 },
  );
});

test('scaled by the training part alone', () => {
  const options = { window: 2, horizon: 1 };
  const before = forecastSamples(ramp(100), options);
  const after = forecastSamples(seriesOf([...ramp(100).values].map((v, i) => (i < 60 ? v : v * 1e6))), options);
  assert.deepEqual([after.mean, after.deviation], [before.mean, before.deviation]);
  assert.deepEqual(after.train, before.train);
});

test('as a sequence and as a map; subsets keep their targets', () => {
  const { train } = forecastSamples(ramp(60), { window: 4, horizon: 2 });
  assert.deepEqual([asSequence(train).shape, asSequence(train).timesteps], [[1], 4]);
  assert.deepEqual(asMap(train).shape, [4, 1, 1]);
  const chosen = subset(train, [5, 2]);
  assert.deepEqual(chosen.targets, Float32Array.of(...train.targets!.slice(10, 12), ...train.targets!.slice(4, 6)));
});

test('what cannot be cut is refused', () => {
  const refuses = (series: Series, options: Parameters<typeof forecastSamples>[1], message: RegExp): void => {
    assert.throws(() => forecastSamples(series, options), message);
  };
  refuses(ramp(50), { window: 0, horizon: 1 }, /window: got 0, expected a whole number of at least 1/);
  refuses(ramp(50), { window: 2, horizon: 1.5 }, /horizon: got 1\.5/);
  refuses(ramp(50), { window: 2, horizon: 1, split: { train: 0.9, validation: 0.1 } }, /split: got 0\.9 .* leave some/);
  refuses(
    ramp(50),
    { window: 30, horizon: 9 },
    /the training part of "s" has 30 of its 50 values, expected at least window \+ horizon = 39/,
  );
  refuses(ramp(50), { window: 6, horizon: 2 }, /the validation part of "s" has 7/);
  refuses(ramp(50), { window: 6, horizon: 2, split: { train: 0.5, validation: 0.4 } }, /the test part of "s" has 5/);
  refuses(
    seriesOf(new Float64Array(50).fill(2)),
    { window: 2, horizon: 1 },
    /deviation 0; expected values that differ/,
  );
  refuses(seriesOf([...ramp(49).values, Number.NaN]), { window: 2, horizon: 1 }, /"s" has NaN at 49, expected finite/);
});
