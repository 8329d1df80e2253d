// Normalisation by channel: (value * scale - mean) / deviation, applied when samples are staged, so that a dataset keeps its bytes.

import { ConfigError } from '../core/index.ts';
import type { Dataset, Normalization } from './dataset.ts';

/**
 * Means and deviations over the pixels of the training images. MNIST, Fashion-MNIST and CIFAR-10: what `measureNormalization` gives for
 * the official training sets, to four digits. CIFAR-100: as commonly published. ImageNet: torchvision's reference transforms.
 */
export const NORMALIZATIONS = {
  mnist: { mean: [0.1307], deviation: [0.3081] },
  'fashion-mnist': { mean: [0.286], deviation: [0.353] },
  cifar10: { mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616] },
  cifar100: { mean: [0.5071, 0.4865, 0.4409], deviation: [0.2673, 0.2564, 0.2762] },
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
} as const satisfies Readonly<Record<string, Normalization>>;

/** Channels of one sample: its last dimension if it is an image, else 1. */
export const channelsOf = ({ shape }: Pick<Dataset, 'shape'>): number => (shape.length === 3 ? shape[2]! : 1);

/** The dataset with its normalisation set; values stay as they are. Throws ConfigError where it does not fit the channels. */
export function withNormalization(dataset: Dataset, normalize: Normalization): Dataset {
  const channels = channelsOf(dataset);
  for (const key of ['mean', 'deviation'] as const) {
    const values = normalize[key];
    if (values.length !== 1 && values.length !== channels) {
      throw new ConfigError(
        `normalize.${key}`,
        `got ${values.length} values, expected 1 or one for each of the ${channels} channels of "${dataset.name}" [${dataset.shape.join(', ')}]`,
      );
    }
    const bad = values.find((value) => !(Number.isFinite(value) && (key === 'mean' || value > 0)));
    if (bad !== undefined) {
      throw new ConfigError(
        `normalize.${key}`,
        `got ${bad}, expected ${key === 'mean' ? 'finite numbers' : 'numbers above 0'}`,
      );
    }
  }
  return { ...dataset, normalize };
}

/** Mean and standard deviation of each channel over all pixels of a dataset, in scaled values. Throws ConfigError if it is empty. */
export function measureNormalization(dataset: Dataset): Normalization {
  const channels = channelsOf(dataset);
  const { values, scale } = dataset;
  if (values.length === 0) throw new ConfigError('normalize', `"${dataset.name}" has no samples to measure`);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const value = values[i + c]!;
      sums[c]! += value;
      squares[c]! += value * value;
    }
  }
  const count = values.length / channels;
  const means = Array.from(sums, (sum) => sum / count);
  const deviation = means.map((mean, c) => scale * Math.sqrt(Math.max(0, squares[c]! / count - mean * mean)));
  return { mean: means.map((mean) => mean * scale), deviation };
}
