// The eight CNNs of Niederlechner's study with SNN Toolbox: bundles of one or two 3x3 convolutions, a max pool and dropout, then
// dense layers.

import { network } from '../builder.ts';
import { dialects } from '../dialects/index.ts';
import { COMMON, type PresetEntry } from './entry.ts';
import { LayerStack } from './layer-stack.ts';
import { NIEDERLECHNER } from './sources.ts';

interface Layers {
  /** Bundles, each the filters of its convolutions; the last convolution of a bundle has no padding, the others keep the size. */
  readonly bundles: readonly (readonly number[])[];
  readonly dense: readonly number[];
}

const MNIST: Readonly<Record<string, Layers>> = {
  small: { bundles: [[32]], dense: [64] },
  medium: { bundles: [[32, 32]], dense: [64] },
  large: {
    bundles: [
      [16, 16],
      [32, 32],
    ],
    dense: [64],
  },
  deep: {
    bundles: [
      [16, 16],
      [32, 32],
    ],
    dense: [64, 32, 16],
  },
};

const CIFAR: Readonly<Record<string, Layers>> = {
  small: { bundles: [[64]], dense: [256] },
  medium: { bundles: [[64, 64]], dense: [256] },
  large: {
    bundles: [
      [32, 32],
      [64, 64],
    ],
    dense: [512],
  },
  deep: {
    bundles: [
      [32, 32],
      [64, 64],
    ],
    dense: [512, 256, 128],
  },
};

const NOTES = [
  'Padding and rates of dropout are not in the text; they are those of its repository: the second of two convolutions has no ' +
    'padding, dropout is 0.25 after pools and 0.5 (deep: 0.35) after the last hidden layer. Start weights are those of Keras, Xavier-uniform.',
  'The study converts these networks and trains no spiking one: the neuron is the IF neuron of SNN Toolbox.',
  'Its softmax is left out, as the loss contains it and the decoder needs none.',
];

const EXTRA: Readonly<Record<string, string>> = {
  'mnist-large': 'The 136,238 parameters in its table are operations; the network has 68,282.',
};

function entry(data: 'mnist' | 'cifar', size: string, { bundles, dense }: Layers): PresetEntry {
  const number = data === 'mnist' ? 1 : 2;
  const called = `${size[0]!.toUpperCase()}${size.slice(1)}CNN${number}`;
  const extra = EXTRA[`${data}-${size}`];
  return {
    name: `niederlechner-${data}-${size}`,
    title: `${called}: 3x3 convolutions ${bundles.map((filters) => filters.join(', ')).join(' | ')}, a max pool each; dense ${dense.join(', ')}`,
    source: NIEDERLECHNER,
    notes: extra === undefined ? NOTES : [...NOTES, extra],
    input: data === 'mnist' ? [28, 28, 1] : [32, 32, 3],
    classes: 10,
    options: [...COMMON, 'dropout', 'batchNorm'],
    build: (options, name) => {
      const stack = new LayerStack({ init: 'xavier-uniform', ...options }, dialects.snntoolbox.inisim());
      for (const bundle of bundles) {
        bundle.forEach((filters, i) => {
          stack.conv(filters, 3, { padding: i === bundle.length - 1 ? 'valid' : 'same' }).slot();
        });
        stack.pool('max').dropout(options.dropout ?? 0.25);
      }
      stack.flatten();
      for (const units of dense) stack.dense(units).slot();
      stack.dropout(options.dropout ?? (size === 'deep' ? 0.35 : 0.5));
      return network(name, options.input, stack.output(options.classes).layers);
    },
  };
}

export const niederlechnerPresets: readonly PresetEntry[] = (['mnist', 'cifar'] as const).flatMap((data) =>
  Object.entries(data === 'mnist' ? MNIST : CIFAR).map(([size, layers]) => entry(data, size, layers)),
);
