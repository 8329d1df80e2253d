// The devices of KerasSpiking's ModelEnergy, as it holds them: prices of one synapse and of one neuron update.

import type { Constant } from '../constant.ts';
import { figures } from './figures.ts';

export const KERAS_DEVICES: readonly Constant[] = [
  ...figures(
    {
      source: 'KerasSpiking ModelEnergy, citing Degnan et al. 2015',
      year: 2015,
      reference: 'https://ieeexplore.ieee.org/abstract/document/7054508',
      node: '22nm-CPU',
      quantity: 'device',
      grade: 'quoted',
      verified: 'primary',
    },
    [['keras-cpu-synop', 8600, 'pJ', 'Core i7-4960X; synapse and neuron update alike']],
  ),
  ...figures(
    {
      source: 'KerasSpiking ModelEnergy, citing Degnan et al. 2015',
      year: 2015,
      reference: 'https://ieeexplore.ieee.org/abstract/document/7054508',
      node: '28nm-GPU',
      quantity: 'device',
      grade: 'quoted',
      verified: 'primary',
    },
    [['keras-gpu-synop', 300, 'pJ', 'GTX Titan Black at large batches; synapse and neuron update alike']],
  ),
  ...figures(
    {
      source: 'KerasSpiking ModelEnergy, citing Degnan et al. 2015',
      year: 2015,
      reference: 'https://ieeexplore.ieee.org/abstract/document/7054508',
      node: 'ARM Cortex-A',
      quantity: 'device',
      grade: 'quoted',
      verified: 'primary',
    },
    [['keras-arm-synop', 900, 'pJ', 'Cortex-A; synapse and neuron update alike']],
  ),
  ...figures(
    {
      source: 'KerasSpiking ModelEnergy, citing Davies et al. 2018',
      year: 2018,
      reference: 'https://github.com/nengo/keras-spiking',
      node: '14nm',
      quantity: 'device',
      grade: 'quoted',
      verified: 'primary',
    },
    [['keras-loihi-synop', 27.1, 'pJ', 'coded as 23.6 + 3.5, but 3.5 is a time (ns) in the cited table']],
  ),
  ...figures(
    {
      source: 'KerasSpiking ModelEnergy, citing Davies et al. 2018',
      year: 2018,
      reference: 'https://github.com/nengo/keras-spiking',
      node: '14nm',
      quantity: 'device',
      grade: 'simulated',
      verified: 'primary',
    },
    [['keras-loihi-neuron', 81, 'pJ', 'active update']],
  ),
  ...figures(
    {
      source: 'KerasSpiking ModelEnergy, citing Hoeppner et al. 2019',
      year: 2019,
      reference: 'https://arxiv.org/abs/1903.08941',
      node: '130nm',
      quantity: 'device',
      grade: 'quoted',
      verified: 'primary',
    },
    [
      ['keras-spinnaker-synop', 13300, 'pJ', 'other texts give 11.3 to over 26.6 nJ'],
      ['keras-spinnaker-neuron', 26000, 'pJ', 'as coded in the tool'],
    ],
  ),
  ...figures(
    {
      source: 'KerasSpiking ModelEnergy, citing Hoeppner et al. 2019',
      year: 2019,
      reference: 'https://arxiv.org/abs/1903.08941',
      node: '28nm test chip',
      quantity: 'device',
      grade: 'measured',
      verified: 'primary',
    },
    [
      ['keras-spinnaker2-synop', 450, 'pJ', '4-core prototype with voltage scaling'],
      ['keras-spinnaker2-neuron', 2190, 'pJ', '4-core prototype with voltage scaling'],
    ],
  ),
];
