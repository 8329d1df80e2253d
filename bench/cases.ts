// The networks that are timed, here and in the Python libraries: the same sizes, steps, losses and batch.

import { type LossChoice, type LowerOptions, lower } from '../src/lower/index.ts';
import { dialects, type MlpOptions, mlp, type NetworkSpec, type NeuronSpec, preset } from '../src/model/index.ts';

export interface BenchCase {
  readonly name: string;
  readonly about: string;
  /** MNIST, or images like CIFAR's; see image-set.ts. */
  readonly data: 'mnist' | 'images';
  readonly network: NetworkSpec;
  readonly lowering: Pick<LowerOptions, 'mode' | 'timesteps' | 'encoder' | 'input'>;
  readonly loss: LossChoice;
  readonly learningRate: number;
}

/** Samples of a batch, in training and in inference. */
export const BATCH = 128;

const input = { source: 'bytes', scale: 1 / 255 } as const;
const rate = { kind: 'rate', gain: 1, offset: 0 } as const;
const mseCount: LossChoice = { kind: 'mse-count', onTarget: 0.8, offTarget: 0.2 };
const leaky = { neuron: dialects.snntorch.leaky({ beta: 0.95 }) };
const lifNode = dialects.spikingjelly.lifNode({ tau: 2, surrogate: { kind: 'atan', slope: 2 } });

const spiking = (
  name: string,
  about: string,
  sizes: readonly number[],
  options: MlpOptions,
  lowering: Pick<LowerOptions, 'timesteps'> & Partial<LowerOptions>,
  loss: LossChoice,
  learningRate = 1e-3,
): BenchCase => ({
  name,
  about,
  data: 'mnist',
  network: mlp(sizes, options),
  lowering: { mode: 'snn', input, ...lowering },
  loss,
  learningRate,
});

/** The preset `cifar-five-layer` for T = 5, an image being the constant input. Nothing may be silent: see live-weights.ts. */
const convolutional = (name: string, about: string, neuron: NeuronSpec, loss: LossChoice): BenchCase => ({
  ...{ name, about, data: 'images', loss, learningRate: 1e-3 },
  network: preset('cifar-five-layer', { neuron, outputNeuron: neuron }),
  lowering: { mode: 'snn', timesteps: 5, input },
});

const TWO_HIDDEN = [784, 256, 256, 10];

export const CASES: readonly BenchCase[] = [
  {
    name: 'ann',
    about: 'ANN 784-256-256-10',
    data: 'mnist',
    network: mlp(TWO_HIDDEN),
    lowering: { mode: 'ann', timesteps: 1, input },
    loss: { kind: 'cross-entropy' },
    learningRate: 1e-3,
  },
  spiking('static', 'SNN 784-256-256-10, T=25, constant input', TWO_HIDDEN, leaky, { timesteps: 25 }, mseCount),
  spiking('rate', 'the same, rate-coded', TWO_HIDDEN, leaky, { timesteps: 25, encoder: rate }, mseCount),
  spiking(
    'wide',
    'SNN 784-1000-10, T=25, constant input',
    [784, 1000, 10],
    leaky,
    { timesteps: 25 },
    { kind: 'ce-membrane' },
    5e-4,
  ),
  spiking(
    'poisson',
    'SNN 784-256-10, T=20, Poisson input',
    [784, 256, 10],
    { neuron: lifNode, bias: false },
    { timesteps: 20, encoder: rate },
    { kind: 'mse-rate' },
  ),
  {
    name: 'cnn-ann',
    about: 'CNN of five layers as ANN',
    data: 'images',
    network: preset('cifar-five-layer'),
    lowering: { mode: 'ann', timesteps: 1, input },
    loss: { kind: 'cross-entropy' },
    learningRate: 1e-3,
  },
  convolutional('cnn-snntorch', 'the CNN as SNN, T=5, Leaky', dialects.snntorch.leaky({ beta: 0.9 }), {
    kind: 'ce-rate',
  }),
  convolutional('cnn-spikingjelly', 'the CNN as SNN, T=5, LIFNode', lifNode, { kind: 'mse-rate' }),
];

/** The case of this name. Throws for one there is not. */
export function caseNamed(name: string | undefined): BenchCase {
  const found = CASES.find((entry) => entry.name === name);
  if (found === undefined)
    throw new Error(`there is no case "${name}"; there are ${CASES.map((entry) => entry.name).join(', ')}`);
  return found;
}

/** A step on images takes tens of times as long, so a fifth as many give as steady a median. */
const FEWER = 5;

export const stepsOf = ({ data }: BenchCase, steps: number): number =>
  data === 'images' ? Math.ceil(steps / FEWER) : steps;

/** The case's plans: one to train, one to infer with the same weights. */
export const plansOf = ({ network, lowering, loss }: BenchCase) => ({
  training: lower(network, { ...lowering, purpose: 'train', loss, optimizer: { kind: 'adam' } }),
  inference: lower(network, { ...lowering, purpose: 'infer' }),
});
