// Medians with bootstrap intervals: the values are drawn again with replacement many times, and the middle 95 % of the medians of those
// draws is the interval. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979.

import { type Interval, rng, STREAM } from '../core/index.ts';

const RESAMPLES = 2000;
const TAIL = 0.025;

export const median = (values: readonly number[]): number => middleOf(Float64Array.from(values));

/** Sorts in place. */
function middleOf(values: Float64Array): number {
  values.sort();
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

/** Median of at least one value with its 95 % interval (percentile bootstrap); the same seed gives the same interval. */
export function bootstrapMedian(values: readonly number[], seed: number): Interval {
  const dice = rng(seed, STREAM.resample);
  const drawn = new Float64Array(values.length);
  const medians = new Float64Array(RESAMPLES);
  for (let k = 0; k < RESAMPLES; k += 1) {
    for (let i = 0; i < drawn.length; i += 1) drawn[i] = values[dice.below(drawn.length)]!;
    medians[k] = middleOf(drawn);
  }
  medians.sort();
  const low = medians[Math.floor(TAIL * RESAMPLES)]!;
  const high = medians[Math.ceil((1 - TAIL) * RESAMPLES) - 1]!;
  return { value: median(values), low, high };
}
