// Cases about one sample-wise kernel each: dense, relu, dropout, encoders, count, losses, and the gradients of dense layers.

import { isRegression, type LossKind, type Plan } from '../../src/engine/index.ts';
import {
  asSpikes,
  batchOf,
  binary,
  type ConformanceCase,
  EMPTY,
  load,
  parameterOf,
  random,
  sparse,
  tensorOf,
} from './cases.ts';

/** Sizes that fit no vector width: [samples, T, features in, features out, density of the input]. */
const SIZES = [
  [1, 1, 1, 1, 1],
  [3, 4, 7, 33, 0.5],
  [5, 7, 33, 7, 0.05],
  [9, 1, 65, 65, 0],
  [17, 4, 65, 10, 0.3],
  [2, 7, 130, 33, 1],
  [0, 4, 7, 7, 1],
] as const;

/** y = x W + b, then dx = dy W^T, dW += x^T dy, db += dy with y in dy's place. */
function denseCases(): ConformanceCase[] {
  return SIZES.flatMap(([samples, timesteps, I, O, density], k) =>
    (['analog', 'spikes', 'bytes', 'sample'] as const).map((kind): ConformanceCase => {
      const from = random(100 + k);
      const rows = kind === 'sample' || kind === 'bytes' ? 'sample' : 'step';
      const length = samples * I * (rows === 'step' ? timesteps : 1);
      const spiking = kind === 'spikes';
      const x = spiking ? 'spikes' : 'x';
      const bytes = Uint8Array.from({ length }, () => (from.uniform() < density ? from.below(256) : 0));
      const input = kind === 'bytes' ? bytes : spiking ? binary(from, length, density) : sparse(from, length, density);
      const plan: Plan = {
        ...EMPTY,
        timesteps,
        tensors: [
          tensorOf('x', rows, I),
          ...(spiking ? [tensorOf('spikes', 'step', I, 'spikes')] : []),
          ...[tensorOf('y', rows, O), tensorOf('dx', rows, I), tensorOf('bare', rows, O)],
        ],
        parameters: [
          ...[parameterOf('fc/weight', I, O), parameterOf('fc/bias', 1, O)],
          ...[parameterOf('fc/weight@grad', I, O), parameterOf('fc/bias@grad', 1, O)],
        ],
        forward: [
          load('x', kind === 'bytes' ? 1 / 255 : 1, kind === 'bytes' ? 'bytes' : 'floats'),
          ...(spiking ? [asSpikes('x', 'spikes')] : []),
          { kernel: 'dense', layer: 'fc', x, weight: 'fc/weight', bias: 'fc/bias', y: 'y' },
          { kernel: 'dense', layer: 'bare', x, weight: 'fc/weight', y: 'bare' },
        ],
        backward: [{ kernel: 'dense-backward', layer: 'fc', dy: 'y', weight: 'fc/weight', dx: 'dx' }],
        gradients: [
          { kernel: 'dense-gradient', layer: 'fc', x, dy: 'y', dWeight: 'fc/weight@grad' },
          { kernel: 'sum-gradient', layer: 'fc', dy: 'y', dVector: 'fc/bias@grad' },
        ],
      };
      const scale = 1 / Math.sqrt(I);
      return {
        name: `dense ${kind} [${samples} x ${timesteps}, ${I} -> ${O}], ${100 * density} % nonzero`,
        kernels: ['load', 'dense', 'dense-backward', 'dense-gradient', 'sum-gradient'],
        ...{ plan, batches: [batchOf(samples, input)] },
        parameters: new Map([
          ['fc/weight', sparse(from, I * O, 1, scale)],
          ['fc/bias', sparse(from, O, 1, 0.1)],
        ]),
      };
    }),
  );
}

/** The recurrent weight gradients: x at t - 1 meets dy at t. */
function shiftedCases(): ConformanceCase[] {
  return [1, 33].flatMap((N) =>
    [1, 7].map((timesteps): ConformanceCase => {
      const from = random(200 + N + timesteps);
      const plan: Plan = {
        ...EMPTY,
        timesteps,
        tensors: [tensorOf('x', 'step', N), tensorOf('spikes', 'step', N, 'spikes'), tensorOf('y', 'step', N)],
        parameters: [parameterOf('w', N, N), parameterOf('dWeight', N, N), parameterOf('dScale', 1, N)],
        forward: [
          ...[load('x'), asSpikes('x', 'spikes')],
          { kernel: 'dense', layer: 'fc', x: 'x', weight: 'w', y: 'y' },
        ],
        gradients: [
          { kernel: 'dense-gradient', layer: 'rec', x: 'spikes', dy: 'y', dWeight: 'dWeight', shift: 1 },
          { kernel: 'scale-gradient', layer: 'rec', spikes: 'spikes', dy: 'y', dScale: 'dScale' },
        ],
      };
      return {
        name: `recurrent gradients [5 x ${timesteps}, ${N}]`,
        kernels: ['dense-gradient', 'scale-gradient'],
        ...{ plan, parameters: new Map([['w', sparse(from, N * N, 1, 0.3)]]) },
        batches: [batchOf(5, binary(from, 5 * timesteps * N, 0.4))],
      };
    }),
  );
}

function activationCases(): ConformanceCase[] {
  return SIZES.map(([samples, timesteps, , F, density], k): ConformanceCase => {
    const from = random(300 + k);
    const rate = [0, 0.2, 0.5, 0.9][k % 4]!;
    const plan: Plan = {
      ...EMPTY,
      timesteps,
      tensors: ['x', 'y', 'dropped', 'dDropped', 'dx'].map((id) => tensorOf(id, 'step', F)),
      forward: [
        load('x'),
        { kernel: 'relu', layer: 'relu', x: 'x', y: 'y' },
        { kernel: 'dropout', layer: 'drop', rate, index: k, x: 'y', y: 'dropped' },
      ],
      backward: [
        { kernel: 'dropout-backward', layer: 'drop', rate, index: k, dy: 'x', dx: 'dDropped' },
        { kernel: 'relu-backward', layer: 'relu', y: 'y', dy: 'dDropped', dx: 'dx' },
      ],
    };
    const input = sparse(from, samples * timesteps * F, Math.max(density, 0.5));
    const sampleIds = Uint32Array.from({ length: samples }, (_, n) => 70_000 - 3 * n);
    return {
      name: `relu and dropout ${rate} [${samples} x ${timesteps}, ${F}]`,
      kernels: ['relu', 'relu-backward', 'dropout', 'dropout-backward'],
      ...{ plan, parameters: new Map(), batches: [batchOf(samples, input, { sampleIds, seed: 11, epoch: 3 })] },
    };
  });
}

/** Values whose spike time is well away from one half, whatever the encoder. */
const LATENCY_VALUES = [1, 0.9, 0.83, 0.71, 0.57, 0.43, 0.3, 0.22, 0.13, 0.06, 0.02, 0.004, 0];

function encoderCases(): ConformanceCase[] {
  const latency = (more: object, k: number): ConformanceCase => {
    const F = [7, 33, 65][k % 3]!;
    const timesteps = [11, 20][k % 2]!;
    const plan: Plan = {
      ...EMPTY,
      timesteps,
      tensors: [tensorOf('x', 'sample', F), tensorOf('spikes', 'step', F, 'spikes'), tensorOf('n', 'step', 1, 'count')],
      forward: [
        load('x'),
        {
          ...{
            kernel: 'encode-latency',
            layer: 'encoder',
            convention: 'snntorch',
            form: 'log',
            tau: 3,
            threshold: 0.01,
          },
          ...{ normalize: false, clip: false, ...more, x: 'x', spikes: 'spikes' },
        },
        { kernel: 'count', layer: 'encoder', x: 'spikes', counts: 'n' },
      ],
    };
    const input = Float32Array.from({ length: 3 * F }, (_, i) => LATENCY_VALUES[i % LATENCY_VALUES.length]!);
    return {
      name: `latency ${JSON.stringify(more)}`,
      ...{ kernels: ['encode-latency', 'count'], plan, parameters: new Map(), batches: [batchOf(3, input)] },
    };
  };
  const delta = (threshold: number, offSpikes: boolean, padding: boolean, k: number): ConformanceCase => {
    const [F, timesteps] = [[1, 33, 65][k % 3]!, [1, 4, 7][k % 3]!];
    const from = random(400 + k);
    // multiples of 1/8 against a threshold of 1/4: many differences are exactly the threshold
    const input = Float32Array.from({ length: 5 * timesteps * F }, () => from.below(8) / 8);
    const plan: Plan = {
      ...EMPTY,
      timesteps,
      tensors: [tensorOf('x', 'step', F), tensorOf('y', 'step', F), tensorOf('n', 'step', 1, 'count')],
      forward: [
        load('x'),
        { kernel: 'encode-delta', layer: 'encoder', threshold, offSpikes, padding, x: 'x', y: 'y' },
        { kernel: 'count', layer: 'encoder', x: 'y', counts: 'n' },
      ],
    };
    return {
      name: `delta ${threshold}, off ${offSpikes}, padding ${padding} [5 x ${timesteps}, ${F}]`,
      ...{ kernels: ['encode-delta', 'count'], plan, parameters: new Map(), batches: [batchOf(5, input)] },
    };
  };
  return [
    ...SIZES.flatMap(([samples, timesteps, F, , density], k) => [rateCase(samples, timesteps, F, density, k)]),
    ...[{}, { tau: 1, threshold: 0.1 }, { normalize: true }, { form: 'linear', normalize: true, clip: true }].map(
      latency,
    ),
    ...[{ form: 'linear', tau: 9 }, { clip: true }].map(latency),
    ...[
      { convention: 'spikingjelly', form: 'linear' },
      { convention: 'spikingjelly', form: 'log' },
    ].map(latency),
    ...[
      delta(0.25, false, false, 0),
      delta(0.25, true, false, 1),
      delta(0.1, true, true, 2),
      delta(0.5, false, true, 4),
    ],
  ];
}

function rateCase(samples: number, timesteps: number, F: number, density: number, k: number): ConformanceCase {
  const from = random(500 + k);
  const [gain, offset] = (
    [
      [1, 0],
      [0.5, 0.25],
      [1.7, -0.1],
    ] as const
  )[k % 3]!;
  const input = Uint8Array.from({ length: samples * F }, () => (from.uniform() < density ? from.below(256) : 0));
  const sampleIds = Uint32Array.from({ length: samples }, (_, n) => 59_999 - 7 * n);
  const plan: Plan = {
    ...EMPTY,
    timesteps,
    tensors: [tensorOf('x', 'sample', F), tensorOf('spikes', 'step', F, 'spikes'), tensorOf('n', 'step', 1, 'count')],
    forward: [
      load('x', 1 / 255, 'bytes'),
      { kernel: 'encode-rate', layer: 'encoder', gain, offset, x: 'x', spikes: 'spikes' },
      { kernel: 'count', layer: 'encoder', x: 'spikes', counts: 'n' },
    ],
  };
  return {
    name: `rate x ${gain} + ${offset} [${samples} x ${timesteps}, ${F}]`,
    kernels: ['load', 'encode-rate', 'count'],
    ...{ plan, parameters: new Map(), batches: [batchOf(samples, input, { sampleIds, seed: 123_456_789, epoch: 2 })] },
  };
}

const LOSSES = [
  ...[
    'cross-entropy',
    'mse-count',
    'ce-rate',
    'ce-count',
    'ce-max-membrane',
    'mse-membrane',
    'ce-membrane',
    'mse-rate',
    'margin',
    'margin-rate',
    'margin-membrane',
    'mse',
    'mse-last-membrane',
  ],
] as readonly LossKind[];

function lossCases(): ConformanceCase[] {
  return LOSSES.flatMap((loss, k) =>
    (
      [
        [5, 7, 10],
        [1, 1, 1],
        [17, 4, 33],
      ] as const
    ).map(([samples, timesteps, C]): ConformanceCase => {
      const from = random(600 + k);
      const rows = ['cross-entropy', 'margin', 'mse'].includes(loss) ? 'sample' : 'step';
      const plan: Plan = {
        ...EMPTY,
        timesteps,
        tensors: [tensorOf('o', rows, C), tensorOf('dOutput', rows, C), tensorOf('losses', 'sample', 1)],
        forward: [
          load('o'),
          {
            ...{ kernel: 'loss', layer: 'loss', loss, onTarget: 0.8, offTarget: 0.2, output: 'o' },
            ...{ dOutput: 'dOutput', losses: 'losses' },
          },
        ],
      };
      const length = samples * C * (rows === 'step' ? timesteps : 1);
      const spiking = !loss.endsWith('membrane') && rows === 'step';
      const labels = Uint8Array.from({ length: samples }, (_, n) => (3 * n + 1) % C);
      const targets = sparse(random(650 + k), samples * C);
      const wanted = isRegression(loss) ? { targets } : { labels };
      const input = spiking ? binary(from, length, 0.3) : sparse(from, length, 1, 2);
      return {
        name: `loss ${loss} [${samples} x ${timesteps}, ${C}]`,
        ...{ kernels: ['loss'], plan, parameters: new Map() },
        batches: [batchOf(samples, input, { ...wanted, ...(k % 2 === 1 && { lossSamples: 3 * samples }) })],
      };
    }),
  );
}

export const SINGLE_OPS: readonly ConformanceCase[] = [
  ...[...denseCases(), ...shiftedCases(), ...activationCases(), ...encoderCases(), ...lossCases()],
];
