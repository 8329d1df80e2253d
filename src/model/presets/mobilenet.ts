// MobileNetV2 (Sandler et al. 2018) at width 1. An inverted residual block widens its input by a 1x1 convolution, filters each
// channel by itself (3x3), and narrows it by a 1x1 convolution without activation; where shapes allow, its input is added.

import { add, batchNorm, dense, dropout, flatten, network, slot } from '../builder.ts';
import { integrator, lif } from '../neurons/index.ts';
import type { LayerSpec } from '../spec.ts';
import { conv, depthwise, globalPool } from '../window-builder.ts';
import { COMMON, type Filled, type PresetEntry } from './entry.ts';
import { MOBILENET } from './sources.ts';

/** Stages: factor of widening, filters, blocks, stride of the first block. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

const STEM = 32;
const HEAD = 1280;

class MobileLayers {
  readonly layers: LayerSpec[] = [];
  readonly #options: Pick<Filled, 'neuron' | 'init'>;

  constructor(options: Pick<Filled, 'neuron' | 'init'>) {
    this.#options = options;
  }

  /** A convolution without bias, its norm, and a slot unless it narrows. */
  conv(name: string, filters: number, kernel: 1 | 3, stride: number, kind: 'wide' | 'narrow' | 'depthwise') {
    const { init = 'kaiming-uniform', neuron = lif() } = this.#options;
    const options = { stride, padding: 'same', bias: false, init } as const;
    const layer =
      kind === 'depthwise' ? depthwise(name, filters, kernel, options) : conv(name, filters, kernel, options);
    this.layers.push(layer, batchNorm(`${name}.bn`));
    if (kind !== 'narrow') this.layers.push(slot(`${name}.slot`, neuron, { ann: 'relu6' }));
  }

  block(name: string, channels: number, widen: number, filters: number, stride: number) {
    const input = this.layers.at(-1)!.name;
    const wide = channels * widen;
    if (widen > 1) this.conv(`${name}.expand`, wide, 1, 1, 'wide');
    this.conv(`${name}.depthwise`, wide, 3, stride, 'depthwise');
    this.conv(`${name}.project`, filters, 1, 1, 'narrow');
    if (stride === 1 && channels === filters) this.layers.push(add(`${name}.add`, this.layers.at(-1)!.name, input));
  }
}

/** Everything up to the global average pool, 1280 channels. For `cifar` the stem and the second stage keep the size. */
export function mobilenetFeatures(
  options: Pick<Filled, 'neuron' | 'init'>,
  size: 'imagenet' | 'cifar',
): readonly LayerSpec[] {
  const built = new MobileLayers(options);
  built.conv('stem', STEM, 3, size === 'cifar' ? 1 : 2, 'wide');
  let channels = STEM;
  let number = 0;
  STAGES.forEach(([widen, filters, blocks, stride], stage) => {
    for (let i = 0; i < blocks; i++) {
      const halves = i === 0 && !(size === 'cifar' && stage === 1);
      built.block(`block${++number}`, channels, widen, filters, halves ? stride : 1);
      channels = filters;
    }
  });
  built.conv('head', HEAD, 1, 1, 'wide');
  return [...built.layers, globalPool('avgpool')];
}

function mobilenet(size: 'imagenet' | 'cifar') {
  return (options: Filled, name: string) => {
    const { init = 'kaiming-uniform', outputNeuron = integrator({ beta: 1 }), dropout: rate = 0.2 } = options;
    return network(name, options.input, [
      ...mobilenetFeatures(options, size),
      flatten(),
      ...(rate === 0 ? [] : [dropout('drop', rate)]),
      dense('fc', options.classes, { init }),
      slot('output', outputNeuron, { ann: 'identity' }),
    ]);
  };
}

const NOTE =
  'Slots are ReLU6 as an ANN. Projections have no activation, so in a spiking network they pass on currents, not spikes.';

export const mobilenetPresets: readonly PresetEntry[] = [
  {
    name: 'mobilenetv2',
    title: 'MobileNetV2 for ImageNet, width 1',
    source: MOBILENET,
    notes: [NOTE],
    input: [224, 224, 3],
    classes: 1000,
    options: [...COMMON, 'dropout'],
    build: mobilenet('imagenet'),
  },
  {
    name: 'mobilenetv2-cifar',
    title: 'MobileNetV2 for 32 x 32 images, width 1',
    source: MOBILENET,
    notes: [
      NOTE,
      'Not in the publication: for 32 x 32 images the stem and the second stage keep the size, which ends at 4 x 4.',
    ],
    input: [32, 32, 3],
    classes: 10,
    options: [...COMMON, 'dropout'],
    build: mobilenet('cifar'),
  },
];
