// What a study is where it does not say otherwise, and settings that presets share.

import type { Settings } from './study-merge.ts';

export const ADAM = {
  kind: 'adam',
  learningRate: 1e-3,
  momentum: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
};
export const CONSTANT = { kind: 'constant', every: 10, gamma: 0.5, warmup: 0, floor: 0 };
export const COSINE = { ...CONSTANT, kind: 'cosine', floor: 0.02 };
const NO_AUGMENT = { crop: 0, flip: false };
const RATE = { kind: 'rate', gain: 1, offset: 0 };

export const DEFAULT: Settings = {
  name: 'mnist-default',
  data: {
    dataset: 'mnist',
    path: null,
    download: false,
    cache: null,
    train: null,
    test: null,
    validation: 0.1,
    normalize: 'auto',
    labels: 'fine',
    images: null,
    skipCorrupt: false,
    shape: null,
  },
  network: { hidden: [256] },
  activation: { kind: 'as-described' },
  neuron: { dialect: 'snntorch.leaky', beta: 0.9 },
  encoder: RATE,
  decoder: 'spike-count',
  timesteps: 20,
  training: {
    ann: {
      epochs: 10,
      batchSize: 128,
      loss: { kind: 'cross-entropy', onTarget: 1, offTarget: 0 },
      optimizer: { ...ADAM, learningRate: 2e-3 },
      schedule: COSINE,
      clipNorm: 0,
      patience: 0,
      augment: NO_AUGMENT,
      harden: null,
    },
    // Cross entropy of the spikes at each step is bounded, so that no output neuron is pushed out of reach for good; on the
    // spike count, some seeds lost a class.
    snn: {
      epochs: 6,
      batchSize: 128,
      loss: { kind: 'ce-rate', onTarget: 1, offTarget: 0 },
      optimizer: { ...ADAM, learningRate: 3e-3 },
      schedule: COSINE,
      clipNorm: 0,
      patience: 0,
      augment: NO_AUGMENT,
      harden: null,
    },
  },
  convert: {
    timesteps: [5, 10, 20, 50, 100],
    mode: 'percentile',
    percentile: 99.9,
    nonzeroOnly: false,
    schedule: 'none',
    reciprocal: 2,
    movingAverage: false,
    errorTimesteps: 32,
    perChannel: false,
    scaling: 'weights',
    halfThreshold: true,
    offsetTimesteps: null,
    maxPool: 'winner',
    foldLimit: 4,
    output: 'membrane',
    calibrationSamples: 2000,
    encoder: { kind: 'constant' },
    tolerance: 0.003,
  },
  doctor: { samples: 200, timesteps: null, fixes: false },
  earlyStop: { rule: 'probability', thresholds: [0.5, 0.7, 0.8, 0.9, 0.95, 0.99], profile: 'horowitz-45nm-fp32' },
  watch: { samples: 1, neurons: [] },
  stream: { samples: 10 },
  robustness: null,
  compare: ['ann', 'snn', 'converted'],
  // A few of each kind; all of them bury the answer.
  energy: [
    'horowitz-45nm-fp32',
    'horowitz-45nm-int32',
    'horowitz-45nm-int8',
    'lemaire-45nm-int32',
    'lemaire-45nm-int8',
    'keras-cpu',
    'keras-spinnaker2',
    'loihi-1-minimum',
  ],
  zeroSkipping: true,
  seed: 1,
  engine: 'wasm',
  threads: null,
  memory: null,
  out: null,
};

export interface Preset {
  readonly name: string;
  /** One line for `--help` and error messages. */
  readonly about: string;
  readonly changes: Settings;
  /** What `--quick` changes in it; absent: `QUICK`. */
  readonly quick?: Settings;
}

/** What `--quick` changes in any study: fewer images, fewer epochs, fewer time steps of conversion. */
export const QUICK: Settings = {
  data: { train: 24_000 },
  training: { ann: { epochs: 8 }, snn: { epochs: 3 } },
  convert: { timesteps: [10, 50], calibrationSamples: 1000 },
};

export const longTraining = (epochs: number, loss: Settings): Settings => ({
  training: {
    ann: { epochs, optimizer: ADAM, schedule: CONSTANT },
    snn: { epochs, optimizer: ADAM, schedule: CONSTANT, loss },
  },
});
