// The two robustness experiments of a comparison of ANNs with directly trained SNNs: accuracy against noise, and under FGSM of epsilon 0
// to 1 by 0.05, of its best ANN and its best SNN. On MNIST those are 784-256-10 and the same with SpikingJelly's LIF, T = 20, rate-coded;
// on CIFAR-10 the networks at hand stand in. Trained for fewer epochs than there, with a falling rate.

import { ADAM, COSINE, type Preset, QUICK } from './study-defaults.ts';
import { mergeSettings, type Settings } from './study-merge.ts';

const ROBUSTNESS: Settings = { samples: 1000, draws: 3 };

const mnist: Settings = {
  network: { hidden: [256] },
  neuron: { dialect: 'spikingjelly.lifNode', tau: 2 },
  encoder: { kind: 'rate', gain: 1, offset: 0 },
  timesteps: 20,
  training: {
    ann: { epochs: 6, optimizer: { ...ADAM, learningRate: 2e-3 }, schedule: COSINE },
    snn: {
      ...{ epochs: 6, optimizer: { ...ADAM, learningRate: 4e-3 }, schedule: COSINE },
      loss: { kind: 'ce-rate', onTarget: 1, offTarget: 0 },
    },
  },
  convert: { timesteps: [20] },
  robustness: ROBUSTNESS,
};

/** Without the conversion, whose 20 steps of convolutions take ten times as long to attack as the SNN's 5, and with fewer disturbances. */
const cifarRobustness: Settings = {
  compare: ['ann', 'snn'],
  robustness: { ...ROBUSTNESS, noise: { kinds: ['gaussian', 'uniform', 'salt-and-pepper'] }, faults: null },
};

/** `cifar` is the preset whose networks are taken. */
export const robustnessPresets = (cifar: Preset): readonly Preset[] => [
  {
    name: 'robustness-mnist',
    about: 'noise and attacks on 784-256-10: ANN, SNN of SpikingJelly LIF with T=20, conversion at 20 steps',
    changes: mnist,
    quick: mergeSettings(QUICK, {
      data: { test: 1000 },
      training: { snn: { epochs: 2 } },
      convert: { timesteps: [20] },
    }),
  },
  {
    name: 'robustness-cifar',
    about: 'noise and attacks on the ANN and the SNN of cnn-cifar-small',
    changes: mergeSettings(cifar.changes, { convert: { timesteps: [20] }, ...cifarRobustness }),
    quick: mergeSettings(cifar.quick ?? QUICK, { convert: { timesteps: [20] } }),
  },
];
