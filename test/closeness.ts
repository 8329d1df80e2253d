// Comparing numbers, with tolerances named in one place. An error is relative to max(1, |expected|).

import assert from 'node:assert/strict';

/** How far apart results may be, by what they are; relative to max(1, |expected|). */
export interface Tolerances {
  /** Membranes, logits, losses. */
  readonly forward: number;
  readonly gradient: number;
  /** Weights after optimiser steps of a learning rate of about 1e-3. */
  readonly weights: number;
}

/** Against results of PyTorch, which computes in float32. */
export const GOLDEN_TOLERANCES: Tolerances = { forward: 1e-5, gradient: 1e-4, weights: 2e-6 };

/** The wasm backend (float32) against the reference (float64), relative to the largest value compared. */
export const WASM_TOLERANCE = { forward: 1e-5, gradient: 2e-5, parameter: 5e-6 } as const;

/** Fails with the count of faults, and the worst index with both values. Non-finite values must be equal. */
export function assertClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  let [faults, worst, worstError] = [0, -1, 0];
  for (let k = 0; k < expected.length; k++) {
    const [a, e] = [actual[k]!, expected[k]!];
    if (Object.is(a, e) || a === e) continue;
    const raw = Math.abs(a - e) / Math.max(1, Math.abs(e));
    const error = Number.isNaN(raw) ? Number.POSITIVE_INFINITY : raw;
    if (error <= tolerance) continue;
    faults++;
    if (worst >= 0 && error <= worstError) continue;
    worst = k;
    worstError = error;
  }
  assert.ok(
    faults === 0,
    `${what}: ${faults} of ${expected.length} values are off by more than ${tolerance}; worst at ${worst}: got ${actual[worst]}, expected ${expected[worst]} (error ${worstError.toExponential(2)})`,
  );
}

/** As `assertClose`, relative to the largest expected magnitude: small values among large ones are as good as the large ones. */
export function assertCloseToScale(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  let scale = 0;
  for (let k = 0; k < expected.length; k++) scale = Math.max(scale, Math.abs(expected[k]!));
  const by = scale > 0 && Number.isFinite(scale) ? scale : 1;
  const scaled = (values: ArrayLike<number>): number[] => Array.from(values, (value) => value / by);
  if (tolerance === 0) assertSame(what, actual, expected);
  else assertClose(`${what} (in units of ${by})`, scaled(actual), scaled(expected), tolerance);
}

/** Exactly equal, value by value; reports as `assertClose` does. */
export function assertSame(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assertClose(what, actual, expected, 0);
}
