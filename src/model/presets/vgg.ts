// VGG (Simonyan and Zisserman 2015), configurations A, D and E, as torchvision builds them for ImageNet, and with the single
// dense layer that is usual for 32 x 32 images.

import { network } from '../builder.ts';
import { integrator } from '../neurons/index.ts';
import { COMMON, type Filled, type PresetEntry } from './entry.ts';
import { LayerStack } from './layer-stack.ts';
import { VGG } from './sources.ts';

/** Convolutions in each of the five stages. */
const STAGES = { 11: [1, 1, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] } as const;
const FILTERS = [64, 128, 256, 512, 512] as const;

type Depth = keyof typeof STAGES;

/** The convolutional part: stages of 3x3 convolutions, a max pool after each. */
export function vggFeatures(stack: LayerStack, depth: Depth): LayerStack {
  STAGES[depth].forEach((convs, stage) => {
    for (let i = 0; i < convs; i++) stack.conv(FILTERS[stage]!, 3).slot();
    stack.pool('max');
  });
  return stack;
}

const readOut = () => integrator({ beta: 1 });

function imagenet(depth: Depth) {
  return (options: Filled, name: string) => {
    const stack = vggFeatures(new LayerStack(options, undefined, readOut()), depth).flatten();
    for (let i = 0; i < 2; i++)
      stack
        .dense(4096)
        .slot()
        .dropout(options.dropout ?? 0.5);
    return network(name, options.input, stack.output(options.classes).layers);
  };
}

function cifar(depth: Depth) {
  return (options: Filled, name: string) => {
    const stack = vggFeatures(new LayerStack({ batchNorm: true, ...options }, undefined, readOut()), depth).flatten();
    return network(name, options.input, stack.output(options.classes).layers);
  };
}

export const vggPresets: readonly PresetEntry[] = ([11, 16, 19] as const).flatMap((depth) => [
  {
    name: `vgg${depth}`,
    title: `VGG-${depth} for ImageNet: ${depth - 3} 3x3 convolutions, five max pools; dense 4096, 4096`,
    source: VGG,
    notes: [
      'Without batch norm by default, as published; as a spiking network it is read by what its last layer integrates.',
    ],
    input: [224, 224, 3],
    classes: 1000,
    options: [...COMMON, 'dropout', 'batchNorm'],
    build: imagenet(depth),
  },
  {
    name: `vgg${depth}-cifar`,
    title: `VGG-${depth} for 32 x 32 images: ${depth - 3} 3x3 convolutions with batch norm, five max pools; one dense layer`,
    source: VGG,
    notes: [
      'Not in the publication: batch norm, and one dense layer on the single pixel of 512 channels left, as is usual.',
    ],
    input: [32, 32, 3],
    classes: 10,
    options: [...COMMON, 'batchNorm'],
    build: cifar(depth),
  },
]);
