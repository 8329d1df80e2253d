// Batches of disturbed images: augmented, disturbed as pixels, normalised. The labels stay true.

import type { Dataset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import type { NetworkSpec, Weights } from '../model/index.ts';
import { corrupt, type Images, openPixels, type PixelSource } from '../robustness/index.ts';
import { openAdversary } from './adversary.ts';
import type { Disturber } from './disturber.ts';
import type { HardenOptions, NoiseTraining } from './harden-options.ts';
import { chosenSamples, hardenSeed } from './harden-seed.ts';
import type { NetworkTraining } from './options.ts';
import type { Stage } from './stage.ts';

export interface HardenedStage extends Stage {
  /** Memory that the engine laid out for the attack. */
  readonly bytes: number;
  close(): void;
}

function openNoise({ shape, range }: PixelSource, { corruption, level }: NoiseTraining, seed: number): Disturber {
  return {
    disturb: (images, _, epoch) =>
      corrupt(corruption, level, images, { shape, range, seed: hardenSeed(seed, epoch), draw: 0 }),
    bytes: 0,
    close: () => {},
  };
}

/** A level that the kind does not have, or samples it cannot have, are said before anything is learned. */
function checkLevel(source: PixelSource, harden: NoiseTraining): void {
  openNoise(source, harden, 0).disturb(source.images([0]), Uint8Array.of(0), 0);
}

/**
 * The stage of a learner that takes floats. `weights` gives what it has learned so far, for an attack.
 * Throws ConfigError for a corruption that the samples cannot have; UnsupportedError for samples that run through time.
 */
export function openHardenedStage(
  backend: Backend,
  spec: NetworkSpec,
  dataset: Dataset,
  options: NetworkTraining & { readonly harden: HardenOptions },
  weights: () => Weights,
): HardenedStage {
  const { harden, seed, batchSize: capacity, augment } = options;
  const source = openPixels(dataset, { capacity, ...(augment && { augment }) });
  if (harden.kind === 'noise') checkLevel(source, harden);
  const disturber =
    harden.kind === 'noise'
      ? openNoise(source, harden, seed)
      : openAdversary(backend, spec, { source, classes: dataset.classes }, options, harden, weights);
  const labels = new Uint8Array(capacity);
  const staged = new Float32Array(capacity * source.size);
  return {
    async batch(ids, seed, epoch) {
      for (let i = 0; i < ids.length; i++) labels[i] = dataset.labels[ids[i]!]!;
      const { pixels } = source.images(ids, seed, epoch);
      const chosen = chosenSamples(ids, harden.share ?? 1, seed, epoch);
      if (chosen.length > 0) {
        const some = gather(pixels, ids, chosen, source.size);
        const theirs = Uint8Array.from(chosen, (place) => labels[place]!);
        scatter(await disturber.disturb(some, theirs, epoch), pixels, chosen, source.size);
      }
      const input = source.stage(pixels, staged);
      return { samples: ids.length, input, labels: labels.subarray(0, ids.length), sampleIds: ids, seed, epoch };
    },
    bytes: disturber.bytes,
    close: disturber.close,
  };
}

function gather(pixels: Float32Array, ids: Uint32Array, chosen: Uint32Array, size: number): Images {
  if (chosen.length === ids.length) return { pixels, ids };
  const some = new Float32Array(chosen.length * size);
  for (const [i, place] of chosen.entries()) some.set(pixels.subarray(place * size, (place + 1) * size), i * size);
  return { pixels: some, ids: Uint32Array.from(chosen, (place) => ids[place]!) };
}

function scatter(disturbed: Float32Array, pixels: Float32Array, chosen: Uint32Array, size: number): void {
  for (const [i, place] of chosen.entries()) pixels.set(disturbed.subarray(i * size, (i + 1) * size), place * size);
}
