// Named studies. Each is complete once laid over the default, so a study file only says what it changes.

import { mergeSettings, type Settings } from './study-merge.ts';

const ADAM = { kind: 'adam', learningRate: 1e-3, momentum: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const CONSTANT = { kind: 'constant', every: 10, gamma: 0.5, warmup: 0, floor: 0 };
const COSINE = { ...CONSTANT, kind: 'cosine', floor: 0.02 };
const RATE = { kind: 'rate', gain: 1, offset: 0 };

const DEFAULT: Settings = {
  name: 'mnist-default',
  data: { dataset: 'mnist', path: null, train: null, test: null, validation: 0.1 },
  network: { hidden: [256] },
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
    },
  },
  convert: {
    timesteps: [5, 10, 20, 50, 100],
    mode: 'percentile',
    percentile: 99.9,
    nonzeroOnly: false,
    reciprocal: 2,
    halfThreshold: true,
    output: 'membrane',
    calibrationSamples: 2000,
    encoder: { kind: 'constant' },
    tolerance: 0.003,
  },
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
  out: null,
};

/** What `--quick` changes in any study: fewer images, fewer epochs, fewer time steps of conversion. */
export const QUICK: Settings = {
  data: { train: 24_000 },
  training: { ann: { epochs: 8 }, snn: { epochs: 3 } },
  convert: { timesteps: [10, 50], calibrationSamples: 1000 },
};

const dense = (hidden: readonly number[], dropout = 0): Settings => ({ network: { hidden: [...hidden], dropout } });
const longTraining = (epochs: number, loss: Settings): Settings => ({
  training: {
    ann: { epochs, optimizer: ADAM, schedule: CONSTANT },
    snn: { epochs, optimizer: ADAM, schedule: CONSTANT, loss },
  },
});

/** SpikingJelly's LIF (tau 2, hard reset), as in the S, M and D multilayer perceptrons of that study; 30 epochs of Adam. */
const jellyMlp = (hidden: readonly number[], dropout: number, timesteps: number): Settings => ({
  ...dense(hidden, dropout),
  neuron: { dialect: 'spikingjelly.lifNode', tau: 2 },
  timesteps,
  ...longTraining(30, { kind: 'ce-rate', onTarget: 1, offTarget: 0 }),
});

const mlpSizes = {
  s: { hidden: [256], dropout: 0 },
  m: { hidden: [512, 256, 64], dropout: 0.5 },
  d: { hidden: [2000, 500, 64, 16], dropout: 0.5 },
};

const jellyPresets = Object.entries(mlpSizes).flatMap(([size, { hidden, dropout }]) =>
  [5, 20, 50].map((timesteps) => ({
    name: `mlp-${size}-t${timesteps}`,
    about: `784-${hidden.join('-')}-10${dropout > 0 ? ', dropout 0.5' : ''}, SpikingJelly LIF, T=${timesteps}, 30 epochs`,
    changes: jellyMlp(hidden, dropout, timesteps),
  })),
);

interface Preset {
  readonly name: string;
  /** One line for `--help` and error messages. */
  readonly about: string;
  readonly changes: Settings;
}

const PRESETS: readonly Preset[] = [
  {
    name: 'mnist-default',
    about: '784-256-10 on all of MNIST: ANN, SNN with T=20, conversions at 5 to 100 steps',
    changes: {},
  },
  { name: 'mnist-quick', about: 'the same on 24,000 images and a few epochs: under 30 seconds', changes: QUICK },
  {
    name: 'mlp-1000',
    about: '784-1000-10, snnTorch Leaky beta 0.95, constant input, T=25',
    changes: {
      ...dense([1000]),
      neuron: { dialect: 'snntorch.leaky', beta: 0.95 },
      encoder: { kind: 'constant' },
      timesteps: 25,
      training: { snn: { loss: { kind: 'ce-membrane' }, optimizer: ADAM } },
    },
  },
  {
    name: 'mlp-256-256',
    about: '784-256-256-10, snnTorch Leaky beta 0.8, mse-count 0.8/0.2, rate-coded, T=25, 20 epochs',
    changes: {
      ...dense([256, 256]),
      network: { hidden: [256, 256], init: 'kaiming-uniform' },
      neuron: { dialect: 'snntorch.leaky', beta: 0.8 },
      timesteps: 25,
      data: { validation: 0.2 },
      ...longTraining(20, { kind: 'mse-count', onTarget: 0.8, offTarget: 0.2 }),
    },
  },
  ...jellyPresets,
];

/** Names and one-line descriptions of all presets. */
export const studyPresets: readonly { readonly name: string; readonly about: string }[] = PRESETS.map(
  ({ name, about }) => ({
    name,
    about,
  }),
);

/** The complete settings of a preset, or undefined if there is none of that name. */
export function presetSettings(name: string): Settings | undefined {
  const preset = PRESETS.find((candidate) => candidate.name === name);
  return preset && mergeSettings(DEFAULT, mergeSettings(preset.changes, { name }));
}
