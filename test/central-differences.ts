// Gradients by central differences in float64, and how they are compared with those a backend computes.

import assert from 'node:assert/strict';

const STEP = 1e-5;
const TOLERANCE = 1e-6;

/** Central differences of `f` by each entry of `x`, which is left as it was. */
export function differences(f: () => number, x: Float64Array | Float32Array): Float64Array {
  return Float64Array.from(x, (value, k) => {
    x[k] = value + STEP;
    const [high, above] = [x[k]!, f()];
    x[k] = value - STEP;
    const [low, below] = [x[k]!, f()];
    x[k] = value;
    return (above - below) / (high - low);
  });
}

/** Fails with the count of faults and the worst; errors are relative to the largest gradient. */
export function assertGradient(
  what: string,
  analytic: ArrayLike<number>,
  numeric: ArrayLike<number>,
  tolerance = TOLERANCE,
): void {
  assert.equal(analytic.length, numeric.length, `${what}: length`);
  const scale = Math.max(1e-3, ...Array.from(numeric, Math.abs));
  const errors = Array.from(numeric, (value, k) => Math.abs(value - analytic[k]!) / scale);
  const worst = errors.indexOf(Math.max(...errors));
  const faults = errors.filter((error) => !(error <= tolerance)).length;
  assert.equal(
    faults,
    0,
    `${what}: ${faults} of ${errors.length} wrong; worst at ${worst}: ${analytic[worst]} against ${numeric[worst]}`,
  );
}
