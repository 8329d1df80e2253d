// A made-up dataset for tests and smoke runs: each class is a random pattern of bright and dark values, seen through noise.

import { ConfigError, type Rng, rng, STREAM } from '../core/index.ts';
import type { DataSplit, Dataset } from './dataset.ts';

export interface BlobsOptions {
  readonly seed?: number;
  readonly classes?: number;
  readonly shape?: readonly number[];
  readonly train?: number;
  readonly validation?: number;
  readonly test?: number;
  /** Standard deviation of the noise, in values that go from 0 to 1. */
  readonly noise?: number;
}

function draw(
  patterns: readonly (readonly boolean[])[],
  samples: number,
  noise: number,
  generator: Rng,
): Pick<Dataset, 'samples' | 'values' | 'labels'> {
  const size = patterns[0]!.length;
  const values = new Uint8Array(samples * size);
  const labels = Uint8Array.from({ length: samples }, () => generator.below(patterns.length));
  for (let i = 0; i < values.length; i++) {
    const bright = patterns[labels[Math.floor(i / size)]!]![i % size]!;
    const value = (bright ? 0.8 : 0.1) + noise * generator.normal();
    values[i] = Math.round(255 * Math.min(1, Math.max(0, value)));
  }
  return { samples, values, labels };
}

/** Patterns that differ from one another. */
function distinctPatterns(classes: number, size: number, bits: Rng): readonly (readonly boolean[])[] {
  if (classes > 2 ** size)
    throw new ConfigError('blobs.classes', `got ${classes}, expected at most ${2 ** size} patterns of ${size} values`);
  const patterns = new Map<string, readonly boolean[]>();
  while (patterns.size < classes) {
    const pattern = Array.from({ length: size }, () => bits.uniform() < 0.4);
    patterns.set(pattern.join(), pattern);
  }
  return [...patterns.values()];
}

/** Patterns in noise; with little noise any working network learns them. Default: 4 classes of shape [7], 96 + 24 + 40 samples. */
export function blobs(options: BlobsOptions = {}): DataSplit {
  const { seed = 0, classes = 4, shape = [7], train = 96, validation = 24, test = 40, noise = 0.1 } = options;
  const size = shape.reduce((product, length) => product * length, 1);
  const bits = rng(seed, STREAM.noise);
  const patterns = distinctPatterns(classes, size, bits);
  const about = {
    name: 'blobs',
    source: `made up, seed ${seed}`,
    classes: patterns.map((_, label) => `pattern ${label}`),
    shape,
    scale: 1 / 255,
  };
  const part = (samples: number, substream: number): Dataset => ({
    ...about,
    ...draw(patterns, samples, noise, rng(seed, STREAM.noise, substream)),
  });
  return { train: part(train, 1), validation: part(validation, 2), test: part(test, 3), officialTestSamples: test };
}
