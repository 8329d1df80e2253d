// Studies on CIFAR-10: the small convolutional network of Cassetta, Di Trani and Cavalagli's study (its reading with four
// convolutions), trained by SpikingJelly's settings: 30 epochs of Adam at 0.001, batches of 128, SNNs of T = 5, conversions at 20, 40, 100.

import { ADAM, COSINE, longTraining, type Preset } from './study-defaults.ts';
import type { Settings } from './study-merge.ts';

const NETWORK = 'cassetta-cifar-small-four';
const CE_RATE = { kind: 'ce-rate', onTarget: 1, offTarget: 0 };

const RATE = { kind: 'rate', gain: 1, offset: 0 };

/** As published, but for the encoder. */
const small: Settings = {
  data: { dataset: 'cifar10' },
  network: { preset: NETWORK },
  neuron: { dialect: 'spikingjelly.lifNode', tau: 2 },
  encoder: { kind: 'constant' },
  timesteps: 5,
};

/**
 * Pixels as a current at every step, batch norm, an output that sums instead of firing, crops and flips. With five steps of rate-coded
 * pixels, or without the norm, spikes die out after a few layers.
 */
const tuned: Settings = {
  ...small,
  network: { preset: NETWORK, batchNorm: true, outputNeuron: { dialect: 'spikewatt.integrator', beta: 0.9 } },
  neuron: { dialect: 'snntorch.leaky', beta: 0.5 },
  decoder: 'mean-membrane',
  training: {
    ann: { epochs: 24, optimizer: ADAM, schedule: COSINE, augment: { crop: 2, flip: true } },
    snn: {
      ...{ epochs: 14, optimizer: ADAM, schedule: COSINE, augment: { crop: 2, flip: true } },
      loss: { kind: 'ce-membrane', onTarget: 1, offTarget: 0 },
    },
  },
  convert: { timesteps: [5, 20, 50, 100] },
};

const quick: Settings = {
  data: { train: 4000, test: 500 },
  training: { ann: { epochs: 3 }, snn: { epochs: 2 } },
  convert: { timesteps: [5, 20], calibrationSamples: 500 },
  doctor: { samples: 50 },
};

export const cifarPresets: readonly Preset[] = [
  {
    name: 'cnn-cifar-small',
    about: 'CIFAR-10, convolutions 16-16-32-32 with batch norm, crops and flips: ANN, SNN T=5, conversions',
    changes: tuned,
    quick,
  },
  {
    name: 'cnn-cifar-small-qcfs',
    about: 'the same ANN with activations quantised to 4 levels (QCFS), converted at 4 to 32 steps',
    changes: {
      ...tuned,
      activation: { kind: 'quantized', levels: 4, ceiling: 4 },
      convert: { timesteps: [4, 8, 16, 32] },
      compare: ['ann', 'converted'],
    },
    quick: { ...quick, convert: { timesteps: [8, 16], calibrationSamples: 500 } },
  },
  {
    name: 'cnn-cifar-small-published',
    about: 'the network as its study has it: no batch norm, rate-coded pixels, spikes counted at the output',
    changes: {
      ...small,
      ...longTraining(30, CE_RATE),
      data: { dataset: 'cifar10', normalize: 'none' },
      encoder: RATE,
      convert: { timesteps: [20, 40, 100], mode: 'max', halfThreshold: false, encoder: RATE },
    },
    quick,
  },
];
