// Random crops and flips of training images. What happens to a sample is a function of (seed, epoch, sample) alone, so it does
// not depend on the order of the batches or on threads.

import { ConfigError, philox, STREAM } from '../core/index.ts';
import type { Dataset } from './dataset.ts';

export interface Augmentation {
  /** Zeros (before normalisation) on all four sides, then a crop of the image's own size at a uniformly drawn place. */
  readonly crop?: { readonly padding: number };
  /** Mirrors left and right, with probability 1/2. */
  readonly flip?: boolean;
}

/** Where a sample's rows and columns come from: target (y, x) is source (y + down, x + right), mirrored in x if `flip`. */
export interface Placement {
  down: number;
  right: number;
  flip: boolean;
}

/** Throws ConfigError if images of this dataset cannot be augmented so. */
export function checkAugmentation(dataset: Dataset, { crop, flip }: Augmentation): void {
  if (crop === undefined && flip !== true) return;
  if (dataset.shape.length !== 3) {
    throw new ConfigError(
      'augment',
      `samples of "${dataset.name}" have shape [${dataset.shape.join(', ')}], expected [height, width, channels]; leave out crop and flip`,
    );
  }
  const most = Math.min(dataset.shape[0]!, dataset.shape[1]!) - 1;
  if (crop !== undefined && !(Number.isInteger(crop.padding) && crop.padding >= 0 && crop.padding <= most)) {
    throw new ConfigError(
      'augment.crop.padding',
      `got ${crop.padding}, expected a whole number from 0 to ${most} for images of [${dataset.shape.join(', ')}]`,
    );
  }
}

const words = new Uint32Array(4);

/** `word` to [0, n): off from uniform by at most n / 2^32. */
const below = (word: number, n: number): number => Math.floor((word / 2 ** 32) * n);

/** Draws the placement of one sample from Philox counter (0, 0, sample, epoch), key (seed, STREAM.augment), into `out`. */
export function place(out: Placement, { crop, flip }: Augmentation, sample: number, seed: number, epoch: number): void {
  philox(words, 0, 0, sample, epoch, seed, STREAM.augment);
  const padding = crop?.padding ?? 0;
  out.down = below(words[0]!, 2 * padding + 1) - padding;
  out.right = below(words[1]!, 2 * padding + 1) - padding;
  out.flip = flip === true && words[2]! >= 2 ** 31;
}
