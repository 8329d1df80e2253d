// Accuracy of a converted network against its number of time steps, out of one run: what the first T steps of a longer run
// would have answered is what a run of T steps answers (for constant and rate-coded input; a latency code depends on T).

import { ConfigError } from '../core/index.ts';

export interface SweepPoint {
  readonly timesteps: number;
  readonly accuracy: number;
  /** Accuracy lost against the ANN; negative if gained. */
  readonly loss: number;
}

/** Accuracies are shares of whole samples; their differences carry the rounding of a subtraction. */
const ROUNDING = 1e-12;

/**
 * Smallest T from which on the accuracy stays within `tolerance` of the ANN's for the rest of the run; null if it does not.
 * `accuracyByStep[t]` is the accuracy after t + 1 steps.
 */
export function smallestTimesteps(
  accuracyByStep: readonly number[],
  annAccuracy: number,
  tolerance: number,
): number | null {
  const lastBad = accuracyByStep.findLastIndex((accuracy) => annAccuracy - accuracy > tolerance + ROUNDING);
  return lastBad === accuracyByStep.length - 1 ? null : lastBad + 2;
}

/** Accuracy after each of `timesteps`. Throws ConfigError for a T that the run did not reach. */
export function conversionSweep(
  accuracyByStep: readonly number[],
  annAccuracy: number,
  timesteps: readonly number[] = accuracyByStep.map((_, t) => t + 1),
): readonly SweepPoint[] {
  return timesteps.map((T) => {
    const accuracy = accuracyByStep[T - 1];
    if (accuracy === undefined)
      throw new ConfigError('timesteps', `got ${T}, expected whole numbers from 1 to ${accuracyByStep.length}, as run`);
    return { timesteps: T, accuracy, loss: annAccuracy - accuracy };
  });
}
