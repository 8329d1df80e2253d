// Samples with labels, ready to be cut into batches: one flat array of values, one label a sample.

import { ConfigError } from '../core/index.ts';

/** One value for all channels, or one a channel; in scaled values (bytes from 0 to 1). */
export interface Normalization {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export interface Dataset {
  readonly name: string;
  /** Where it came from, for the record: a package and its version, a folder, a generator. */
  readonly source: string;
  /** Class names; labels index them. */
  readonly classes: readonly string[];
  /** Shape of one sample (of one time step, with `timesteps`), channels last. */
  readonly shape: readonly number[];
  readonly samples: number;
  /** Row-major [samples, timesteps, ...shape]. The value meant is `values[i] * scale`. */
  readonly values: Uint8Array | Float32Array;
  readonly scale: number;
  /** Of a regression all 0, and not looked at. */
  readonly labels: Uint8Array;
  /** Of a regression: what is to be predicted, row-major [samples, outputs]; `classes` then name the outputs. */
  readonly targets?: Float32Array;
  /** Steps of a sample that runs through time; absent for a static one. */
  readonly timesteps?: number;
  /** If set, samples are staged as floats: (values[i] * scale - mean) / deviation, by channel. */
  readonly normalize?: Normalization;
}

/** A file that could not be read and was left out, as asked. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** What one study uses. */
export interface DataSplit {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly test: Dataset;
  /** Size of the official test set, of which `test` may be a part. */
  readonly officialTestSamples: number;
  /** Files left out because they are damaged; absent if there are none. */
  readonly skipped?: readonly SkippedFile[];
}

/** Values of one sample. */
export function sampleSize(dataset: Pick<Dataset, 'shape' | 'timesteps'>): number {
  return dataset.shape.reduce((product, length) => product * length, dataset.timesteps ?? 1);
}

/**
 * Mean input value, scaled but not normalised: the share of white in MNIST, and the mean spike probability of its rate code. 0 if
 * empty.
 */
export function meanInput(dataset: Dataset): number {
  let sum = 0;
  for (const value of dataset.values) sum += value;
  return dataset.values.length === 0 ? 0 : (sum / dataset.values.length) * dataset.scale;
}

/** Samples `indices` of a dataset, in that order, copied. Throws ConfigError for an index there is no sample for. */
export function subset(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const size = sampleSize(dataset);
  const values = new (dataset.values.constructor as Float32ArrayConstructor)(
    indices.length * size,
  ) as Dataset['values'];
  const labels = new Uint8Array(indices.length);
  const outputs = dataset.classes.length;
  const targets = dataset.targets && new Float32Array(indices.length * outputs);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(Number.isInteger(index) && index >= 0 && index < dataset.samples)) {
      throw new ConfigError(
        'subset',
        `got index ${index}, expected a whole number from 0 to ${dataset.samples - 1} ("${dataset.name}")`,
      );
    }
    values.set(dataset.values.subarray(index * size, (index + 1) * size), i * size);
    labels[i] = dataset.labels[index]!;
    targets?.set(dataset.targets!.subarray(index * outputs, (index + 1) * outputs), i * outputs);
  }
  return { ...dataset, samples: indices.length, values, labels, ...(targets && { targets }) };
}
