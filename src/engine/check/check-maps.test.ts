import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackwardOp, ForwardOp, GradientOp, Plan, TensorSpec, Window } from '../index.ts';
import { checkPlan } from './index.ts';

const tensor = (id: string, features: number, more: Partial<TensorSpec> = {}): TensorSpec => ({
  ...{ id, rows: 'step', features, values: 'analog', keep: 'batch', ...more },
});
const parameter = (id: string, rows: number, columns: number) => ({ id, rows, columns, layer: 'l', role: id });

/** A map of 5x7 pixels read by 3x3 taps at stride 2. */
const WINDOW: Window = {
  ...{ input: [5, 7], output: [3, 4], kernel: [3, 3], stride: [2, 2], padding: [1, 1], dilation: [1, 1] },
};
const LOAD: ForwardOp = { kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'x' };
const SPIKES: ForwardOp = { kernel: 'encode-rate', layer: 'rate', gain: 1, offset: 0, x: 'x', spikes: 's' };
const CONV = {
  ...({ kernel: 'conv', layer: 'c', window: WINDOW, groups: 1, x: 'x', weight: 'w', bias: 'v4', y: 'y' } as const),
};
const POOL = { kernel: 'pool', layer: 'p', mode: 'max', window: WINDOW, x: 'x', y: 'small' } as const;
const NORM = {
  ...({ kernel: 'batch-norm', layer: 'bn', x: 'x', y: 'same', gamma: 'v6', beta: 'v6', mean: 'v6' } as const),
  ...({ variance: 'v6', batchMean: 'v6', batchDeviation: 'v6', factor: 1, epsilon: 1e-5, momentum: 0.1 } as const),
  ...({ statistics: 'batch', repeats: 1 } as const),
};
const ACTIVATION = { kernel: 'activation', layer: 'act', form: 'relu6', x: 'x', y: 'same' } as const;
const JOIN = { kernel: 'join', layer: 'j', mode: 'add', a: 'x', b: 'x', y: 'same' } as const;
const RESHAPE = { kernel: 'reshape', layer: 'f', x: 'x', y: 'flat' } as const;
const COUNT = { kernel: 'count', layer: 'n', x: 'x', counts: 'n', reach: WINDOW } as const;
const NEURON: Extract<ForwardOp, { kernel: 'neuron' }> = {
  ...{ kernel: 'neuron', layer: 'lif', current: 'x', membrane: 'same' },
  dynamics: {
    ...{ a: 'v6', b: 'v6', c: 'v6', tie: '>=', reset: 'none', resetValue: 0, moment: 'same-step', dropsInput: false },
    ...{ detachReset: true, surrogate: 'atan', slope: 2, initialMembrane: 0 },
  },
};

const BASE: Plan = {
  timesteps: 3,
  tensors: [
    ...[tensor('x', 5 * 7 * 6, { channels: 6 }), tensor('same', 5 * 7 * 6, { channels: 6 })],
    ...[
      tensor('s', 5 * 7 * 6, { channels: 6, values: 'spikes' }),
      tensor('s2', 5 * 7 * 6, { channels: 6, values: 'spikes' }),
    ],
    ...[tensor('y', 3 * 4 * 4, { channels: 4 }), tensor('small', 3 * 4 * 6, { channels: 6 })],
    ...[tensor('smallSpikes', 3 * 4 * 6, { channels: 6, values: 'spikes' }), tensor('flat', 5 * 7 * 6)],
    ...[tensor('turned', 5 * 7 * 6, { channels: 7 }), tensor('n', 1, { values: 'count' })],
    ...[tensor('constant', 5 * 7 * 6, { channels: 6, rows: 'sample' }), tensor('one', 1, { rows: 'sample' })],
  ],
  parameters: [
    ...[parameter('w', 54, 4), parameter('w2', 27, 4), parameter('fc', 210, 4), parameter('v4', 1, 4)],
    ...[parameter('v6', 1, 6), parameter('c', 1, 1), parameter('square', 210, 210)],
  ],
  ...{ forward: [LOAD], backward: [], gradients: [], update: [] },
};
const forward = (...ops: ForwardOp[]): Plan => ({ ...BASE, forward: [LOAD, SPIKES, ...ops] });
const backward = (...ops: BackwardOp[]): Plan => ({ ...forward(CONV, POOL, JOIN), backward: ops });
const gradient = (op: GradientOp): Plan => ({ ...forward(CONV), gradients: [op] });
const windowed = (more: Partial<Window>): Plan => forward({ ...CONV, window: { ...WINDOW, ...more } });
const map = (more: Partial<TensorSpec>): Plan => ({ ...BASE, tensors: [tensor('x', 12, more)] });

const CONV_BACK = {
  kernel: 'conv-backward',
  layer: 'c',
  window: WINDOW,
  groups: 1,
  dy: 'y',
  weight: 'w',
  dx: 'same',
} as const;
const POOL_BACK = {
  kernel: 'pool-backward',
  layer: 'p',
  mode: 'max',
  window: WINDOW,
  x: 'x',
  dy: 'small',
  dx: 'same',
} as const;
const JOIN_BACK = { kernel: 'join-backward', layer: 'j', mode: 'and', a: 'x', b: 's', dy: 'same', da: 'same' } as const;
const ACT_BACK = { kernel: 'activation-backward', layer: 'act', form: 'relu6', x: 'x', dy: 'x', dx: 'same' } as const;
const NORM_BACK = {
  ...({ kernel: 'batch-norm-backward', layer: 'bn', x: 'x', dy: 'x', dx: 'same', gamma: 'v6', factor: 1 } as const),
  ...({ epsilon: 1e-5, batchMean: 'v6', batchDeviation: 'v6', dGamma: 'v6', dBeta: 'v6', repeats: 3 } as const),
};

test('sound plans with maps pass', () => {
  const sound: readonly Plan[] = [
    forward(CONV, POOL, NORM, ACTIVATION, JOIN, RESHAPE, COUNT, NEURON),
    forward({ ...CONV, groups: 2, weight: 'w2', x: 's' }),
    // one output more than fits hangs over the edge, but starts inside
    { ...windowed({ output: [3, 4], padding: [0, 0] }) },
    forward({ ...POOL, x: 's', y: 'smallSpikes' }, { ...POOL, x: 's', mode: 'average' }),
    forward({ ...POOL, x: 's', mode: 'winner', y: 'smallSpikes' }),
    forward({ ...JOIN, mode: 'iand', a: 's', b: 's', y: 's2' }, { ...JOIN, a: 's', b: 'x' }),
    forward(
      { ...ACTIVATION, form: 'quantized', levels: 4, ceiling: 'c' },
      { ...ACTIVATION, form: 'leaky-relu', slope: 0 },
    ),
    forward(RESHAPE, { kernel: 'softmax', layer: 'soft', x: 'flat', y: 'flat' }),
    backward(CONV_BACK, POOL_BACK, JOIN_BACK, ACT_BACK, NORM_BACK),
    backward(
      { ...ACT_BACK, form: 'quantized', levels: 4, ceiling: 'c', dCeiling: 'one' },
      { kernel: 'accumulate', layer: 'j', a: 'x', b: 'x', y: 'constant' },
    ),
    gradient({ kernel: 'conv-gradient', layer: 'c', window: WINDOW, groups: 1, x: 's', dy: 'y', dWeight: 'w' }),
    gradient({ kernel: 'sum-gradient', layer: 'c', dy: 'y', dVector: 'v4' }),
  ];
  for (const plan of sound) checkPlan(plan);
});

const REFUSED: readonly (readonly [what: string, plan: Plan, message: RegExp])[] = [
  [
    'channels that do not divide',
    map({ channels: 5 }),
    /tensor "x" has 5 channels, expected a whole number that divides its 12/,
  ],
  ['no channels', map({ channels: 0 }), /tensor "x" has 0 channels, expected a whole number/],
  [
    'a kernel of no size',
    windowed({ kernel: [0, 3] }),
    /conv "c": window kernel is \[0, 3\], expected whole numbers of at least 1/,
  ],
  ['half a stride', windowed({ stride: [2, 0.5] }), /window stride is \[2, 0.5\]/],
  ['no dilation', windowed({ dilation: [0, 1] }), /window dilation is \[0, 1\]/],
  ['an empty output', windowed({ output: [0, 4] }), /window output is \[0, 4\]/],
  ['an empty input', windowed({ input: [5, 0] }), /window input is \[5, 0\]/],
  [
    'negative padding',
    windowed({ padding: [-1, 0] }),
    /window padding is \[-1, 0\], expected whole numbers of at least 0/,
  ],
  [
    'an output past the edge',
    windowed({ output: [5, 4] }),
    /output 4 of the window's rows starts at 7, past its padded input, which ends at 6 \(input \[5, 7\], output \[5, 4\]/,
  ],
  ['other pixels in', windowed({ input: [4, 7] }), /x "x" has 35 pixels of 6 channels, the window's input is \[4, 7\]/],
  [
    'other pixels out',
    windowed({ output: [3, 3] }),
    /y "y" has 12 pixels of 4 channels, the window's output is \[3, 3\]/,
  ],
  ['groups of a part', forward({ ...CONV, groups: 4 }), /conv "c": 4 groups do not divide 6 input channels/],
  ['filters of a part', forward({ ...CONV, groups: 3 }), /conv "c": 3 groups do not divide 4 filters/],
  ['half a group', forward({ ...CONV, groups: 0.5 }), /groups is 0.5, expected a whole number of at least 1/],
  ['a weight of all groups', forward({ ...CONV, groups: 2 }), /weight "w" is \[54, 4\], expected \[27, 4\]/],
  ['a bias a pixel', forward({ ...CONV, bias: 'v6' }), /bias "v6" is \[1, 6\], expected \[1, 4\]/],
  [
    'spikes out of a convolution',
    forward({ ...CONV, y: 'smallSpikes' }),
    /y "smallSpikes" holds spikes, expected analog/,
  ],
  [
    'a pool of nothing',
    forward({ ...POOL, window: { ...WINDOW, padding: [3, 1] } }),
    /pool "p": window 0 of the rows sees padding only \(kernel \[3, 3\], padding \[3, 1\], input \[5, 7\]\); pad less/,
  ],
  [
    'a pool between its taps',
    forward({ ...POOL, window: { ...WINDOW, kernel: [3, 2], padding: [1, 1], dilation: [1, 9] } }),
    /pool "p": window 0 of the columns sees padding only/,
  ],
  ['a pool of spikes that is analog', forward({ ...POOL, x: 's' }), /y "small" holds analog, expected spikes/],
  [
    'an average of spikes as spikes',
    forward({ ...POOL, x: 's', mode: 'average', y: 'smallSpikes' }),
    /holds spikes, expected analog/,
  ],
  ['a winner among analog values', forward({ ...POOL, mode: 'winner' }), /x "x" holds analog, expected spikes/],
  ['a pool that changes channels', forward({ ...POOL, y: 'y' }), /y "y" has 48 features, expected 72/],
  ['a norm of vectors a pixel', forward({ ...NORM, gamma: 'v4' }), /gamma "v4" is \[1, 4\], expected \[1, 6\]/],
  ['a norm without epsilon', forward({ ...NORM, epsilon: 0 }), /batch-norm "bn": epsilon is 0, expected more than 0/],
  ['a momentum of 2', forward({ ...NORM, momentum: 2 }), /momentum is 2, expected 0 to 1/],
  ['a factor of nothing', forward({ ...NORM, factor: Number.NaN }), /factor is NaN, expected a finite number/],
  ['a repeat and a half', forward({ ...NORM, repeats: 1.5 }), /repeats is 1.5, expected a whole number of at least 1/],
  ['a norm of another gradient', backward({ ...NORM_BACK, dy: 'small' }), /dy "small" has 72 features, expected 210/],
  [
    'a slope that is not there',
    forward({ ...ACTIVATION, form: 'leaky-relu' }),
    /slope is undefined, a leaky-relu needs/,
  ],
  [
    'levels that are not there',
    forward({ ...ACTIVATION, form: 'quantized', ceiling: 'c' }),
    /levels is undefined, a quantized/,
  ],
  [
    'a ceiling that is not there',
    forward({ ...ACTIVATION, form: 'quantized', levels: 4 }),
    /needs a ceiling, a parameter \[1\]/,
  ],
  [
    'a ceiling a channel',
    forward({ ...ACTIVATION, form: 'quantized', levels: 4, ceiling: 'v6' }),
    /ceiling "v6" is \[1, 6\], expected \[1, 1\]/,
  ],
  [
    'dCeiling of a relu6',
    backward({ ...ACT_BACK, dCeiling: 'one' }),
    /dCeiling is asked for, and a relu6 has no ceiling/,
  ],
  ['an activation to other channels', forward({ ...ACTIVATION, y: 'turned' }), /y "turned" has 7 channels, expected 6/],
  ['an activation to a flat tensor', forward({ ...ACTIVATION, y: 'flat' }), /y "flat" has 210 channels, expected 6/],
  [
    'a softmax over a map',
    forward({ kernel: 'softmax', layer: 'soft', x: 'x', y: 'flat' }),
    /x "x" is a map of 6 channels, expected a flat tensor; reshape it first/,
  ],
  [
    'a dense layer on a map',
    forward({ kernel: 'dense', layer: 'fc', x: 'x', weight: 'fc', y: 'flat' }),
    /dense "fc": x "x" is a map of 6 channels/,
  ],
  [
    'a loss of a map',
    forward({ kernel: 'loss', layer: 'l', loss: 'ce-membrane', onTarget: 1, offTarget: 0, output: 'x', losses: 'one' }),
    /loss "l": output "x" is a map of 6 channels/,
  ],
  ['a join of two layouts', forward(RESHAPE, { ...JOIN, b: 'flat' }), /b "flat" has 210 channels, expected 6/],
  ['a sum of spikes as spikes', forward({ ...JOIN, a: 's', b: 's', y: 's2' }), /y "s2" holds spikes, expected analog/],
  [
    'a product of spikes as analog',
    forward({ ...JOIN, mode: 'and', a: 's', b: 's' }),
    /y "same" holds analog, expected spikes/,
  ],
  [
    'a join that forgets steps',
    forward({ ...JOIN, y: 'constant' }),
    /y "constant" has one row a sample, expected one row a step/,
  ],
  [
    'a join backward to nowhere',
    backward({ kernel: 'join-backward', layer: 'j', mode: 'and', a: 'x', b: 's', dy: 'same' }),
    /neither da nor db is given/,
  ],
  [
    'a gradient of steps from one of samples',
    {
      ...backward(
        { kernel: 'accumulate', layer: 'a', a: 'x', b: 'x', y: 'constant' },
        { kernel: 'accumulate', layer: 'b', a: 'x', b: 'constant', y: 'same' },
      ),
    },
    /accumulate "b": b "constant" has one row a sample, expected one row a step as in y "same"/,
  ],
  ['a reshape to another size', forward({ ...RESHAPE, y: 'small' }), /y "small" has 72 features, expected 210/],
  ['a reshape to spikes', forward({ ...RESHAPE, y: 's2' }), /y "s2" holds spikes, expected analog/],
  [
    'a reach of another map',
    forward({ ...COUNT, x: 's', reach: { ...WINDOW, input: [5, 6] } }),
    /count "n": x "s" has 35 pixels of 6 channels/,
  ],
  [
    'neurons of another layout',
    forward({ ...NEURON, membrane: 'turned' } as ForwardOp),
    /membrane "turned" has 7 channels, expected 6/,
  ],
  [
    'a recurrent map',
    forward({ ...NEURON, dynamics: { ...NEURON.dynamics, recurrent: { weight: 'square' } } }),
    /neuron "lif": a map of 6 channels cannot be recurrent; reshape "x" to a flat tensor/,
  ],
  [
    'a weight gradient of another shape',
    gradient({ kernel: 'conv-gradient', layer: 'c', window: WINDOW, groups: 1, x: 'x', dy: 'y', dWeight: 'w2' }),
    /dWeight "w2" is \[27, 4\], expected \[54, 4\]/,
  ],
  [
    'a sum a pixel',
    gradient({ kernel: 'sum-gradient', layer: 'c', dy: 'y', dVector: 'v6' }),
    /dVector "v6" is \[1, 6\], expected \[1, 4\]/,
  ],
];

for (const [what, plan, message] of REFUSED)
  test(`refused: ${what}`, () => assert.throws(() => checkPlan(plan), { name: 'ShapeError', message }));
