// Convolutional networks through training steps: maps through time, a residual join, pools, a norm, a dense layer at the end.
//   x -> conv1 -> [norm] -> lif1 -> conv2 -> lif2 -> join(lif1, lif2) -> pool -> flatten -> fc -> lif3 -> loss
// As an ANN: activations in place of neurons.

import type {
  BackwardOp,
  ForwardOp,
  GradientOp,
  JoinMode,
  NeuronOpDynamics,
  ParameterSpec,
  Plan,
  TensorSpec,
} from '../../src/engine/index.ts';
import {
  asSpikes,
  batchOf,
  binary,
  type ConformanceCase,
  load,
  mapOf,
  parameterOf,
  random,
  sparse,
  tensorOf,
  windowOf,
  withMargin,
} from './cases.ts';

export interface MapNetwork {
  readonly size: readonly [number, number];
  readonly channels: number;
  readonly filters: number;
  readonly classes: number;
  readonly timesteps: number;
  readonly input: 'sample' | 'step' | 'spikes';
  readonly join: JoinMode;
  readonly pool: 'max' | 'average';
  readonly norm: boolean;
  readonly groups: number;
}

const STEP_SIZE = 1e-3;

/** Ids of a layer's tensors follow its number; the signal into layer k is what the one before it left. */
function neuron(
  k: number,
): { readonly layer: string; readonly dynamics: NeuronOpDynamics } & Record<'current' | 'spikes' | 'charge', string> {
  return {
    layer: `lif${k}`,
    dynamics: {
      ...{ a: `lif${k}@a`, b: `lif${k}@b`, c: `lif${k}@c`, threshold: `lif${k}@threshold`, tie: '>=' },
      ...{ reset: 'subtract', resetValue: 0, moment: 'next-step', dropsInput: false, detachReset: true },
      ...{ surrogate: 'atan', slope: 2, initialMembrane: 0 },
    },
    ...{ current: `current${k}`, spikes: `spikes${k}`, charge: `charge${k}` },
  };
}

function shapesOf({ size, pool, channels, filters, groups }: MapNetwork) {
  const conv1 = windowOf(size, [3, 3], { padding: [1, 1], stride: [2, 1] });
  const map = conv1.output;
  return {
    ...{ conv1, map, conv2: windowOf(map, [3, 3], { padding: [1, 1] }) },
    pooled: windowOf(map, [2, 2], { stride: [2, 2], ...(pool === 'average' && { more: [1, 1] }) }),
    ...{ rows1: 9 * channels, rows2: (9 * filters) / groups },
  };
}

function tensorsOf(net: MapNetwork): TensorSpec[] {
  const { conv1, map, pooled } = shapesOf(net);
  const { filters, channels, classes, input } = net;
  const first = input === 'sample' ? 'sample' : 'step';
  const of = (id: string, rows: TensorSpec['rows'] = 'step', values: TensorSpec['values'] = 'analog') =>
    mapOf(id, rows, map, filters, values);
  const flat = pooled.output[0] * pooled.output[1] * filters;
  const small = (id: string, values: TensorSpec['values'] = 'analog') =>
    mapOf(id, 'step', pooled.output, filters, values);
  const analogJoin = net.join === 'add';
  const values = analogJoin || net.pool === 'average' ? 'analog' : 'spikes';
  return [
    ...[mapOf('x', first, conv1.input, channels), mapOf('encoded', 'step', conv1.input, channels, 'spikes')],
    ...[
      of('raw1', first),
      of('current1', first),
      of('current2'),
      of('spikes1', 'step', 'spikes'),
      of('spikes2', 'step', 'spikes'),
    ],
    ...[of('charge1'), of('charge2'), of('joined', 'step', analogJoin ? 'analog' : 'spikes'), small('pooled', values)],
    ...[
      tensorOf('flat', 'step', flat, values),
      tensorOf('current3', 'step', classes),
      tensorOf('charge3', 'step', classes),
    ],
    ...[
      tensorOf('spikes3', 'step', classes, 'spikes'),
      tensorOf('losses', 'sample', 1),
      tensorOf('n', 'step', 1, 'count'),
    ],
    ...[tensorOf('dSpikes3', 'step', classes), tensorOf('dCurrent3', 'step', classes), tensorOf('dFlat', 'step', flat)],
    ...[small('dPooled'), ...['dJoined', 'dA', 'dB', 'dSpikes1', 'dBack', 'dCurrent2'].map((id) => of(id))],
    ...[of('dCurrent1', first), of('dRaw1', first), of('dDecay2', 'sample')],
  ];
}

const learnedOf = (net: MapNetwork): readonly (readonly [string, number, number])[] => {
  const { pooled, rows1, rows2 } = shapesOf(net);
  const { filters, classes } = net;
  return [
    ['conv1/weight', rows1, filters],
    // before a norm a bias does nothing: its gradient is noise, of which Adam would make whole steps
    ...(net.norm ? [] : ([['conv1/bias', 1, filters]] as const)),
    ['conv2/weight', rows2, filters],
    ...(net.norm
      ? ([
          ['bn/scale', 1, filters],
          ['bn/shift', 1, filters],
        ] as const)
      : []),
    ...([
      ['fc/weight', pooled.output[0] * pooled.output[1] * filters, classes],
      ['fc/bias', 1, classes],
    ] as const),
  ];
};

function parametersOf(net: MapNetwork): ParameterSpec[] {
  const { filters, classes, norm } = net;
  return [
    ...learnedOf(net).flatMap(([id, rows, columns]) =>
      ['', '@grad', '@m', '@v'].map((suffix) => parameterOf(`${id}${suffix}`, rows, columns)),
    ),
    ...[1, 2, 3].flatMap((k) =>
      ['a', 'b', 'c', 'threshold'].map((role) => parameterOf(`lif${k}@${role}`, 1, k === 3 ? classes : filters)),
    ),
    parameterOf('lif2@a@grad', 1, filters),
    ...(norm
      ? ['bn/mean', 'bn/variance', 'bn@batchMean', 'bn@batchDeviation'].map((id) => parameterOf(id, 1, filters))
      : []),
  ];
}

function normFields(net: MapNetwork) {
  return {
    ...{ layer: 'bn', x: 'raw1', gamma: 'bn/scale', factor: 0.5, epsilon: 1e-5, batchMean: 'bn@batchMean' },
    ...{ batchDeviation: 'bn@batchDeviation', repeats: net.input === 'sample' ? net.timesteps : 1 },
  };
}

function forwardOf(net: MapNetwork): ForwardOp[] {
  const { conv1, conv2, pooled } = shapesOf(net);
  const x = net.input === 'spikes' ? 'encoded' : 'x';
  const y = net.norm ? 'raw1' : 'current1';
  const bias = net.norm ? {} : { bias: 'conv1/bias' };
  return [
    ...[load('x'), ...(net.input === 'spikes' ? [asSpikes('x', 'encoded')] : [])],
    { kernel: 'conv', layer: 'conv1', window: conv1, groups: 1, x, weight: 'conv1/weight', y, ...bias },
    ...(net.norm
      ? ([
          {
            kernel: 'batch-norm',
            ...normFields(net),
            ...{ beta: 'bn/shift', mean: 'bn/mean', variance: 'bn/variance', momentum: 0.1, y: 'current1' },
            statistics: 'batch',
          },
        ] as const)
      : []),
    { kernel: 'neuron', ...neuron(1) },
    { kernel: 'count', layer: 'conv2', x: 'spikes1', counts: 'n', reach: conv2 },
    {
      ...{ kernel: 'conv', layer: 'conv2', window: conv2, groups: net.groups, x: 'spikes1' },
      ...{ weight: 'conv2/weight', y: 'current2' },
    },
    { kernel: 'neuron', ...neuron(2) },
    { kernel: 'join', layer: 'join', mode: net.join, a: 'spikes1', b: 'spikes2', y: 'joined' },
    { kernel: 'pool', layer: 'pool', mode: net.pool, window: pooled, x: 'joined', y: 'pooled' },
    { kernel: 'reshape', layer: 'flatten', x: 'pooled', y: 'flat' },
    { kernel: 'dense', layer: 'fc', x: 'flat', weight: 'fc/weight', bias: 'fc/bias', y: 'current3' },
    { kernel: 'neuron', ...neuron(3) },
    {
      ...{ kernel: 'loss', layer: 'loss', loss: 'ce-rate', onTarget: 1, offTarget: 0, output: 'spikes3' },
      ...{ dOutput: 'dSpikes3', losses: 'losses' },
    },
  ];
}

function backwardOf(net: MapNetwork): BackwardOp[] {
  const { conv2, pooled } = shapesOf(net);
  const [da, db] = net.join === 'add' ? ['dJoined', 'dJoined'] : ['dA', 'dB'];
  const modes = { mode: net.join as 'and' };
  return [
    { kernel: 'neuron-backward', ...neuron(3), dSpikes: 'dSpikes3', dCurrent: 'dCurrent3' },
    { kernel: 'dense-backward', layer: 'fc', dy: 'dCurrent3', weight: 'fc/weight', dx: 'dFlat' },
    { kernel: 'reshape-backward', layer: 'flatten', dy: 'dFlat', dx: 'dPooled' },
    {
      kernel: 'pool-backward',
      layer: 'pool',
      mode: net.pool,
      window: pooled,
      x: 'joined',
      dy: 'dPooled',
      dx: 'dJoined',
    },
    ...(net.join === 'add'
      ? []
      : [
          {
            kernel: 'join-backward',
            layer: 'join',
            ...modes,
            a: 'spikes1',
            b: 'spikes2',
            dy: 'dJoined',
            da,
            db,
          } as const,
        ]),
    { kernel: 'neuron-backward', ...neuron(2), dSpikes: db, dCurrent: 'dCurrent2', dA: 'dDecay2' },
    {
      kernel: 'conv-backward',
      layer: 'conv2',
      window: conv2,
      groups: net.groups,
      dy: 'dCurrent2',
      weight: 'conv2/weight',
      dx: 'dBack',
    },
    { kernel: 'accumulate', layer: 'lif1', a: da, b: 'dBack', y: 'dSpikes1' },
    { kernel: 'neuron-backward', ...neuron(1), dSpikes: 'dSpikes1', dCurrent: 'dCurrent1' },
    ...(net.norm
      ? ([
          {
            kernel: 'batch-norm-backward',
            ...{ ...normFields(net), dy: 'dCurrent1', dx: 'dRaw1' },
            ...{ dGamma: 'bn/scale@grad', dBeta: 'bn/shift@grad' },
          },
        ] as const)
      : []),
  ];
}

function gradientsOf(net: MapNetwork): GradientOp[] {
  const { conv1, conv2 } = shapesOf(net);
  const dy = net.norm ? 'dRaw1' : 'dCurrent1';
  const x = net.input === 'spikes' ? 'encoded' : 'x';
  return [
    { kernel: 'dense-gradient', layer: 'fc', x: 'flat', dy: 'dCurrent3', dWeight: 'fc/weight@grad' },
    { kernel: 'sum-gradient', layer: 'fc', dy: 'dCurrent3', dVector: 'fc/bias@grad' },
    { kernel: 'sum-gradient', layer: 'lif2', dy: 'dDecay2', dVector: 'lif2@a@grad' },
    {
      ...{ kernel: 'conv-gradient', layer: 'conv2', window: conv2, groups: net.groups, x: 'spikes1', dy: 'dCurrent2' },
      dWeight: 'conv2/weight@grad',
    },
    { kernel: 'conv-gradient', layer: 'conv1', window: conv1, groups: 1, x, dy, dWeight: 'conv1/weight@grad' },
    ...(net.norm ? [] : ([{ kernel: 'sum-gradient', layer: 'conv1', dy, dVector: 'conv1/bias@grad' }] as const)),
  ];
}

export function mapNetworkPlan(net: MapNetwork): Plan {
  const learned = learnedOf(net).map(([parameter]) => parameter);
  const written = new Set<string>();
  const [forward, backward] = [forwardOf(net), backwardOf(net)];
  for (const op of [...forward, ...backward]) for (const value of Object.values(op)) written.add(String(value));
  return {
    ...{ timesteps: net.timesteps, forward, backward, gradients: gradientsOf(net), parameters: parametersOf(net) },
    tensors: tensorsOf(net).filter(({ id }) => written.has(id)),
    update: [
      ...learned.map((parameter) => ({
        ...({ kernel: 'adam', parameter, gradient: `${parameter}@grad`, decoupled: false, decay: false } as const),
        ...{ m: `${parameter}@m`, v: `${parameter}@v` },
      })),
      { kernel: 'zero', parameters: [...learned, 'lif2@a'].map((id) => `${id}@grad`) },
    ],
  };
}

export function mapNetworkCase(name: string, net: MapNetwork, samples: number, seed: number): ConformanceCase {
  const from = random(seed);
  const { size, channels, timesteps, input, filters, classes } = net;
  const length = samples * (input === 'sample' ? 1 : timesteps) * size[0] * size[1] * channels;
  const values = new Map<string, Float32Array>();
  for (const [id, rows, columns] of learnedOf(net))
    values.set(id, sparse(from, rows * columns, 1, id.endsWith('weight') ? 2 / Math.sqrt(rows) : 0.2));
  if (net.norm)
    values.set(
      'bn/scale',
      sparse(from, filters).map((value) => 1 + 0.2 * value),
    );
  for (const k of [1, 2, 3]) {
    const n = k === 3 ? classes : filters;
    const all = (value: number) => Float32Array.from({ length: n }, () => value + 0.1 * from.uniform());
    for (const [role, value] of Object.entries({ a: 0.8, b: 0.95, c: 0, threshold: 0.7 }))
      values.set(`lif${k}@${role}`, all(value));
  }
  const labels = Uint8Array.from({ length: samples }, () => from.below(classes));
  return {
    name: `map network ${name} [${samples} x ${timesteps}, ${size}x${channels}-${filters}-${classes}]`,
    kernels: ['conv', 'conv-backward', 'conv-gradient', 'neuron', 'pool-backward', 'accumulate'],
    ...{ plan: mapNetworkPlan(net), parameters: values, update: { learningRate: STEP_SIZE, step: 1 } },
    batches: [1, 2].map((epoch) =>
      batchOf(samples, input === 'spikes' ? binary(from, length, 0.3) : sparse(from, length, 0.6), { labels, epoch }),
    ),
  };
}

const BASE: MapNetwork = {
  ...{ size: [5, 3], channels: 3, filters: 12, classes: 5, timesteps: 3, input: 'sample', join: 'add' },
  ...{ pool: 'average', norm: false, groups: 1 },
};
const NETWORKS: readonly (readonly [string, MapNetwork])[] = [
  ['constant, add', BASE],
  ['steps, and, grouped', { ...BASE, input: 'step', join: 'and', pool: 'max', groups: 3 }],
  ['spikes, iand, depthwise', { ...BASE, input: 'spikes', join: 'iand', filters: 33, groups: 33, timesteps: 4 }],
  ['spikes, add, max', { ...BASE, input: 'spikes', pool: 'max', channels: 5, filters: 40 }],
  ['norm of a constant', { ...BASE, norm: true }],
  ['norm through time', { ...BASE, norm: true, input: 'step', join: 'iand', pool: 'max', filters: 33 }],
];

const near = [1, 2, 3].map((k) => [`charge${k}`, `lif${k}@threshold`] as const);

export const MAP_NETWORKS: readonly ConformanceCase[] = NETWORKS.map(([name, net], k) =>
  withMargin((seed) => mapNetworkCase(name, net, [3, 2][k % 2]!, 9000 + 1000 * k + seed), near, 2e-5),
);

const large = (norm: boolean) => NETWORKS.filter(([, net]) => net.norm === norm);

/** Cut into chunks and micro-batches, for properties that must hold to the last bit. */
export const SPLIT_MAP_NETWORKS: readonly ConformanceCase[] = large(false).map(([name, net]) =>
  mapNetworkCase(name, net, 33, 11),
);

/** Those whose norm needs the whole batch at once. */
export const WHOLE_BATCH_NETWORKS: readonly ConformanceCase[] = large(true).map(([name, net]) =>
  mapNetworkCase(name, net, 33, 12),
);
