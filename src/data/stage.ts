// Samples as an engine wants them staged. Bytes stay bytes (the plan scales them) unless the dataset is normalised; floats, and
// whatever is normalised, become floats that are already scaled: (value * scale - mean) / deviation.

import { ConfigError } from '../core/index.ts';
import { type Augmentation, checkAugmentation, type Placement, place } from './augment.ts';
import { type Dataset, sampleSize } from './dataset.ts';
import { rowWriter } from './stage-row.ts';

/** Are samples staged as bytes, for the plan to scale? */
export const stagesBytes = ({ values, normalize }: Pick<Dataset, 'values' | 'normalize'>): boolean =>
  values instanceof Uint8Array && normalize === undefined;

export interface Stager {
  /**
   * Samples `ids` side by side, row-major; valid until the next call. With an augmentation, what happens to a sample depends on
   * (seed, epoch, id) alone.
   */
  stage(ids: ArrayLike<number>, seed?: number, epoch?: number): Uint8Array | Float32Array;
}

const isIdle = ({ crop, flip }: Augmentation): boolean => (crop?.padding ?? 0) === 0 && flip !== true;

/** How a sample is cut into rows: images by their rows, anything else as one. */
function geometry(dataset: Dataset): { frames: number; rows: number; columns: number; channels: number } {
  const [height, width, channels] = dataset.shape;
  if (dataset.shape.length !== 3) return { frames: 1, rows: 1, columns: sampleSize(dataset), channels: 1 };
  return { frames: dataset.timesteps ?? 1, rows: height!, columns: width!, channels: channels! };
}

/**
 * Stages batches of up to `capacity` samples without allocating for each. All frames of a moving sample are placed alike. Throws
 * ConfigError for an augmentation the samples cannot have, a batch above the capacity, an index there is no sample for.
 */
export function openStager(dataset: Dataset, capacity: number, augmentation: Augmentation = {}): Stager {
  checkAugmentation(dataset, augmentation);
  const size = sampleSize(dataset);
  const { frames, rows, columns, channels } = geometry(dataset);
  const target = stagesBytes(dataset) ? new Uint8Array(capacity * size) : new Float32Array(capacity * size);
  const write = rowWriter(dataset, target, channels);
  const idle = isIdle(augmentation);
  const copies = target.constructor === dataset.values.constructor && !dataset.normalize && isUnscaled(dataset);
  const at: Placement = { down: 0, right: 0, flip: false };
  const stride = columns * channels;
  const whole = (id: number, to: number): void => {
    if (copies) target.set(dataset.values.subarray(id * size, (id + 1) * size), to);
    else write.row(id * size, to, size / channels, false);
  };
  const placed = (id: number, to: number): void => {
    const [left, right] = [Math.max(0, -at.right), Math.min(columns, columns - at.right)];
    for (let frame = 0; frame < frames; frame++) {
      const start = id * size + frame * rows * stride;
      for (let y = 0; y < rows; y++) {
        const row = to + (frame * rows + y) * stride;
        const source = y + at.down;
        if (source < 0 || source >= rows) {
          write.zeros(row, columns);
          continue;
        }
        // Mirrored, the columns [left, right) of the crop end up counted from the other side.
        const first = at.flip ? columns - right : left;
        write.zeros(row, first);
        write.row(
          start + source * stride + (left + at.right) * channels,
          row + first * channels,
          right - left,
          at.flip,
        );
        write.zeros(row + (first + right - left) * channels, columns - first - (right - left));
      }
    }
  };
  return {
    stage(ids, seed = 0, epoch = 0) {
      if (ids.length > capacity)
        throw new ConfigError('stage', `got ${ids.length} samples, expected at most ${capacity}, its capacity`);
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        if (!(id >= 0 && id < dataset.samples))
          throw new ConfigError('stage', `got index ${id}, expected one below ${dataset.samples} ("${dataset.name}")`);
        if (idle) {
          whole(id, i * size);
          continue;
        }
        place(at, augmentation, id, seed, epoch);
        placed(id, i * size);
      }
      return target.subarray(0, ids.length * size);
    },
  };
}

const isUnscaled = ({ values, scale }: Dataset): boolean => values instanceof Uint8Array || scale === 1;

/** Values of samples [from, to), row-major, not augmented; a view into the dataset wherever nothing has to be computed. */
export function stageSamples(dataset: Dataset, from: number, to: number): Uint8Array | Float32Array {
  const size = sampleSize(dataset);
  if (!dataset.normalize && isUnscaled(dataset)) return dataset.values.subarray(from * size, to * size);
  const ids = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return openStager(dataset, ids.length).stage(ids);
}
