// Intervals for errors that depend on their neighbours: two forecasts whose windows and targets overlap err alike, so resampling them
// one by one would make intervals far too narrow. The circular block bootstrap draws whole blocks of consecutive origins, which keeps
// what neighbours have in common. Kuensch, Annals of Statistics 17:1217 (1989), doi 10.1214/aos/1176347265; Politis and Romano 1992.

import { type Interval, rng, STREAM } from '../core/index.ts';

export interface BootstrapOptions {
  /** Origins of a block; those further apart than this should share nothing. */
  readonly block: number;
  readonly draws: number;
  readonly seed: number;
}

/** Fewer independent blocks than this say nothing of the spread between them. */
const LEAST_BLOCKS = 4;

/** Means over `draws` resamplings, of each of the series of values: all are resampled alike, so that ratios can be taken. */
export interface Resampled {
  /** Mean of series `index` over the origins as they are. */
  mean(index: number): number;
  /** Means of series `index` in each resampling; empty where there are too few blocks. */
  draws(index: number): Float64Array;
}

/** Sums over any circular run of values, from running totals. */
function circularSums(values: Float64Array): (from: number, length: number) => number {
  const n = values.length;
  const totals = new Float64Array(2 * n + 1);
  for (let i = 0; i < 2 * n; i++) totals[i + 1] = totals[i]! + values[i % n]!;
  return (from, length) => totals[from + length]! - totals[from]!;
}

/** Resamples series of equal length [origins]. The draws are a function of seed, block and length alone. */
export function resampleBlocks(series: readonly Float64Array[], { block, draws, seed }: BootstrapOptions): Resampled {
  const n = series[0]?.length ?? 0;
  const sums = series.map(circularSums);
  const means = series.map(() => new Float64Array(n < LEAST_BLOCKS * block ? 0 : draws));
  const dice = rng(seed, STREAM.resample);
  for (let draw = 0; draw < (means[0]?.length ?? 0); draw++) {
    for (let left = n; left > 0; left -= block) {
      const start = dice.below(n);
      const length = Math.min(block, left);
      for (let i = 0; i < series.length; i++) means[i]![draw]! += sums[i]!(start, length) / n;
    }
  }
  return { mean: (index) => sums[index]!(0, n) / n, draws: (index) => means[index]! };
}

/** From the 2.5th to the 97.5th percentile of the resampled statistic; null where there were too few blocks. */
export function percentileInterval(value: number, resampled: Float64Array): Interval | null {
  if (resampled.length === 0) return null;
  const sorted = resampled.toSorted();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { value, low: at(0.025), high: at(0.975) };
}
