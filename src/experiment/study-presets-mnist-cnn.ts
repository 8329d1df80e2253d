// The four MNIST networks of Niederlechner's study with SNN Toolbox, converted by its paper's settings (max pools kept, the 99.9th
// percentile of what is not zero) and by its repository's, which contradict it (max pools become average pools, percentile 99). Training is
// shorter than theirs, with a falling rate and crops, and reaches more.

import { ADAM, COSINE, type Preset } from './study-defaults.ts';
import type { Settings } from './study-merge.ts';

const SIZES = ['small', 'medium', 'large', 'deep'] as const;

/** Percentiles of the repository: 99.9 for the large network alone. */
const PERCENTILES = { small: 99, medium: 99, large: 99.9, deep: 99 } as const;

const paper: Settings = {
  ...{ timesteps: [10, 20, 50, 100], mode: 'percentile', percentile: 99.9, nonzeroOnly: true },
  ...{ halfThreshold: false, maxPool: 'winner', output: 'membrane' },
};

const study = (size: (typeof SIZES)[number], convert: Settings): Settings => ({
  data: { validation: 0.15 },
  network: { preset: `niederlechner-mnist-${size}` },
  neuron: { dialect: 'snntoolbox.inisim' },
  encoder: { kind: 'constant' },
  training: {
    ann: { epochs: 12, optimizer: { ...ADAM, learningRate: 0.002 }, schedule: COSINE, augment: { crop: 2 } },
  },
  convert,
  compare: ['ann', 'converted'],
});

const quick: Settings = {
  data: { train: 6000, test: 1000 },
  training: { ann: { epochs: 2 } },
  convert: { timesteps: [10, 50], calibrationSamples: 500 },
  doctor: { samples: 50 },
};

export const mnistCnnPresets: readonly Preset[] = SIZES.flatMap((size) => [
  {
    name: `cnn-mnist-${size}`,
    about: `MNIST, ${size} convolutional network, converted as its paper says: max pools kept, percentile 99.9`,
    changes: study(size, paper),
    quick,
  },
  {
    name: `cnn-mnist-${size}-repository`,
    about: `the same, converted as its repository does: average pools, percentile ${PERCENTILES[size]}`,
    changes: study(size, { ...paper, percentile: PERCENTILES[size], schedule: 'snntoolbox', maxPool: 'average' }),
    quick,
  },
]);
