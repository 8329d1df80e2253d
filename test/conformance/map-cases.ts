// Cases about the other operations on maps: pools, activations, softmax, joins, reshapes, dropout, neurons, encoders.

import type { BackwardOp, ForwardOp, JoinMode, Plan, PoolMode, TensorSpec, Window } from '../../src/engine/index.ts';
import {
  asSpikes,
  batchOf,
  binary,
  type ConformanceCase,
  dyadic,
  EMPTY,
  load,
  mapOf,
  parameterOf,
  random,
  sparse,
  tensorOf,
  windowOf,
} from './cases.ts';

type Rows = TensorSpec['rows'];
/** [height, width, channels] */
type MapShape = readonly [number, number, number];

const MAPS: readonly MapShape[] = [
  [5, 7, 3],
  [7, 9, 12],
  [3, 5, 33],
  [1, 1, 40],
  [5, 3, 65],
];
const SAMPLES = [3, 1, 7, 5, 2] as const;
const STEPS = [3, 1, 5] as const;
const sizeOf = ([height, width, channels]: MapShape): number => height * width * channels;

const POOLS: readonly (readonly [window: Window, channels: number])[] = [
  [windowOf([5, 7], [2, 2], { stride: [2, 2] }), 3],
  [windowOf([7, 9], [3, 3], { stride: [2, 2], padding: [1, 1] }), 12],
  [windowOf([7, 9], [3, 2], { stride: [1, 3], padding: [1, 0] }), 33],
  [windowOf([5, 7], [5, 7], { stride: [5, 7] }), 40],
  [windowOf([7, 9], [2, 2], { dilation: [2, 3] }), 5],
  [windowOf([5, 7], [2, 2], { stride: [2, 2], more: [1, 1] }), 33],
];

function poolCase(mode: PoolMode, spiking: boolean, k: number): ConformanceCase {
  const [window, channels] = POOLS[k % POOLS.length]!;
  const timesteps = STEPS[k % 3]!;
  const samples = SAMPLES[k % 5]!;
  const from = random(1300 + k);
  const x = spiking ? 'spikes' : 'x';
  const values = spiking && mode !== 'average' ? 'spikes' : 'analog';
  const fields = { layer: 'pool', window, x } as const;
  const length = samples * timesteps * window.input[0] * window.input[1] * channels;
  return {
    name: `pool ${mode} ${x} [${samples} x ${timesteps}] ${window.input}x${channels} -> ${window.output}, kernel ${window.kernel} stride ${window.stride} pad ${window.padding} dilation ${window.dilation}`,
    kernels: ['pool', ...(mode === 'winner' ? [] : (['pool-backward'] as const))],
    plan: {
      ...EMPTY,
      timesteps,
      tensors: [
        mapOf('x', 'step', window.input, channels),
        mapOf('dx', 'step', window.input, channels),
        ...(spiking ? [mapOf('spikes', 'step', window.input, channels, 'spikes')] : []),
        mapOf('y', 'step', window.output, channels, values),
        mapOf('mean', 'step', window.output, channels),
      ],
      forward: [
        load('x'),
        ...(spiking ? [asSpikes('x', 'spikes')] : []),
        { kernel: 'pool', ...fields, mode, y: 'y' },
        // an analog signal with y's shape, for dy
        { kernel: 'pool', ...fields, mode: 'average', y: 'mean' },
      ],
      backward: mode === 'winner' ? [] : [{ kernel: 'pool-backward', ...fields, mode, dy: 'mean', dx: 'dx' }],
    },
    parameters: new Map(),
    // eighths: many windows hold their maximum twice
    batches: [batchOf(samples, spiking ? binary(from, length, 0.3) : dyadic(from, length, 0.125, 1))],
  };
}

function poolCases(): ConformanceCase[] {
  return POOLS.flatMap((_, k) => [
    ...(['max', 'average'] as const).flatMap((mode) => [false, true].map((spiking) => poolCase(mode, spiking, k))),
    poolCase('winner', true, k),
  ]);
}

/** x in rows of `rows`, a map; `ops` from x to y and from y, as dy, to dx. */
function elementwise(
  shape: MapShape,
  rows: Rows,
  timesteps: number,
  [forward, backward]: readonly [ForwardOp, BackwardOp],
  more: Partial<Plan> = {},
): Plan {
  const map = (id: string): TensorSpec => mapOf(id, rows, [shape[0], shape[1]], shape[2]);
  return {
    ...EMPTY,
    timesteps,
    ...more,
    tensors: [map('x'), map('y'), map('dx'), ...(more.tensors ?? [])],
    forward: [load('x'), forward],
    backward: [backward],
  };
}

function activationCases(): ConformanceCase[] {
  return MAPS.flatMap((shape, k) =>
    (['relu', 'relu6', 'leaky-relu', 'quantized', 'dropout', 'reshape'] as const).map((kind, j): ConformanceCase => {
      const rows = (k + j) % 2 === 0 ? 'step' : 'sample';
      const [timesteps, samples] = [STEPS[(k + j) % 3]!, SAMPLES[(k + 2 * j) % 5]!];
      const from = random(1400 + 10 * k + j);
      const length = samples * (rows === 'step' ? timesteps : 1) * sizeOf(shape);
      const [levels, ceiling] = [k + 1, 1.5];
      const form = {
        ...{ layer: 'act', form: kind as 'relu6' },
        ...(kind === 'leaky-relu' && { slope: 0.125 * (k + 1) }),
        ...(kind === 'quantized' && { levels, ceiling: 'c' }),
      };
      const drop = { layer: 'drop', rate: 0.4, index: k } as const;
      const ops: readonly [ForwardOp, BackwardOp] =
        kind === 'dropout'
          ? [
              { kernel: 'dropout', ...drop, x: 'x', y: 'y' },
              { kernel: 'dropout-backward', ...drop, dy: 'y', dx: 'dx' },
            ]
          : kind === 'relu'
            ? [
                { kernel: 'relu', layer: 'act', x: 'x', y: 'y' },
                { kernel: 'relu-backward', layer: 'act', y: 'y', dy: 'x', dx: 'dx' },
              ]
            : kind === 'reshape'
              ? [
                  { kernel: 'reshape', layer: 'flat', x: 'x', y: 'y' },
                  { kernel: 'reshape-backward', layer: 'flat', dy: 'y', dx: 'dx' },
                ]
              : [
                  { kernel: 'activation', ...form, x: 'x', y: 'y' },
                  {
                    kernel: 'activation-backward',
                    ...{ ...form, x: 'x', dy: 'x', dx: 'dx', ...(kind === 'quantized' && { dCeiling: 'dCeiling' }) },
                  },
                ];
      const plan = elementwise(
        shape,
        rows,
        timesteps,
        ops,
        kind === 'quantized'
          ? {
              tensors: [tensorOf('dCeiling', 'sample', 1)],
              parameters: [parameterOf('c', 1, 1), parameterOf('c@grad', 1, 1)],
              gradients: [{ kernel: 'sum-gradient', layer: 'act', dy: 'dCeiling', dVector: 'c@grad' }],
            }
          : {},
      );
      // a quantized value is decided away from its edges, which are at odd multiples of c / 2L
      const step = (): number =>
        ((from.below(4 * levels) - levels + 0.1 + 0.8 * from.uniform() - 0.5) * ceiling) / levels;
      return {
        name: `${kind} on a map [${samples} x ${timesteps}, ${shape}] a ${rows}`,
        kernels: ops.map(({ kernel }) => kernel),
        plan:
          kind === 'reshape'
            ? { ...plan, tensors: plan.tensors.map((t) => (t.id === 'y' ? tensorOf('y', rows, t.features) : t)) }
            : plan,
        parameters: new Map(kind === 'quantized' ? [['c', Float32Array.of(ceiling)]] : []),
        batches: [
          batchOf(samples, kind === 'quantized' ? Float32Array.from({ length }, step) : sparse(from, length, 0.7, 4), {
            sampleIds: Uint32Array.from({ length: samples }, (_, n) => 40_000 + 3 * n),
          }),
        ],
      };
    }),
  );
}

/** Spikes from map to flat and back to a map of other channels. */
function spikeReshapes(): ConformanceCase[] {
  return MAPS.map((shape, k): ConformanceCase => {
    const [timesteps, samples] = [STEPS[k % 3]!, SAMPLES[k]!];
    const pixels: readonly [number, number] = [shape[0], shape[1]];
    return {
      name: `reshape spikes [${samples} x ${timesteps}, ${shape}]`,
      kernels: ['reshape'],
      plan: {
        ...EMPTY,
        timesteps,
        tensors: [
          tensorOf('x', 'step', sizeOf(shape)),
          tensorOf('flat', 'step', sizeOf(shape), 'spikes'),
          mapOf('map', 'step', pixels, shape[2], 'spikes'),
          mapOf('turned', 'step', [shape[2], 1], shape[0] * shape[1], 'spikes'),
          tensorOf('back', 'step', sizeOf(shape), 'spikes'),
        ],
        forward: [
          ...[load('x'), asSpikes('x', 'flat')],
          { kernel: 'reshape', layer: 'map', x: 'flat', y: 'map' },
          { kernel: 'reshape', layer: 'turned', x: 'map', y: 'turned' },
          { kernel: 'reshape', layer: 'flat', x: 'turned', y: 'back' },
        ],
      },
      parameters: new Map(),
      batches: [batchOf(samples, binary(random(1500 + k), samples * timesteps * sizeOf(shape), 0.4))],
    };
  });
}

function softmaxCases(): ConformanceCase[] {
  return [1, 3, 10, 33, 100].map((features, k): ConformanceCase => {
    const samples = SAMPLES[k]!;
    return {
      name: `softmax [${samples}, ${features}]`,
      kernels: ['softmax', 'softmax-backward'],
      plan: {
        ...EMPTY,
        tensors: ['x', 'y', 'dx'].map((id) => tensorOf(id, 'sample', features)),
        forward: [load('x'), { kernel: 'softmax', layer: 'softmax', x: 'x', y: 'y' }],
        backward: [{ kernel: 'softmax-backward', layer: 'softmax', y: 'y', dy: 'x', dx: 'dx' }],
      },
      parameters: new Map(),
      // far apart: without a shift their exponentials overflow
      batches: [batchOf(samples, sparse(random(1600 + k), samples * features, 1, 60))],
    };
  });
}

/** What a and b are: analog or spikes, a row a step or (through its time mean) a row a sample is the caller's. */
function joinCase(mode: JoinMode, spiking: 'neither' | 'a' | 'both', k: number): ConformanceCase {
  const shape = MAPS[k % MAPS.length]!;
  const [timesteps, samples] = [STEPS[k % 3]!, SAMPLES[k % 5]!];
  const map = (id: string, values: TensorSpec['values'] = 'analog'): TensorSpec =>
    mapOf(id, 'step', [shape[0], shape[1]], shape[2], values);
  const from = random(1700 + k);
  const drop = { layer: 'drop', rate: 0.5, index: 1, x: 'x', y: 'dropped' } as const;
  const [a, b] = [spiking === 'neither' ? 'x' : 's', spiking === 'both' ? 'other' : 'dropped'];
  const fields = { layer: 'join', a, b } as const;
  const length = samples * timesteps * sizeOf(shape);
  return {
    name: `join ${mode}, spikes: ${spiking} [${samples} x ${timesteps}, ${shape}]`,
    kernels: ['join', ...(mode === 'add' ? [] : (['join-backward'] as const))],
    plan: {
      ...EMPTY,
      timesteps,
      tensors: [
        ...[map('x'), map('dropped'), map('s', 'spikes'), map('other', 'spikes'), map('da'), map('db'), map('only')],
        map('y', spiking === 'both' && mode !== 'add' ? 'spikes' : 'analog'),
      ],
      forward: [
        load('x'),
        { kernel: 'dropout', ...drop },
        ...(spiking === 'neither' ? [] : [asSpikes('x', 's')]),
        // the complement of x: 1 - x
        ...(spiking === 'both' ? [{ ...asSpikes('dropped', 'other'), gain: -1, offset: 1 } as ForwardOp] : []),
        { kernel: 'join', ...fields, mode, y: 'y' },
      ],
      backward:
        mode === 'add'
          ? []
          : [
              { kernel: 'join-backward', ...fields, mode, dy: 'dropped', da: 'da', db: 'db' },
              { kernel: 'join-backward', ...fields, mode, dy: 'x', db: 'only' },
            ],
    },
    parameters: new Map(),
    batches: [batchOf(samples, spiking === 'neither' ? sparse(from, length) : binary(from, length, 0.5))],
  };
}

function joinCases(): ConformanceCase[] {
  return (['add', 'and', 'iand'] as const).flatMap((mode, i) =>
    (['neither', 'a', 'both'] as const).flatMap((spiking, j) => [
      joinCase(mode, spiking, i + j),
      joinCase(mode, spiking, i + j + 2),
    ]),
  );
}

/** A constant signal joined with one that goes through time: a neuron layer that never fires, its membranes. */
function mixedRowCases(): ConformanceCase[] {
  return MAPS.map((shape, k): ConformanceCase => {
    const [timesteps, samples] = [STEPS[k % 3]!, SAMPLES[k]!];
    const map = (id: string, rows: Rows): TensorSpec => mapOf(id, rows, [shape[0], shape[1]], shape[2]);
    const join = (mode: JoinMode, a: string, b: string): ForwardOp => ({
      ...{ kernel: 'join', layer: mode, mode, a, b, y: mode },
    });
    const sum = (y: string, a: string, b?: string): BackwardOp => ({
      ...{ kernel: 'accumulate', layer: 'sum', a, y },
      ...(b !== undefined && { b }),
    });
    return {
      name: `join and accumulate, constant with steps [${samples} x ${timesteps}, ${shape}]`,
      kernels: ['join', 'accumulate'],
      plan: {
        ...EMPTY,
        timesteps,
        tensors: [
          ...[map('x', 'sample'), map('m', 'step'), map('u', 'step')],
          ...['add', 'and', 'iand', 'steps'].map((id) => map(id, 'step')),
          ...['constants', 'mixed', 'turned', 'summed', 'alone'].map((id) => map(id, 'sample')),
        ],
        parameters: ['a', 'b', 'c'].map((id) => parameterOf(id, 1, shape[2])),
        forward: [
          load('x'),
          {
            ...{ kernel: 'neuron', layer: 'n', current: 'x', membrane: 'm', charge: 'u' },
            dynamics: {
              ...{ a: 'a', b: 'b', c: 'c', tie: '>=', reset: 'none', resetValue: 0, moment: 'same-step' },
              ...{ dropsInput: false, detachReset: true, surrogate: 'atan', slope: 2, initialMembrane: 0.25 },
            },
          },
          ...[join('add', 'x', 'm'), join('and', 'm', 'x'), join('iand', 'x', 'm')],
        ],
        backward: [
          ...[sum('steps', 'm', 'add'), sum('constants', 'x', 'x'), sum('mixed', 'and', 'x')],
          ...[sum('turned', 'x', 'iand'), sum('summed', 'm', 'add'), sum('alone', 'add')],
        ],
      },
      parameters: new Map(['a', 'b', 'c'].map((id, n) => [id, sparse(random(1800 + n), shape[2], 1, 0.5)])),
      batches: [batchOf(samples, sparse(random(1900 + k), samples * sizeOf(shape)))],
    };
  });
}

/** Rate, load and count on maps: bytes as images come. */
function encoderCases(): ConformanceCase[] {
  return MAPS.map((shape, k): ConformanceCase => {
    const [timesteps, samples] = [STEPS[k % 3]!, SAMPLES[k]!];
    const from = random(2000 + k);
    const map = (id: string, rows: Rows, values: TensorSpec['values'] = 'analog'): TensorSpec =>
      mapOf(id, rows, [shape[0], shape[1]], shape[2], values);
    return {
      name: `rate on a map [${samples} x ${timesteps}, ${shape}]`,
      kernels: ['load', 'encode-rate', 'count'],
      plan: {
        ...EMPTY,
        timesteps,
        tensors: [map('x', 'sample'), map('s', 'step', 'spikes'), tensorOf('n', 'step', 1, 'count')],
        forward: [
          load('x', 1 / 255, 'bytes'),
          { kernel: 'encode-rate', layer: 'encoder', gain: 0.9, offset: 0.05, x: 'x', spikes: 's' },
          { kernel: 'count', layer: 'encoder', x: 's', counts: 'n' },
        ],
      },
      parameters: new Map(),
      batches: [
        batchOf(
          samples,
          Uint8Array.from({ length: samples * sizeOf(shape) }, () => from.below(256)),
        ),
      ],
    };
  });
}

export const MAP_OPS: readonly ConformanceCase[] = [
  ...[...poolCases(), ...activationCases(), ...spikeReshapes(), ...softmaxCases(), ...joinCases()],
  ...[...mixedRowCases(), ...encoderCases()],
];
