// Whole networks through two training steps: what one kernel leaves is what the next one finds.

import { dialects } from '../../src/model/index.ts';
import { neuronValues, type TwoLayers, twoLayerPlan } from '../two-layer-plan.ts';
import { batchOf, type ConformanceCase, random, sparse, withMargin } from './cases.ts';

const { snntorch, spikingjelly } = dialects;
const NETWORKS: readonly (readonly [string, Partial<TwoLayers> & Pick<TwoLayers, 'neuron' | 'loss'>])[] = [
  ['leaky, mse-count, constant', { neuron: snntorch.leaky({ beta: 0.9 }), loss: 'mse-count', input: 'sample' }],
  [
    'leaky, ce-membrane',
    { neuron: snntorch.leaky({ beta: 0.95, resetDelay: false }), loss: 'ce-membrane', bias: false },
  ],
  [
    'learned beta, adamw',
    { neuron: snntorch.leaky({ beta: 0.8, learnBeta: true }), loss: 'ce-rate', optimizer: 'adamw' },
  ],
  [
    'plif, rate, bytes',
    {
      neuron: spikingjelly.parametricLifNode(),
      loss: 'mse-rate',
      source: 'bytes',
      input: 'sample',
      rate: { gain: 1, offset: 0 },
    },
  ],
  [
    'lif, sgd, clip',
    { neuron: spikingjelly.lifNode({ vReset: null }), loss: 'ce-count', optimizer: 'sgd', clip: true, bias: false },
  ],
];

function networkCase(name: string, net: TwoLayers, samples: number, seed: number): ConformanceCase {
  const from = random(seed);
  const [I, H, O] = net.sizes;
  const length = samples * I * (net.input === 'step' ? net.timesteps : 1);
  const input = (): Float32Array | Uint8Array =>
    net.source === 'bytes'
      ? Uint8Array.from({ length }, () => (from.uniform() < 0.3 ? from.below(256) : 0))
      : sparse(from, length, 0.4);
  const labels = Uint8Array.from({ length: samples }, () => from.below(O));
  return {
    name: `network ${name} [${samples} x ${net.timesteps}, ${net.sizes.join('-')}]`,
    kernels: ['dense-backward', 'neuron-backward', 'dense-gradient', 'loss'],
    plan: twoLayerPlan(net),
    parameters: new Map([
      ...neuronValues(net),
      ['fc1/weight', sparse(from, I * H, 1, 2 / Math.sqrt(I))],
      ['fc2/weight', sparse(from, H * O, 1, 3 / Math.sqrt(H))],
      ...(net.bias
        ? ([
            ['fc1/bias', sparse(from, H, 1, 0.1)],
            ['fc2/bias', sparse(from, O, 1, 0.1)],
          ] as const)
        : []),
    ]),
    batches: [1, 2].map((epoch) => batchOf(samples, input(), { labels, epoch })),
    update: { learningRate: 1e-3, step: 1, momentum: 0.9, weightDecay: 0.01, clipNorm: 0.1 },
  };
}

const near = [['charge1', 'lif1@threshold'] as const, ['charge2', 'lif2@threshold'] as const];

export const NETWORKS_TRAINED: readonly ConformanceCase[] = NETWORKS.map(([name, more], k) => {
  const sizes = (
    [
      [7, 33, 5],
      [33, 17, 10],
      [65, 7, 3],
    ] as const
  )[k % 3]!;
  const net: TwoLayers = { sizes, timesteps: [7, 4][k % 2]!, input: 'step', bias: true, ...more };
  return withMargin((seed) => networkCase(name, net, [5, 9][k % 2]!, 5000 + 1000 * k + seed), near);
});

/** A network large enough to be cut into chunks and micro-batches, for properties that must hold to the last bit. */
export const SPLIT_NETWORKS: readonly ConformanceCase[] = NETWORKS.map(([name, more]) =>
  networkCase(name, { sizes: [33, 65, 10], timesteps: 7, input: 'step', bias: true, ...more }, 33, 9),
);
