// The images a study is about: the same for every network, every disturbance and every attack.

import { ConfigError } from '../../core/index.ts';
import type { Dataset } from '../../data/index.ts';
import type { PixelSource } from '../pixels.ts';
import type { Images } from '../subject.ts';

export interface Cohort {
  readonly source: PixelSource;
  /** Untouched. */
  readonly images: Images;
  /** One an image. */
  readonly labels: Uint8Array;
  readonly classes: number;
  /** Accuracy of always naming the most frequent class. */
  readonly chance: number;
}

/** The first `samples` images of `dataset`, or all. Throws ConfigError where that is none, or no whole number. */
export function openCohort(source: PixelSource, dataset: Dataset, samples: number): Cohort {
  if (!(Number.isInteger(samples) && samples >= 1))
    throw new ConfigError('robustness.samples', `got ${samples}, expected a whole number of at least 1`);
  const n = Math.min(samples, dataset.samples);
  if (n === 0) throw new ConfigError('robustness', `"${dataset.name}" has no images; expected at least 1`);
  const labels = Uint8Array.from(dataset.labels.subarray(0, n));
  const images = source.images(Uint32Array.from({ length: n }, (_, i) => i));
  return { source, images, labels, classes: dataset.classes.length, chance: chanceOf(labels) };
}

/** Share of the most frequent of `labels`. */
export function chanceOf(labels: Uint8Array): number {
  const seen = new Uint32Array(256);
  for (const label of labels) seen[label]!++;
  return labels.length === 0 ? 0 : Math.max(...seen) / labels.length;
}

/** Rows `positions` of `pixels`, copied. */
export function rowsOf(pixels: Float32Array, size: number, positions: ArrayLike<number>): Float32Array {
  const rows = new Float32Array(positions.length * size);
  for (let i = 0; i < positions.length; i++)
    rows.set(pixels.subarray(positions[i]! * size, (positions[i]! + 1) * size), i * size);
  return rows;
}

/** Labels of the images at `positions`. */
export function labelsAt({ labels }: Cohort, positions: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(positions, (position) => labels[position]!);
}

/** Ids of the images at `positions`. */
export function idsAt({ images }: Cohort, positions: ArrayLike<number>): Uint32Array {
  return Uint32Array.from(positions, (position) => images.ids[position]!);
}

/** 0 to n - 1. */
export function firstPositions(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i);
}
