// Seeded choices of samples. A validation set is stratified: each class gives the same share of its samples, so that a rare
// class is in both parts. A smaller set than the whole is a uniform draw. Indices stay ascending; training shuffles anyway.

import { ConfigError, rng, STREAM } from '../core/index.ts';
import { type Dataset, subset } from './dataset.ts';

/** Substreams of the split stream, so that the draws do not depend on one another. */
const DRAW = { validation: 0, subset: 1 } as const;

/** How many of each class to take, `share` of each, rounded so that the total is round(share * samples). */
function quotas(counts: readonly number[], share: number): readonly number[] {
  const wanted = counts.map((count) => count * share);
  const taken = wanted.map(Math.floor);
  const total = Math.round(counts.reduce((sum, count) => sum + count, 0) * share);
  const byRemainder = wanted
    .map((value, label) => ({ label, rest: value % 1 }))
    .sort((a, b) => b.rest - a.rest || a.label - b.label);
  let missing = total - taken.reduce((sum, count) => sum + count, 0);
  for (const { label } of byRemainder) {
    if (missing <= 0) break;
    if (taken[label]! >= counts[label]!) continue;
    taken[label]!++;
    missing--;
  }
  return taken;
}

/**
 * Holds out a stratified share of a dataset. A share of 0 gives an empty validation set and the dataset itself. Throws
 * ConfigError for a share outside [0, 1), or one that leaves nothing to train on.
 */
export function splitDataset(
  dataset: Dataset,
  share: number,
  seed: number,
): { readonly train: Dataset; readonly validation: Dataset } {
  if (!(share >= 0 && share < 1))
    throw new ConfigError('validation', `got ${share}, expected a share from 0 to less than 1`);
  if (share === 0) return { train: dataset, validation: subset(dataset, []) };
  const counts = new Array<number>(dataset.classes.length).fill(0);
  for (const label of dataset.labels) counts[label]!++;
  const left = [...quotas(counts, share)];
  const held = new Uint8Array(dataset.samples);
  for (const index of rng(seed, STREAM.split, DRAW.validation).permutation(dataset.samples)) {
    const label = dataset.labels[index]!;
    if (left[label]! <= 0) continue;
    left[label]!--;
    held[index] = 1;
  }
  const pick = (flag: number): Dataset =>
    subset(
      dataset,
      Uint32Array.from(held.keys()).filter((index) => held[index] === flag),
    );
  const parts = { train: pick(0), validation: pick(1) };
  if (parts.train.samples > 0) return parts;
  throw new ConfigError(
    'validation',
    `got ${share}, which leaves none of the ${dataset.samples} samples of "${dataset.name}" to train on`,
  );
}

/** `count` samples drawn without replacement, or the dataset itself if `count` is all of them. Throws ConfigError if there are fewer. */
export function drawSubset(dataset: Dataset, count: number, seed: number, key = 'samples'): Dataset {
  if (!(Number.isInteger(count) && count >= 1 && count <= dataset.samples)) {
    throw new ConfigError(
      key,
      `got ${count}, expected a whole number from 1 to ${dataset.samples}, the samples of "${dataset.name}"`,
    );
  }
  if (count === dataset.samples) return dataset;
  return subset(dataset, rng(seed, STREAM.split, DRAW.subset).permutation(dataset.samples).subarray(0, count).sort());
}
