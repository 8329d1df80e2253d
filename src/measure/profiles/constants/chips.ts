// Figures of chips. Each is one of: everything over events at one operating point, a marginal cost, or a simulated minimum of
// one term; the note says which, and mixing them is the commonest error.

import type { Constant } from '../constant.ts';
import { figures } from './figures.ts';

export const CHIPS: readonly Constant[] = [
  ...figures(
    {
      source: 'Davies et al., IEEE Micro 2018, table 2',
      year: 2018,
      reference: '10.1109/MM.2018.112130359',
      node: '14nm',
      quantity: 'device',
      grade: 'simulated',
      verified: 'secondary',
    },
    [
      ['loihi1-synop-min', 23.6, 'pJ', 'a minimum, of one term, from circuit simulation before silicon, 0.75 V'],
      ['loihi1-stdp-update', 120, 'pJ', 'pairwise'],
      ['loihi1-neuron-active', 81, 'pJ', '0.75 V'],
      ['loihi1-neuron-inactive', 52, 'pJ', '0.75 V'],
      ['loihi1-spike-in-tile', 1.7, 'pJ', 'one spike within a tile'],
      ['loihi1-hop-ew', 3, 'pJ', 'one tile hop east or west'],
      ['loihi1-hop-ns', 4, 'pJ', 'one tile hop north or south'],
      ['loihi1-synop-time-max', 3.5, 'ns', 'a time, not an energy'],
    ],
  ),
  ...figures(
    {
      source: 'Frady et al. 2020 (Pohoiki Springs)',
      year: 2020,
      reference: 'https://arxiv.org/abs/2004.12691',
      node: '14nm',
      quantity: 'device',
      grade: 'measured',
      verified: 'secondary',
    },
    [['loihi1-static-chip', 104, 'mW', '3.34 W over 32 chips']],
  ),
  ...figures(
    {
      source: 'none',
      year: null,
      reference: '',
      node: 'Intel 4',
      quantity: 'device',
      grade: 'absent',
      verified: 'secondary',
    },
    [['loihi2-synop', null, 'pJ', 'no public energy of one operation exists']],
  ),
  ...figures(
    {
      source: 'Merolla et al., Science 2014',
      year: 2014,
      reference: '10.1126/science.1254642',
      node: '28nm',
      quantity: 'device',
      grade: 'measured',
      verified: 'secondary',
    },
    [
      [
        'truenorth-allin',
        26,
        'pJ',
        'whole-chip power over events at one operating point (72 mW, 20 Hz, 128 synapses, 0.775 V), leakage included',
      ],
      ['truenorth-static', 42, 'mW', 'at no activity'],
      ['truenorth-hop', 2.3, 'pJ', 'one spike, one hop'],
    ],
  ),
  ...figures(
    {
      source: 'Merolla et al., Science 2014',
      year: 2014,
      reference: '10.1126/science.1254642',
      node: '28nm',
      quantity: 'device',
      grade: 'derived',
      verified: 'secondary',
    },
    [['truenorth-marginal', 2.297, 'pJ', 'slope of a regression over the published 0.8 V sweep']],
  ),
  ...figures(
    {
      source: 'Akopyan et al., IEEE TCAD 2015',
      year: 2015,
      reference: '10.1109/TCAD.2015.2474396',
      node: '28nm',
      quantity: 'device',
      grade: 'measured',
      verified: 'secondary',
    },
    [['truenorth-typ-power', 65, 'mW', 'typical chip power']],
  ),
  ...figures(
    {
      source: 'Frenkel et al., IEEE TBCAS 2019',
      year: 2019,
      reference: '10.1109/TBCAS.2018.2880425',
      node: '28nm FDSOI',
      quantity: 'device',
      grade: 'measured',
      verified: 'secondary',
    },
    [
      ['odin-marginal', 8.43, 'pJ', 'with neuron state and controller, without leakage and idle power'],
      ['odin-allin-fast', 12.7, 'pJ', '0.55 V at the highest event rate, leakage and idle power included'],
      ['odin-allin-bio', 54, 'pJ', 'the same chip at biological rates'],
      ['odin-leak', 27.3, 'uW', 'P = leak + idle clock + energy rate'],
      ['odin-idle', 1.78, 'uW/MHz', 'clock, a MHz'],
    ],
  ),
  ...figures(
    {
      source: 'Ma et al., Natl. Sci. Rev. 2024',
      year: 2024,
      reference: '10.1093/nsr/nwae102',
      node: '22nm FDSOI',
      quantity: 'device',
      grade: 'measured',
      verified: 'secondary',
    },
    [['darwin3-sop', 5.47, 'pJ', 'incremental, 0.8 V, 333 MHz']],
  ),
  ...figures(
    {
      source: 'Di Mauro et al. 2022',
      year: 2022,
      reference: 'https://arxiv.org/abs/2204.10687',
      node: '22nm-class',
      quantity: 'device',
      grade: 'quoted',
      verified: 'primary',
    },
    [['sne-sop', 0.221, 'pJ', '4-bit event convolution engine']],
  ),
  ...figures(
    {
      source: 'Yao et al., Nat. Commun. 2024',
      year: 2024,
      reference: '10.1038/s41467-024-47811-6',
      node: '65nm',
      quantity: 'device',
      grade: 'measured',
      verified: 'primary',
    },
    [
      ['speck-resting', 0.42, 'mW', 'processor at rest'],
      ['speck-realtime-min', 0.7, 'mW', 'system in real time, low end'],
    ],
  ),
  ...figures(
    {
      source: 'Bos and Muir, Xylo Audio 2',
      year: null,
      reference: 'https://catalyzex.com/author/Hannah%20Bos',
      node: '28nm',
      quantity: 'device',
      grade: 'measured',
      verified: 'primary',
    },
    [
      ['xylo-dyn', 291, 'uW', 'keyword spotting, dynamic inference power'],
      ['xylo-inf', 6.6, 'uJ', 'keyword spotting, one inference'],
    ],
  ),
  ...figures(
    {
      source: 'BrainScaleS-2, PNAS 2022',
      year: 2022,
      reference: '10.1073/pnas.2109194119',
      node: '65nm',
      quantity: 'device',
      grade: 'measured',
      verified: 'secondary',
    },
    [['bss2-mnist', 8.4, 'uJ', 'MNIST at 97.6 to 98.0 %, one inference; which paper is unsettled']],
  ),
  ...figures(
    {
      source: 'Rutishauser et al. 2023',
      year: 2023,
      reference: 'https://arxiv.org/abs/2302.07957',
      node: '22nm',
      quantity: 'system',
      grade: 'measured',
      verified: 'primary',
    },
    [['colibries-dvs', 7.7, 'mJ', 'DVS gestures, chip energy of one inference']],
  ),
  ...figures(
    {
      source: 'Modha et al., Science 2023',
      year: 2023,
      reference: '10.1126/science.adh1174',
      node: '12nm',
      quantity: 'device',
      grade: 'measured',
      verified: 'primary',
    },
    [['northpole-ratio', 25, 'ratio', 'frames a joule against a GPU of the same node, ResNet-50; not a spiking chip']],
  ),
  ...figures(
    {
      source: 'Tang et al. 2023',
      year: 2023,
      reference: '',
      node: '22nm',
      quantity: 'device',
      grade: 'quoted',
      verified: 'secondary',
    },
    [['seneca-eprop', 22.9, 'pJ', 'one e-prop update; Hebbian 15.5']],
  ),
];
