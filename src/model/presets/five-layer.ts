// The network that Spikewatt's speed is measured on.

import { network } from '../builder.ts';
import { COMMON, type PresetEntry } from './entry.ts';
import { LayerStack } from './layer-stack.ts';

/** Filters of each convolution, and whether a pool follows. */
const CONVS = [
  [32, false],
  [32, true],
  [64, false],
  [64, true],
  [128, true],
] as const;

export const fiveLayerPresets: readonly PresetEntry[] = [
  {
    name: 'cifar-five-layer',
    title: 'five 3x3 convolutions (32, 32, 64, 64, 128), three average pools, one dense layer',
    source: 'Spikewatt',
    notes: ['The convolutional network whose speed is compared with that of other libraries.'],
    input: [32, 32, 3],
    classes: 10,
    options: [...COMMON, 'batchNorm'],
    build: (options, name) => {
      const stack = new LayerStack(options);
      for (const [filters, pooled] of CONVS) {
        stack.conv(filters, 3).slot();
        if (pooled) stack.pool('average');
      }
      return network(name, options.input, stack.flatten().output(options.classes).layers);
    },
  },
];
