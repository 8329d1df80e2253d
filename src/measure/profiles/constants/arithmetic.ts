// Figures of bare operators, memories and on-chip networks. Nothing here includes fetch, control, clock or leakage.

import type { Constant } from '../constant.ts';
import { figures } from './figures.ts';

export const ARITHMETIC: readonly Constant[] = [
  ...figures(
    {
      source: 'Horowitz, ISSCC 2014',
      year: 2014,
      reference: '10.1109/ISSCC.2014.6757323',
      node: '45nm',
      quantity: 'arithmetic',
      grade: 'estimate',
      verified: 'secondary',
    },
    [
      ['horowitz45-int8-add', 0.03, 'pJ', 'bare operator at 0.9 V'],
      ['horowitz45-int8-mul', 0.2, 'pJ', 'bare operator at 0.9 V'],
      ['horowitz45-int32-add', 0.1, 'pJ', 'bare operator at 0.9 V'],
      ['horowitz45-int32-mul', 3.1, 'pJ', 'bare operator at 0.9 V'],
      ['horowitz45-fp16-add', 0.4, 'pJ', 'bare operator at 0.9 V'],
      ['horowitz45-fp16-mul', 1.1, 'pJ', 'bare operator at 0.9 V'],
      ['horowitz45-fp32-add', 0.9, 'pJ', 'bare operator at 0.9 V; what most papers charge an accumulation'],
      ['horowitz45-fp32-mul', 3.7, 'pJ', 'bare operator at 0.9 V'],
    ],
  ),
  ...figures(
    {
      source: 'sum of two rows of Horowitz, ISSCC 2014',
      year: 2014,
      reference: '10.1109/ISSCC.2014.6757323',
      node: '45nm',
      quantity: 'arithmetic',
      grade: 'derived',
      verified: 'primary',
    },
    [
      ['horowitz45-int8-mac', 0.23, 'pJ', 'multiply + add'],
      ['horowitz45-int32-mac', 3.2, 'pJ', 'multiply + add'],
      ['horowitz45-fp16-mac', 1.5, 'pJ', 'multiply + add'],
      ['horowitz45-fp32-mac', 4.6, 'pJ', 'multiply + add; what most papers charge a multiply-accumulate'],
    ],
  ),
  ...figures(
    {
      source: 'Horowitz, ISSCC 2014',
      year: 2014,
      reference: '10.1109/ISSCC.2014.6757323',
      node: '45nm',
      quantity: 'memory',
      grade: 'estimate',
      verified: 'secondary',
    },
    [
      ['horowitz45-sram-8kb', 10, 'pJ/64b', 'one 64-bit access'],
      ['horowitz45-sram-32kb', 20, 'pJ/64b', 'one 64-bit access'],
      ['horowitz45-sram-1mb', 100, 'pJ/64b', 'one 64-bit access'],
    ],
  ),
  ...figures(
    {
      source: 'Horowitz, ISSCC 2014',
      year: 2014,
      reference: '10.1109/ISSCC.2014.6757323',
      node: '45nm-era',
      quantity: 'memory',
      grade: 'estimate',
      verified: 'secondary',
    },
    [
      ['horowitz45-dram-lo', 1300, 'pJ/64b', 'low end of the printed range'],
      ['horowitz45-dram-hi', 2600, 'pJ/64b', 'high end of the printed range'],
    ],
  ),
  ...figures(
    {
      source: 'a comparison study that names no source for it',
      year: null,
      reference: '',
      node: '12nm',
      quantity: 'arithmetic',
      grade: 'unsupported',
      verified: 'none',
    },
    [
      [
        'claimed-t4-mac',
        1.6,
        'pJ',
        'claimed for a T4; no source found. Below the 7 nm fp32 multiply-accumulate (1.69 pJ) of Jouppi et al.',
      ],
      [
        'claimed-t4-ac',
        0.58,
        'pJ',
        'claimed for a T4; no source found. Scales 1.55x from 45 nm where its multiply-accumulate scales 2.9x',
      ],
    ],
  ),
  ...figures(
    {
      source: 'Jouppi et al., ISCA 2021, table 2',
      year: 2021,
      reference: '10.1109/ISCA52012.2021.00010',
      node: '7nm',
      quantity: 'arithmetic',
      grade: 'estimate',
      verified: 'unverified',
    },
    [
      ['jouppi7-int8-add', 0.007, 'pJ', 'not checked against the paper'],
      ['jouppi7-int32-add', 0.03, 'pJ', 'not checked against the paper'],
      ['jouppi7-bf16-add', 0.11, 'pJ', 'not checked against the paper'],
      ['jouppi7-fp16-add', 0.16, 'pJ', 'not checked against the paper'],
      ['jouppi7-fp32-add', 0.38, 'pJ', 'not checked against the paper'],
      ['jouppi7-int8-mul', 0.07, 'pJ', 'not checked against the paper'],
      ['jouppi7-int32-mul', 1.48, 'pJ', 'not checked against the paper'],
      ['jouppi7-bf16-mul', 0.21, 'pJ', 'not checked against the paper'],
      ['jouppi7-fp16-mul', 0.34, 'pJ', 'not checked against the paper'],
    ],
  ),
  ...figures(
    {
      source: 'Jouppi et al., ISCA 2021, table 2',
      year: 2021,
      reference: '10.1109/ISCA52012.2021.00010',
      node: '7nm',
      quantity: 'arithmetic',
      grade: 'estimate',
      verified: 'secondary',
    },
    [['jouppi7-fp32-mul', 1.31, 'pJ', 'cross-checked in a second text']],
  ),
  ...figures(
    {
      source: 'Jouppi et al., ISCA 2021, table 2',
      year: 2021,
      reference: '10.1109/ISCA52012.2021.00010',
      node: '7nm',
      quantity: 'memory',
      grade: 'estimate',
      verified: 'unverified',
    },
    [
      ['jouppi7-sram-8kb', 7.5, 'pJ/64b', 'one 64-bit access; not checked against the paper'],
      ['jouppi7-sram-32kb', 8.5, 'pJ/64b', 'one 64-bit access; not checked against the paper'],
      ['jouppi7-sram-1mb', 14, 'pJ/64b', 'one 64-bit access; not checked against the paper'],
    ],
  ),
  ...figures(
    {
      source: 'Jouppi et al., ISCA 2021, table 2',
      year: 2021,
      reference: '10.1109/ISCA52012.2021.00010',
      node: '7nm-era',
      quantity: 'memory',
      grade: 'estimate',
      verified: 'unverified',
    },
    [
      ['jouppi7-dram-ddr', 1300, 'pJ/64b', 'DDR3 or DDR4; not checked against the paper'],
      ['jouppi7-dram-hbm2', [250, 450], 'pJ/64b', 'not checked against the paper'],
    ],
  ),
  ...figures(
    {
      source: 'Jouppi et al., ISCA 2021, table 2',
      year: 2021,
      reference: '10.1109/ISCA52012.2021.00010',
      node: '7nm-era',
      quantity: 'memory',
      grade: 'estimate',
      verified: 'secondary',
    },
    [['jouppi7-dram-gddr6', [350, 480], 'pJ/64b', 'cross-checked in a second text']],
  ),
  ...figures(
    {
      source: 'Davidson and Furber, Front. Neurosci. 2021',
      year: 2021,
      reference: '10.3389/fnins.2021.651141',
      node: '22FDX',
      quantity: 'arithmetic',
      grade: 'estimate',
      verified: 'secondary',
    },
    [
      ['davidson22-add32', 60, 'fJ', 'their unit of energy, 1 E'],
      ['davidson22-mac32x8', 293, 'fJ', '5 E; 32 x 8 bits'],
    ],
  ),
  ...figures(
    {
      source: 'Davidson and Furber, Front. Neurosci. 2021',
      year: 2021,
      reference: '10.3389/fnins.2021.651141',
      node: '22FDX',
      quantity: 'memory',
      grade: 'estimate',
      verified: 'secondary',
    },
    [['davidson22-sram32-read', 296, 'fJ', '5 E; 32 bits']],
  ),
  ...figures(
    {
      source: 'Yan et al., arXiv:2409.08290',
      year: 2024,
      reference: 'https://arxiv.org/abs/2409.08290',
      node: '22nm',
      quantity: 'arithmetic',
      grade: 'synthesis',
      verified: 'secondary',
    },
    [['yan22-acc', 0.05448, 'pJ', 'accumulate = compare = subtract; TT corner, 0.80 V, 1 GHz']],
  ),
  ...figures(
    {
      source: 'Yan et al., arXiv:2409.08290',
      year: 2024,
      reference: 'https://arxiv.org/abs/2409.08290',
      node: '22nm',
      quantity: 'network',
      grade: 'synthesis',
      verified: 'secondary',
    },
    [['yan22-move-dense', 0.25, 'pJ/bit/hop', 'dense data, circuit switched']],
  ),
  ...figures(
    {
      source: 'Yan et al., arXiv:2409.08290',
      year: 2024,
      reference: 'https://arxiv.org/abs/2409.08290',
      node: '22nm',
      quantity: 'network',
      grade: 'derived',
      verified: 'secondary',
    },
    [['yan22-move-sparse', 3, 'pJ/bit/hop', 'sparse events, scaled from Loihi 1']],
  ),
  ...figures(
    {
      source: 'Yan et al., arXiv:2409.08290',
      year: 2024,
      reference: 'https://arxiv.org/abs/2409.08290',
      node: '22nm-era',
      quantity: 'memory',
      grade: 'derived',
      verified: 'secondary',
    },
    [['yan22-dram-bit', 20.3, 'pJ/bit', '1300 pJ for 64 bits']],
  ),
  ...figures(
    {
      source: 'LEAT-EDGE/qualia-plugin-snn, fit over Horowitz 2014 (Lemaire et al. 2022)',
      year: 2022,
      reference: 'https://arxiv.org/abs/2210.13107',
      node: '45nm',
      quantity: 'memory',
      grade: 'derived',
      verified: 'primary',
    },
    [
      [
        'lemaire45-ram-base',
        13.2,
        'pJ',
        'one access: 13.2 pJ + 1.09e-5 pJ a bit of the memory; linear fit over 8 kB, 32 kB, 1 MB',
      ],
      ['lemaire45-ram-per-bit', 0.0000109, 'pJ/bit', 'a bit of the memory accessed; see lemaire45-ram-base'],
    ],
  ),
];
