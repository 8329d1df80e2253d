// Cuts batches out of a dataset: chosen samples copied side by side, as the engine wants them. Nothing is allocated a batch.

import { ConfigError, ShapeError } from '../core/index.ts';
import { type Dataset, sampleSize } from '../data/index.ts';
import type { Batch } from '../engine/index.ts';
import { type NetworkSpec, sizeOf } from '../model/index.ts';

/** Throws ShapeError or ConfigError where the dataset does not fit the network or the number of time steps. */
export function checkFit(dataset: Dataset, spec: NetworkSpec, outputs: number, timesteps: number): void {
  const [found, expected] = [dataset.shape.reduce((product, n) => product * n, 1), sizeOf(spec.input)];
  if (found !== expected) {
    throw new ShapeError(
      `network "${spec.name}": input is [${spec.input}], but a sample of "${dataset.name}" is [${dataset.shape}]; give the network that input`,
    );
  }
  if (dataset.classes.length > outputs) {
    throw new ShapeError(
      `network "${spec.name}": ${outputs} outputs, but "${dataset.name}" has ${dataset.classes.length} classes; give the last layer as many units`,
    );
  }
  if (dataset.timesteps !== undefined && dataset.timesteps !== timesteps) {
    throw new ConfigError(
      'timesteps',
      `got ${timesteps}, but the samples of "${dataset.name}" have ${dataset.timesteps} steps; use that`,
    );
  }
}

export interface Stage {
  /** The samples `ids` as a batch; valid until the next call. */
  batch(ids: Uint32Array, seed: number, epoch: number): Batch;
}

/** A stage for batches of up to `capacity` samples. */
export function openStage(dataset: Dataset, capacity: number): Stage {
  const size = sampleSize(dataset);
  const { values, scale } = dataset;
  const bytes = values instanceof Uint8Array;
  const input = bytes ? new Uint8Array(capacity * size) : new Float32Array(capacity * size);
  const labels = new Uint8Array(capacity);
  return {
    batch(ids, seed, epoch) {
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        input.set(values.subarray(id * size, (id + 1) * size), i * size);
        labels[i] = dataset.labels[id]!;
      }
      const used = input.subarray(0, ids.length * size);
      if (!bytes && scale !== 1) for (let i = 0; i < used.length; i++) used[i]! *= scale;
      return { samples: ids.length, input: used, labels: labels.subarray(0, ids.length), sampleIds: ids, seed, epoch };
    },
  };
}
