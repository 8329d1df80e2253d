// Cases about convolutions: y = conv(x) + b, then dx, dW and db with y in dy's place, and the counts of what y's synapses carried.

import type { Plan, Window } from '../../src/engine/index.ts';
import {
  asSpikes,
  batchOf,
  binary,
  type ConformanceCase,
  EMPTY,
  load,
  mapOf,
  parameterOf,
  random,
  sparse,
  tensorOf,
  windowOf,
} from './cases.ts';

export interface Geometry {
  readonly window: Window;
  /** Channels of x and of y. */
  readonly inputs: number;
  readonly filters: number;
  readonly groups: number;
}

const geometry = (window: Window, inputs: number, filters: number, groups = 1): Geometry => ({
  ...{ window, inputs, filters, groups },
});

/** Odd maps, channels on both sides of a vector and of a panel, every kind of window. */
export const GEOMETRIES: readonly Geometry[] = [
  geometry(windowOf([5, 7], [3, 3], { padding: [1, 1] }), 3, 12),
  geometry(windowOf([7, 9], [3, 3], { padding: [1, 1], stride: [2, 2] }), 12, 33),
  geometry(windowOf([7, 9], [5, 5], { padding: [2, 2] }), 5, 40),
  geometry(windowOf([5, 7], [1, 1]), 33, 5),
  geometry(windowOf([7, 9], [2, 3], { padding: [0, 1], stride: [2, 1] }), 40, 12, 2),
  geometry(windowOf([7, 9], [3, 3], { padding: [2, 2], dilation: [2, 2] }), 3, 5),
  geometry(windowOf([7, 9], [3, 3], { stride: [3, 3] }), 12, 40),
  geometry(windowOf([5, 7], [1, 1], { stride: [2, 2] }), 12, 12),
  geometry(windowOf([5, 7], [3, 3], { padding: [1, 2], dilation: [1, 2] }), 33, 33, 3),
  geometry(windowOf([1, 1], [3, 3], { padding: [1, 1] }), 12, 5),
  geometry(windowOf([5, 7], [3, 3], { padding: [1, 1] }), 40, 64, 2),
  geometry(windowOf([5, 7], [5, 7]), 3, 12),
  // wide enough for Winograd's way back
  geometry(windowOf([5, 7], [3, 3], { padding: [1, 1] }), 33, 40),
  geometry(windowOf([7, 9], [3, 3]), 16, 17),
  geometry(windowOf([2, 5], [3, 3], { padding: [2, 1] }), 20, 65),
  // outputs that see padding only, and windows that hang over the far edge
  geometry(windowOf([5, 7], [1, 1], { padding: [1, 2] }), 3, 5),
  geometry(windowOf([5, 7], [3, 3], { stride: [3, 3], more: [1, 1] }), 5, 12),
  geometry(windowOf([3, 5], [2, 3], { padding: [1, 0], stride: [1, 2], dilation: [2, 1] }), 65, 7),
];

/** One group a channel, one or more filters each. */
export const DEPTHWISE: readonly Geometry[] = [
  geometry(windowOf([7, 9], [3, 3], { padding: [1, 1] }), 12, 12, 12),
  geometry(windowOf([7, 9], [3, 3], { padding: [1, 1], stride: [2, 2] }), 33, 33, 33),
  geometry(windowOf([5, 7], [5, 5], { padding: [2, 2] }), 40, 40, 40),
  geometry(windowOf([7, 5], [2, 3], { padding: [0, 1], dilation: [2, 1] }), 64, 64, 64),
  geometry(windowOf([7, 9], [3, 3], { padding: [1, 1] }), 5, 10, 5),
  geometry(windowOf([5, 7], [1, 1]), 3, 3, 3),
];

/** [samples, T, density of the input] */
const SIZES = [
  [3, 3, 0.3],
  [1, 1, 1],
  [2, 5, 0.05],
  [5, 1, 0.6],
  [2, 3, 0],
] as const;

export const nameOf = ({ window, inputs, filters, groups }: Geometry): string => {
  const { input, output, kernel, stride, padding, dilation } = window;
  const of = ([y, x]: readonly [number, number]): string => `${y}x${x}`;
  return `${of(input)}x${inputs} -> ${of(output)}x${filters}, kernel ${of(kernel)} stride ${stride} pad ${padding} dilation ${dilation} groups ${groups}`;
};

export type InputKind = 'sample' | 'step' | 'spikes';

/** The weight's shape. */
export const weightShape = ({ window, inputs, filters, groups }: Geometry): readonly [number, number] => [
  (window.kernel[0] * window.kernel[1] * inputs) / groups,
  filters,
];

export function convPlan(shape: Geometry, kind: InputKind, timesteps: number): Plan {
  const { window, inputs, filters, groups } = shape;
  const rows = kind === 'sample' ? 'sample' : 'step';
  const x = kind === 'spikes' ? 'spikes' : 'x';
  const fields = { layer: 'conv', window, groups } as const;
  const [weightRows] = weightShape(shape);
  return {
    ...EMPTY,
    timesteps,
    tensors: [
      mapOf('x', rows, window.input, inputs),
      ...(kind === 'spikes' ? [mapOf('spikes', 'step', window.input, inputs, 'spikes')] : []),
      ...['y', 'bare'].map((id) => mapOf(id, rows, window.output, filters)),
      mapOf('dx', rows, window.input, inputs),
      ...['n', 'reached'].map((id) => tensorOf(id, rows, 1, 'count')),
    ],
    parameters: [
      ...[parameterOf('conv/weight', weightRows, filters), parameterOf('conv/bias', 1, filters)],
      ...[parameterOf('conv/weight@grad', weightRows, filters), parameterOf('conv/bias@grad', 1, filters)],
    ],
    forward: [
      load('x'),
      ...(kind === 'spikes' ? [asSpikes('x', 'spikes')] : []),
      { kernel: 'conv', ...fields, x, weight: 'conv/weight', bias: 'conv/bias', y: 'y' },
      { kernel: 'conv', ...fields, x, weight: 'conv/weight', y: 'bare' },
      { kernel: 'count', layer: 'conv', x, counts: 'n' },
      { kernel: 'count', layer: 'conv', x, counts: 'reached', reach: window },
    ],
    backward: [{ kernel: 'conv-backward', ...fields, dy: 'y', weight: 'conv/weight', dx: 'dx' }],
    gradients: [
      { kernel: 'conv-gradient', ...fields, x, dy: 'y', dWeight: 'conv/weight@grad' },
      { kernel: 'sum-gradient', layer: 'conv', dy: 'y', dVector: 'conv/bias@grad' },
    ],
  };
}

function caseOf(shape: Geometry, kind: InputKind, k: number): ConformanceCase {
  const [samples, steps, density] = SIZES[k % SIZES.length]!;
  const timesteps = kind === 'sample' ? 1 : steps;
  const from = random(1100 + k);
  const { window, inputs, filters } = shape;
  const length = samples * timesteps * window.input[0] * window.input[1] * inputs;
  const [rows] = weightShape(shape);
  return {
    name: `conv ${kind} [${samples} x ${timesteps}] ${nameOf(shape)}, ${100 * density} % nonzero`,
    kernels: ['conv', 'conv-backward', 'conv-gradient', 'sum-gradient', 'count'],
    plan: convPlan(shape, kind, timesteps),
    parameters: new Map([
      ['conv/weight', sparse(from, rows * filters, 1, 1 / Math.sqrt(rows))],
      ['conv/bias', sparse(from, filters, 1, 0.1)],
    ]),
    batches: [batchOf(samples, kind === 'spikes' ? binary(from, length, density) : sparse(from, length, density))],
  };
}

/** More samples than a chunk takes, and none. */
function batchCases(): ConformanceCase[] {
  const shape = geometry(windowOf([3, 5], [3, 3], { padding: [1, 1] }), 3, 5);
  return [0, 67].map((samples) => {
    const entry = caseOf(shape, 'spikes', 0);
    const from = random(1200 + samples);
    return {
      ...entry,
      name: `conv of ${samples} samples`,
      batches: [batchOf(samples, binary(from, samples * 3 * 3 * 5 * 3, 0.2))],
    };
  });
}

export const CONVOLUTIONS: readonly ConformanceCase[] = [
  ...[...GEOMETRIES, ...DEPTHWISE].flatMap((shape, k) =>
    (['sample', 'step', 'spikes'] as const).map((kind, j) => caseOf(shape, kind, k + j)),
  ),
  ...batchCases(),
];
