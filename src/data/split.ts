// Seeded choices of samples. A validation set is stratified: each class gives the same share of its samples, so that a rare
// class is in both parts. A smaller set than the whole is a uniform draw. Indices stay ascending; training shuffles anyway.

import { ConfigError, rng, STREAM } from '../core/index.ts';
import { type Dataset, subset } from './dataset.ts';

/** Substreams of the split stream, so that the draws do not depend on one another. */
const DRAW = { validation: 0, subset: 1, test: 2 } as const;

/** What is held out; each has draws of its own, and its name stands in the errors. */
export type HeldOut = 'validation' | 'test';

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
 * Indices of a stratified share and of the rest, each ascending. Throws ConfigError for a share outside [0, 1), or one that leaves
 * nothing; `name` is the dataset's.
 */
export function splitIndices(
  labels: Uint8Array,
  classes: number,
  share: number,
  seed: number,
  what: HeldOut,
  name: string,
): { readonly rest: Uint32Array; readonly held: Uint32Array } {
  if (!(share >= 0 && share < 1)) throw new ConfigError(what, `got ${share}, expected a share from 0 to less than 1`);
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  const left = [...quotas(counts, share)];
  const held = new Uint8Array(labels.length);
  for (const index of rng(seed, STREAM.split, DRAW[what]).permutation(labels.length)) {
    const label = labels[index]!;
    if (left[label]! <= 0) continue;
    left[label]!--;
    held[index] = 1;
  }
  const pick = (flag: number): Uint32Array => Uint32Array.from(held.keys()).filter((index) => held[index] === flag);
  const parts = { rest: pick(0), held: pick(1) };
  if (parts.rest.length > 0) return parts;
  throw new ConfigError(
    what,
    `got ${share}, which leaves none of the ${labels.length} samples of "${name}" to train on`,
  );
}

/**
 * Holds out a stratified share of a dataset, for validation or as the test set of a dataset that has none. A share of 0 gives an
 * empty set and the dataset itself. Throws ConfigError for a share outside [0, 1), or one that leaves nothing to train on.
 */
export function splitDataset(
  dataset: Dataset,
  share: number,
  seed: number,
  what: HeldOut = 'validation',
): { readonly train: Dataset; readonly validation: Dataset } {
  if (share === 0) return { train: dataset, validation: subset(dataset, []) };
  const { rest, held } = splitIndices(dataset.labels, dataset.classes.length, share, seed, what, dataset.name);
  return { train: subset(dataset, rest), validation: subset(dataset, held) };
}

/** Ascending indices of `count` of `samples`, drawn without replacement. Throws ConfigError if there are fewer. */
export function drawIndices(samples: number, count: number, seed: number, key: string, name: string): Uint32Array {
  if (Number.isInteger(count) && count >= 1 && count <= samples)
    return rng(seed, STREAM.split, DRAW.subset).permutation(samples).subarray(0, count).sort();
  throw new ConfigError(key, `got ${count}, expected a whole number from 1 to ${samples}, the samples of "${name}"`);
}

/** `count` samples drawn without replacement, or the dataset itself if `count` is all of them. Throws ConfigError if there are fewer. */
export function drawSubset(dataset: Dataset, count: number, seed: number, key = 'samples'): Dataset {
  if (count === dataset.samples && count > 0) return dataset;
  return subset(dataset, drawIndices(dataset.samples, count, seed, key, dataset.name));
}
