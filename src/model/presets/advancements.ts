// Networks of "Advancements in Image Classification": an MLP, a CNN for CIFAR-10, and one for N-MNIST and MNIST, in snnTorch.

import { network } from '../builder.ts';
import { dialects } from '../dialects/index.ts';
import { COMMON, type Filled, type PresetEntry } from './entry.ts';
import { LayerStack } from './layer-stack.ts';
import { mlpEntry } from './mlp.ts';
import { ADVANCEMENTS } from './sources.ts';

const leaky = () => dialects.snntorch.leaky({ beta: 0.8 });

/** 5x5 convolutions, each with a max pool of 2 and then neurons; dense layers after them. */
function pooledConvs(filters: readonly number[], padding: number, dense: readonly number[]) {
  return (options: Filled, name: string) => {
    const stack = new LayerStack(options, leaky());
    for (const count of filters) stack.conv(count, 5, { padding }).pool('max').slot();
    stack.flatten();
    for (const units of dense) stack.dense(units).slot();
    return network(name, options.input, stack.output(options.classes).layers);
  };
}

const SHARED = { source: ADVANCEMENTS, classes: 10, options: [...COMMON, 'batchNorm'] } as const;

const ORDER_NOTE =
  "The order of pool and neuron is not given: the pool comes first, as in snnTorch's own examples; the ANN is the same either way.";

const SMALL_NOTES = [
  'Filters are not given. 12 and 32 make the 800 values that the text puts before the last layer (32 maps of 5 x 5), as in ' +
    "snnTorch's example for N-MNIST.",
  'The text has one dense layer, its figure two; there is one.',
  ORDER_NOTE,
];

const SMALL = { ...SHARED, build: pooledConvs([12, 32], 0, []) };

export const advancementsPresets: readonly PresetEntry[] = [
  mlpEntry(
    {
      name: 'advancements-mnist-mlp',
      title: '784-256-256-10, snnTorch Leaky with beta 0.8',
      source: ADVANCEMENTS,
      notes: ['`mnist-two-hidden` with the neuron of the study.'],
    },
    [256, 256],
    { neuron: leaky() },
  ),
  {
    ...SHARED,
    name: 'advancements-cifar-cnn',
    title: 'five 5x5 convolutions (32, 64, 128, 256, 512), each with a max pool; two dense layers',
    input: [32, 32, 3],
    notes: [
      'Neither filters nor units are given. Filters double from 32 as maps are halved, which keeps the work of a layer equal; ' +
        'the first dense layer has 256 units.',
      ORDER_NOTE,
    ],
    build: pooledConvs([32, 64, 128, 256, 512], 2, [256]),
  },
  {
    ...SMALL,
    name: 'advancements-mnist-cnn',
    title: 'two 5x5 convolutions (12, 32), each with a max pool, and one dense layer, for MNIST at 32 x 32',
    input: [32, 32, 1],
    notes: [...SMALL_NOTES, 'Images are enlarged from 28 x 28 to 32 x 32, as the text says.'],
  },
  {
    ...SMALL,
    name: 'advancements-nmnist-cnn',
    title: 'the same for N-MNIST, whose frames have two polarities',
    input: [34, 34, 2],
    notes: [
      ...SMALL_NOTES,
      'The text gives N-MNIST 32 x 32 pixels; its recordings have 34 x 34. Both leave maps of 5 x 5 before the dense layer.',
    ],
  },
];
