// Named studies. Each is complete once laid over the default, so a study file only says what it changes.

import { ADAM, DEFAULT, longTraining, type Preset, QUICK } from './study-defaults.ts';
import { mergeSettings, type Settings } from './study-merge.ts';
import { cifarPresets } from './study-presets-cifar.ts';
import { mnistCnnPresets } from './study-presets-mnist-cnn.ts';
import { robustnessPresets } from './study-presets-robustness.ts';

const dense = (hidden: readonly number[], dropout = 0): Settings => ({ network: { hidden: [...hidden], dropout } });
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
  ...cifarPresets,
  ...mnistCnnPresets,
  ...robustnessPresets(cifarPresets[0]!),
];

/** Names and one-line descriptions of all presets. */
export const studyPresets: readonly { readonly name: string; readonly about: string }[] = PRESETS.map(
  ({ name, about }) => ({
    name,
    about,
  }),
);

/** What `--quick` changes in a preset. */
export const quickSettings = (name: string): Settings =>
  PRESETS.find((candidate) => candidate.name === name)?.quick ?? QUICK;

/** The complete settings of a preset, or undefined if there is none of that name. */
export function presetSettings(name: string): Settings | undefined {
  const preset = PRESETS.find((candidate) => candidate.name === name);
  return preset && mergeSettings(DEFAULT, mergeSettings(preset.changes, { name }));
}
