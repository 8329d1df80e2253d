// Networks of Reddi's study of one CNN, one ANN and one SNN on MNIST. Its SNN is `mnist-wide`.

import { dense, flatten, network, slot } from '../builder.ts';
import { dialects } from '../dialects/index.ts';
import { conv } from '../window-builder.ts';
import { COMMON, type Filled, type PresetEntry } from './entry.ts';
import { LayerStack, SLOT_PREFIX } from './layer-stack.ts';
import { mlpEntry } from './mlp.ts';
import { REDDI } from './sources.ts';

const leaky = () => dialects.snntorch.leaky({ beta: 0.95 });

const cnn: PresetEntry = {
  name: 'reddi-mnist-cnn',
  title: 'four 3x3 convolutions (10, 100, 100, 10), a max pool after every second, one dense layer',
  source: REDDI,
  notes: ['The study runs it as an ANN only; the neuron is that of its SNN, snnTorch Leaky with beta 0.95.'],
  input: [28, 28, 1],
  classes: 10,
  options: [...COMMON, 'batchNorm'],
  build: (options, name) => {
    const stack = new LayerStack(options, leaky());
    for (const filters of [10, 100, 100, 10]) {
      stack.conv(filters, 3).slot();
      if (stack.layers.filter(({ kind }) => kind === 'conv').length % 2 === 0) stack.pool('max');
    }
    return network(name, options.input, stack.flatten().output(options.classes).layers);
  },
};

/** A dense layer on each row of an image is a convolution whose kernel is one row; the second one's is a single pixel. */
function rowWise({ input, classes, init, neuron, outputNeuron }: Filled, name: string) {
  const last = outputNeuron ?? neuron ?? leaky();
  const drawn = init === undefined ? {} : { init };
  return network(name, input, [
    conv('row1', 1000, [1, input[1]!], drawn),
    conv('row2', 1000, 1, drawn),
    flatten(),
    dense('fc1', classes, drawn),
    slot(`${SLOT_PREFIX[last.kind]}1`, last, { ann: 'identity' }),
  ]);
}

const ann: PresetEntry = {
  name: 'reddi-mnist-ann',
  title: 'a dense layer 28-1000-1000 on each row of the image, one dense layer on all of it',
  source: REDDI,
  notes: [
    'The text calls it 28-1000-1000-10, but its code applies Linear(28, 1000) to each of the 28 rows and joins them before the ' +
      'last layer: 29.1 million multiplications an image, more than its CNN. Built as convolutions of one row, which is the same.',
    'No activation stands between its layers in the text, and none does here: it is a linear classifier. With spiking neurons ' +
      'only its output spikes.',
    'The network that its SNN is said to be compared with is `mnist-wide` or `reddi-mnist-two-hidden`.',
  ],
  input: [28, 28, 1],
  classes: 10,
  options: COMMON,
  build: rowWise,
};

export const reddiPresets: readonly PresetEntry[] = [
  cnn,
  ann,
  mlpEntry(
    {
      name: 'reddi-mnist-snn',
      title: '784-1000-10, snnTorch Leaky with beta 0.95',
      source: REDDI,
      notes: ['`mnist-wide` with the neuron of the study; 25 steps there.'],
    },
    [1000],
    { neuron: leaky() },
  ),
  mlpEntry(
    {
      name: 'reddi-mnist-two-hidden',
      title: '784-1000-1000-10, what the text says its ANN is like',
      source: REDDI,
      notes: ['The shape the text names, on whole images and with activations; its code is `reddi-mnist-ann`.'],
    },
    [1000, 1000],
    { neuron: leaky() },
  ),
];
