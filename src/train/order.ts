// The order in which an epoch visits its samples, and how it is cut into batches.

import { rng, STREAM } from '../core/index.ts';

/**
 * Order of the `samples` samples in epoch `epoch`: a seeded permutation, a pure function of its arguments, so that a resumed
 * run visits the same samples as one that was never interrupted.
 */
export function epochOrder(seed: number, epoch: number, samples: number): Uint32Array {
  return rng(seed, STREAM.shuffle, epoch).permutation(samples);
}

/** Batches of one pass: every sample is seen, so the last batch may be smaller than `batchSize`. */
export function batchesOf(samples: number, batchSize: number): number {
  return Math.ceil(samples / batchSize);
}
