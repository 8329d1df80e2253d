// Networks of Cassetta, Di Trani and Cavalagli's study with SpikingJelly: MNIST, CIFAR-10 and Flowers102.

import { network } from '../builder.ts';
import { dialects } from '../dialects/index.ts';
import { COMMON, type Filled, type PresetEntry } from './entry.ts';
import { LayerStack } from './layer-stack.ts';
import { mlpEntry } from './mlp.ts';
import { mobilenetFeatures } from './mobilenet.ts';
import { CASSETTA } from './sources.ts';
import { vggFeatures } from './vgg.ts';

const NEURON_NOTE =
  "The study names SpikingJelly's LIF but not its parameters; the neuron is that library's LIFNode with its defaults (tau 2, hard reset).";

const jelly = () => dialects.spikingjelly.lifNode();

const mlps: readonly PresetEntry[] = [
  mlpEntry({ name: 'cassetta-mnist-small', title: '784-256-10', source: CASSETTA, notes: [NEURON_NOTE] }, [256], {
    neuron: jelly(),
  }),
  mlpEntry(
    {
      name: 'cassetta-mnist-medium',
      title: '784-512-256-64-10, dropout 0.5',
      source: CASSETTA,
      notes: [NEURON_NOTE],
    },
    [512, 256, 64],
    { neuron: jelly(), dropout: 0.5 },
  ),
  mlpEntry(
    {
      name: 'cassetta-mnist-large',
      title: '784-2000-500-64-16-10, dropout 0.5',
      source: CASSETTA,
      notes: [
        NEURON_NOTE,
        'Its table reports 6.9 million multiplications for this network, which has 2.6 million: it measured another one.',
      ],
    },
    [2000, 500, 64, 16],
    { neuron: jelly(), dropout: 0.5 },
  ),
];

/** Convolutions 3x3, each with its filters and whether an average pool follows; then 1024, 512 and the classes. */
function cifar(convs: readonly (readonly [filters: number, pooled: boolean])[]) {
  return (options: Filled, name: string) => {
    const stack = new LayerStack(options, jelly());
    for (const [filters, pooled] of convs) {
      stack.conv(filters, 3).slot();
      if (pooled) stack.pool('average');
    }
    stack.flatten();
    for (const units of [1024, 512])
      stack
        .dense(units)
        .slot()
        .dropout(options.dropout ?? 0);
    return network(name, options.input, stack.output(options.classes).layers);
  };
}

const CIFAR = {
  source: CASSETTA,
  input: [32, 32, 3],
  classes: 10,
  options: [...COMMON, 'dropout', 'batchNorm'],
} as const;

const SMALL_NOTE =
  'Its table counts 8.7 million multiplications for the smaller of its networks on CIFAR-10; no reading has as many (1.0 million ' +
  'with five convolutions, 2.1 with four).';

const pooledEach = (filters: readonly number[]) => filters.map((count) => [count, true] as const);

const cnns: readonly PresetEntry[] = [
  {
    ...CIFAR,
    name: 'cassetta-cifar-small',
    title: 'five 3x3 convolutions (3, 16, 16, 32, 32), each with an average pool; dense 1024, 512',
    notes: [
      NEURON_NOTE,
      'Filters are listed as "3, 16, 16, 32, 32" for five convolutions: the first is taken to have 3 filters. Five pools then ' +
        'take 32 x 32 to a single pixel. If 3 was the number of input channels, it is `cassetta-cifar-small-four`.',
      'Padding is not given: 1, so that only pools change the size. Each pool is of 2 x 2.',
      SMALL_NOTE,
    ],
    build: cifar(pooledEach([3, 16, 16, 32, 32])),
  },
  {
    ...CIFAR,
    name: 'cassetta-cifar-small-four',
    title: 'four 3x3 convolutions (16, 16, 32, 32), each with an average pool; dense 1024, 512',
    notes: [
      NEURON_NOTE,
      'The other reading of "3, 16, 16, 32, 32": channels from the input on, so four convolutions where its table says five.',
      'Padding is not given: 1. Each pool is of 2 x 2.',
      SMALL_NOTE,
    ],
    build: cifar(pooledEach([16, 16, 32, 32])),
  },
  {
    ...CIFAR,
    name: 'cassetta-cifar-medium',
    title: 'eight 3x3 convolutions (3, 32, 32, 64, 64, 128, 256, 256), five average pools; dense 1024, 512',
    notes: [
      NEURON_NOTE,
      'The text puts an average pool after each of eight convolutions, but 32 x 32 can be halved five times only. A pool stands ' +
        'after the last convolution of each run of equal filters (3; 32, 32; 64, 64; 128; 256, 256): five pools, to a single pixel.',
      'The dense layers are left blank in its table; they are those of the small network, from which the cell seems merged.',
      'Padding is not given: 1. Each pool is of 2 x 2.',
      'Its table counts 90 million multiplications for the larger of its networks on CIFAR-10; this one has 11.7 million.',
    ],
    build: cifar([
      [3, true],
      [32, false],
      [32, true],
      [64, false],
      [64, true],
      [128, true],
      [256, false],
      [256, true],
    ]),
  },
];

/** The study's classifier: dense 512 and 256 with dropout, then the classes. */
function classifier(stack: LayerStack, options: Filled): LayerStack {
  for (const units of [512, 256])
    stack
      .dense(units)
      .slot()
      .dropout(options.dropout ?? 0.5);
  return stack.output(options.classes);
}

const FLOWERS = {
  source: CASSETTA,
  input: [224, 224, 3],
  classes: 102,
} as const;

const FLOWERS_NOTE =
  'The study starts from weights pretrained on ImageNet, trains the classifier and the last stage, and converts; start weights here are random.';

const flowers: readonly PresetEntry[] = [
  {
    ...FLOWERS,
    name: 'cassetta-flowers-vgg19',
    title: 'VGG-19 with a classifier 512-256 for Flowers102',
    options: [...COMMON, 'dropout', 'batchNorm'],
    notes: [FLOWERS_NOTE, 'Without batch norm by default: the text says VGG19, not which of the two.'],
    build: (options, name) =>
      network(
        name,
        options.input,
        classifier(vggFeatures(new LayerStack(options, jelly()), 19).flatten(), options).layers,
      ),
  },
  {
    ...FLOWERS,
    name: 'cassetta-flowers-mobilenetv2',
    title: 'MobileNetV2 with a classifier 512-256 for Flowers102',
    options: [...COMMON, 'dropout'],
    notes: [FLOWERS_NOTE, 'The conversion of the study leaves ReLU6 analog, so that only the classifier spikes.'],
    build: (options, name) => {
      const features = mobilenetFeatures({ neuron: jelly(), ...options }, 'imagenet');
      return network(name, options.input, [
        ...features,
        ...classifier(new LayerStack(options, jelly()).flatten(), options).layers,
      ]);
    },
  },
];

export const cassettaPresets: readonly PresetEntry[] = [...mlps, ...cnns, ...flowers];
