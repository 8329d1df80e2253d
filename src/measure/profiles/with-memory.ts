// Operators and memory by the analytical model of Lemaire et al. 2022, in int32 and int8, and with an ANN that keeps its weights
// where they are used: the model's own ANN fetches each weight for each synapse, which favours the spiking network.

import { picojoules } from '../../core/index.ts';
import { constant, energyOfOne } from './constants.ts';
import type { MemoryTrafficProfile } from './profile.ts';
import { sourcesOf } from './sources.ts';

/** Their default queue holds 1024 spikes. */
const QUEUE_WORDS = 1024;

function memoryTraffic(format: 'int32' | 'int8', annWeightReuse: 'none' | 'full'): MemoryTrafficProfile {
  const constants = [
    `horowitz45-${format}-add`,
    `horowitz45-${format}-mul`,
    'lemaire45-ram-base',
    'lemaire45-ram-per-bit',
  ];
  const reused = annWeightReuse === 'full';
  return {
    model: 'memory-traffic',
    id: `lemaire-45nm-${format}${reused ? '-ann-reuse' : ''}`,
    label: `45 nm ${format} with memory${reused ? ', ANN weights reused' : ''}`,
    type: 'with-memory',
    add: energyOfOne(`horowitz45-${format}-add`),
    multiply: energyOfOne(`horowitz45-${format}-mul`),
    bits: format === 'int32' ? 32 : 8,
    ramBase: energyOfOne('lemaire45-ram-base'),
    ramPerBit: picojoules(constant('lemaire45-ram-per-bit').value as number),
    queueWords: QUEUE_WORDS,
    annWeightReuse,
    constants,
    source: `Lemaire et al. 2022 (arXiv:2210.13107), with the errata of its authors' code; ${sourcesOf(constants)}`,
    caveat: reused
      ? 'the ANN fetches no weights (a bound: large batch, weights held in place); comparisons and the encoder are not priced'
      : 'the ANN fetches a weight for every synapse (no reuse), which favours the spiking network; comparisons and the encoder are not priced',
  };
}

export const MEMORY_PROFILES: readonly MemoryTrafficProfile[] = [
  memoryTraffic('int32', 'none'),
  memoryTraffic('int32', 'full'),
  memoryTraffic('int8', 'none'),
  memoryTraffic('int8', 'full'),
];
