// The series against what is known of the equation: its closed form before the first delay has passed, its equilibrium, where
// that loses stability, and the same path integrated far more finely.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mackeyGlass } from './mackey-glass.ts';

const worst = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

test('until the delay has passed the growth is constant, and the solution an exponential', () => {
  const [tau, beta, gamma, n, initial] = [5.3, 0.3, 0.15, 7, 0.8];
  const { values } = mackeyGlass({ tau, beta, gamma, n, initial, dt: 0.5, samples: 11, discard: 0 });
  const level = (beta * initial) / (1 + initial ** n) / gamma;
  const exact = Float64Array.from(values, (_, i) => level + (initial - level) * Math.exp(-gamma * 0.5 * i));
  assert.ok(worst(values, exact) < 1e-9, `off by ${worst(values, exact)}`);
});

test('the same path as with steps ten times shorter', () => {
  const options = { samples: 150, discard: 0 };
  const fine = mackeyGlass({ ...options, substeps: 200 });
  const error = (substeps: number): number => worst(mackeyGlass({ ...options, substeps }).values, fine.values);
  assert.ok(error(10) < 2e-6, `off by ${error(10)}`);
  // Order 4: half the step, a sixteenth of the error; the kinks at multiples of tau lie on steps.
  assert.ok(error(5) > 8 * error(10), `${error(5)} and ${error(10)}`);
});

test('a delay that is no multiple of the step is interpolated', () => {
  const options = { tau: 16.83, samples: 60, discard: 0 };
  const fine = mackeyGlass({ ...options, substeps: 500 });
  assert.ok(worst(mackeyGlass(options).values, fine.values) < 1e-5);
});

test('at its equilibrium (beta / gamma - 1)^(1 / n) it stays', () => {
  const equilibrium = (0.35 / 0.1 - 1) ** (1 / 8);
  const { values } = mackeyGlass({ beta: 0.35, n: 8, initial: equilibrium, samples: 40, discard: 0 });
  for (const value of values) assert.ok(Math.abs(value - equilibrium) < 1e-12);
});

test('settles below the critical delay of 4.71, oscillates above, and is bounded', () => {
  // Linearised at 1: b = -0.4, so acos(-0.1 / 0.4) / sqrt(0.4^2 - 0.1^2) = 4.708.
  const spread = (tau: number): number => {
    const { values } = mackeyGlass({ tau, samples: 200, discard: 4000 });
    return Math.max(...values) - Math.min(...values);
  };
  assert.ok(spread(4) < 1e-6);
  assert.ok(spread(6) > 0.3);
  const { values } = mackeyGlass({ samples: 3000 });
  assert.ok(Math.min(...values) > 0.2 && Math.max(...values) < 1.4);
});

test('at tau = 17 neighbours part: chaos', () => {
  const far = (initial: number): Float64Array => mackeyGlass({ initial, samples: 2500, discard: 0 }).values;
  const [a, b] = [far(1.2), far(1.2 + 1e-7)];
  assert.ok(worst(a.subarray(0, 100), b.subarray(0, 100)) < 1e-5);
  assert.ok(worst(a.subarray(2000), b.subarray(2000)) > 0.01);
});

test('noise is added to samples, from its seed, and not to the motion', () => {
  const clean = mackeyGlass({ samples: 400 }).values;
  const noisy = mackeyGlass({ samples: 400, noise: 0.05, seed: 3 });
  const deviation = Math.sqrt(noisy.values.reduce((sum, value, i) => sum + (value - clean[i]!) ** 2, 0) / 400);
  assert.ok(Math.abs(deviation - 0.05) < 0.006, `${deviation}`);
  assert.deepEqual(mackeyGlass({ samples: 400, noise: 0.05, seed: 3 }), noisy);
  assert.notDeepEqual(mackeyGlass({ samples: 400, noise: 0.05, seed: 4 }).values, noisy.values);
  assert.match(noisy.source, /tau 17, .*noise 0.05 \(seed 3\)/);
});

test('constants that make no sense are refused', () => {
  const refuses = (options: Partial<Parameters<typeof mackeyGlass>[0]>, message: RegExp): void =>
    assert.throws(() => mackeyGlass({ samples: 5, ...options }), message);
  refuses({ samples: 0 }, /mackeyGlass\.samples: got 0, expected a whole number of at least 1/);
  refuses({ dt: -1 }, /mackeyGlass\.dt: got -1, expected a positive time/);
  refuses({ tau: Number.NaN }, /mackeyGlass\.tau: got NaN, expected a positive delay/);
  refuses({ initial: -0.1 }, /mackeyGlass\.initial: got -0\.1, expected a number of at least 0/);
  refuses({ noise: Infinity }, /mackeyGlass\.noise: got Infinity, expected a standard deviation/);
  refuses(
    { tau: 0.5, substeps: 1 },
    /substeps: got 1, which makes steps of 1, longer than the delay tau = 0\.5; use 2/,
  );
});
