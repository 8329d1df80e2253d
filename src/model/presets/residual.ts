// ResNets of basic blocks: ResNet-18 and -20 (He et al. 2016) and SEW-ResNet-18 (Fang et al. 2021). With F the block's two
// convolutions, their norms and the slot between them, and S a slot:
//   ResNet   y = S(F(x) + x)        SEW   y = join(S(F(x)), x)
// Where a block halves the map or changes the channels, x goes through a 1x1 convolution and a norm (and in SEW a slot).

import { add, batchNorm, dense, flatten, join, network, slot } from '../builder.ts';
import { dialects } from '../dialects/index.ts';
import { integrator, lif } from '../neurons/index.ts';
import type { JoinSpec, LayerSpec } from '../spec.ts';
import { conv, globalPool, maxPool } from '../window-builder.ts';
import { COMMON, type Filled, type PresetEntry } from './entry.ts';
import { RESNET, SEW_RESNET } from './sources.ts';

interface Residual {
  readonly stem: 'imagenet' | 'cifar';
  /** Filters of each stage; every stage but the first halves the map. */
  readonly stages: readonly number[];
  /** Blocks in each stage. */
  readonly blocks: number;
  /** How spikes are joined; absent: currents are added, as in an ANN. */
  readonly join?: JoinSpec['mode'];
}

/** Layers under torchvision's names: `layer1.0.conv1`, ... */
class ResidualLayers {
  readonly layers: LayerSpec[] = [];
  readonly #options: Filled;
  readonly #neuron;

  constructor(options: Filled, spikingJoin: boolean) {
    this.#options = options;
    this.#neuron =
      options.neuron ??
      (spikingJoin
        ? dialects.spikingjelly.ifNode({ detachReset: true, surrogate: { kind: 'atan', slope: 2 } })
        : lif());
  }

  get last(): string {
    return this.layers.at(-1)!.name;
  }

  /** A convolution without bias, and its norm. */
  conv(names: readonly [conv: string, norm: string], filters: number, kernel: number, stride: number, from?: string) {
    const { init = 'kaiming-uniform' } = this.#options;
    const padding = (kernel - 1) / 2;
    this.layers.push(
      conv(names[0], filters, kernel, { stride, padding, bias: false, init, from }),
      batchNorm(names[1]),
    );
  }

  slot(name: string) {
    this.layers.push(slot(name, this.#neuron));
  }

  stem(filters: number, kind: Residual['stem']) {
    if (kind === 'cifar') this.conv(['conv1', 'bn1'], filters, 3, 1);
    else this.conv(['conv1', 'bn1'], filters, 7, 2);
    this.slot('slot1');
    if (kind === 'imagenet') this.layers.push(maxPool('maxpool', 3, { stride: 2, padding: 1 }));
  }

  block(name: string, filters: number, stride: number, changes: boolean, mode: Residual['join']) {
    const input = this.last;
    const at = (part: string): string => `${name}.${part}`;
    this.conv([at('conv1'), at('bn1')], filters, 3, stride);
    this.slot(at('slot1'));
    this.conv([at('conv2'), at('bn2')], filters, 3, 1);
    if (mode !== undefined) this.slot(at('slot2'));
    const main = this.last;
    if (changes) {
      this.conv([at('downsample.conv'), at('downsample.bn')], filters, 1, stride, input);
      if (mode !== undefined) this.slot(at('downsample.slot'));
    }
    const short = changes ? this.last : input;
    if (mode !== undefined) {
      this.layers.push(join(at('join'), mode, [main, short]));
      return;
    }
    this.layers.push(add(at('add'), main, short));
    this.slot(at('slot2'));
  }

  head() {
    const { classes, init = 'kaiming-uniform', outputNeuron = integrator({ beta: 1 }) } = this.#options;
    this.layers.push(globalPool('avgpool'), flatten(), dense('fc', classes, { init }));
    this.layers.push(slot('output', outputNeuron, { ann: 'identity' }));
  }
}

function residual({ stem, stages, blocks, join: mode }: Residual) {
  return (options: Filled, name: string) => {
    const joined = mode === undefined ? undefined : (options.join ?? mode);
    const built = new ResidualLayers(options, joined !== undefined);
    built.stem(stages[0]!, stem);
    stages.forEach((filters, stage) => {
      for (let i = 0; i < blocks; i++) {
        const halves = stage > 0 && i === 0;
        built.block(`layer${stage + 1}.${i}`, filters, halves ? 2 : 1, halves, joined);
      }
    });
    built.head();
    return network(name, options.input, built.layers);
  };
}

const STAGES = [64, 128, 256, 512];
const READ_OUT = 'As a spiking network it is read by what its last layer integrates.';
const CIFAR_STEM =
  'Not in the publication: for 32 x 32 images the stem is one 3x3 convolution of stride 1 without a pool.';

const resnets: readonly PresetEntry[] = [
  {
    name: 'resnet18',
    title: 'ResNet-18 for ImageNet',
    source: RESNET,
    notes: [READ_OUT],
    input: [224, 224, 3],
    classes: 1000,
    options: COMMON,
    build: residual({ stem: 'imagenet', stages: STAGES, blocks: 2 }),
  },
  {
    name: 'resnet18-cifar',
    title: 'ResNet-18 for 32 x 32 images',
    source: RESNET,
    notes: [CIFAR_STEM, READ_OUT],
    input: [32, 32, 3],
    classes: 10,
    options: COMMON,
    build: residual({ stem: 'cifar', stages: STAGES, blocks: 2 }),
  },
  {
    name: 'resnet20',
    title: 'ResNet-20 for CIFAR-10: three stages of 16, 32, 64 filters',
    source: RESNET,
    notes: [
      'Where a stage halves the map, the shortcut is a 1x1 convolution (option B of the publication; for CIFAR-10 it fills new ' +
        'channels with zeros, option A): 2,752 parameters more.',
      READ_OUT,
    ],
    input: [32, 32, 3],
    classes: 10,
    options: COMMON,
    build: residual({ stem: 'cifar', stages: [16, 32, 64], blocks: 3 }),
  },
];

const SEW_NOTES = [
  'Joins add spikes by default, as in its results; option `join` takes `and` and `iand`. What leaves an `add` is a count of spikes, not one spike.',
  "The neuron is SpikingJelly's IFNode with detached reset and arctangent surrogate, as in its code.",
  READ_OUT,
];

const sews: readonly PresetEntry[] = [
  {
    name: 'sew-resnet18',
    title: 'SEW-ResNet-18 for ImageNet: ResNet-18 whose blocks join spikes',
    source: SEW_RESNET,
    notes: SEW_NOTES,
    input: [224, 224, 3],
    classes: 1000,
    options: [...COMMON, 'join'],
    build: residual({ stem: 'imagenet', stages: STAGES, blocks: 2, join: 'add' }),
  },
  {
    name: 'sew-resnet18-cifar',
    title: 'SEW-ResNet-18 for 32 x 32 images',
    source: SEW_RESNET,
    notes: [CIFAR_STEM, ...SEW_NOTES],
    input: [32, 32, 3],
    classes: 10,
    options: [...COMMON, 'join'],
    build: residual({ stem: 'cifar', stages: STAGES, blocks: 2, join: 'add' }),
  },
];

export const residualPresets: readonly PresetEntry[] = [...resnets, ...sews];
