import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviationOf, errorByStep, originErrors, persistenceScale } from './measures.ts';

const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-12, `${a}, expected ${b}`);

// Two origins, horizon 2: errors 1, -2, 0, 4.
const forecasts = { horizon: 2, truth: Float64Array.of(2, 1, 0, 6), forecast: Float64Array.of(1, 3, 0, 2) };

test('errors of each origin, by hand', () => {
  const { squared, absolute, symmetric } = originErrors(forecasts);
  assert.deepEqual([...squared], [2.5, 8]);
  assert.deepEqual([...absolute], [1.5, 2]);
  near(symmetric[0]!, (200 / 3 + 400 / 4) / 2);
  near(symmetric[1]!, (0 + 800 / 8) / 2);
});

test('RMSE at each step ahead', () => {
  const [first, second] = errorByStep(forecasts);
  near(first!, Math.sqrt(1 / 2));
  near(second!, Math.sqrt(20 / 2));
});

test('deviation about the mean; the scale of MASE', () => {
  near(deviationOf(Float64Array.of(1, 2, 6)), Math.sqrt(14 / 3));
  // One step: |3|, |1|, |2| -> 2; two steps: |4|, |1| -> 2.5.
  near(persistenceScale(Float64Array.of(0, 3, 4, 2), 1), 2);
  near(persistenceScale(Float64Array.of(0, 3, 4, 2), 2), (2 + (4 + 1) / 2) / 2);
});
