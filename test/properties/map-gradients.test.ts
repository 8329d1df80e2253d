// Every gradient of the reference backend's operations on maps against central differences in float64: odd sizes, strides,
// paddings, dilations, groups. Behind the operation stands a loss of its flattened output.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackwardOp, ForwardOp, GradientOp, JoinMode, Plan, TensorSpec, Window } from '../../src/engine/index.ts';
import { referenceBackend } from '../../src/engine/index.ts';
import { assertGradient, differences } from '../central-differences.ts';
import { assertSame } from '../closeness.ts';
import { batchOf, EMPTY, load, mapOf, parameterOf, random, sparse, tensorOf, windowOf } from '../conformance/cases.ts';
import { DEPTHWISE, GEOMETRIES, nameOf, weightShape } from '../conformance/conv-cases.ts';

const SAMPLES = 2;

interface Layer {
  readonly timesteps?: number;
  readonly input: TensorSpec;
  /** `y`; its gradient is `dy`, the input's `dx`. */
  readonly output: TensorSpec;
  readonly tensors?: readonly TensorSpec[];
  readonly forward: readonly ForwardOp[];
  readonly backward: readonly BackwardOp[];
  readonly gradients?: readonly GradientOp[];
  /** Parameters that learn, [rows, columns]; their gradients are called `d<id>`. */
  readonly learned?: Readonly<Record<string, readonly [number, number]>>;
  /** Other vectors, with their length. */
  readonly vectors?: Readonly<Record<string, number>>;
}

function planOf(layer: Layer): Plan {
  const { input, output, timesteps = 1, learned = {}, vectors = {} } = layer;
  const flat = (id: string): TensorSpec => tensorOf(id, output.rows, output.features);
  return {
    ...{ ...EMPTY, timesteps, gradients: layer.gradients ?? [] },
    tensors: [
      ...[input, output, { ...output, id: 'dy' }, { ...input, id: 'dx' }],
      ...[flat('flat'), flat('dFlat'), tensorOf('losses', 'sample', 1), ...(layer.tensors ?? [])],
    ],
    parameters: [
      ...Object.entries(learned).flatMap(([id, [rows, columns]]) =>
        [id, `d${id}`].map((name) => parameterOf(name, rows, columns)),
      ),
      ...Object.entries(vectors).map(([id, columns]) => parameterOf(id, 1, columns)),
    ],
    forward: [
      ...[load('x'), ...layer.forward],
      { kernel: 'reshape', layer: 'flatten', x: 'y', y: 'flat' },
      {
        ...{ kernel: 'loss', layer: 'loss', onTarget: 1, offTarget: 0.25, output: 'flat', dOutput: 'dFlat' },
        ...{ losses: 'losses', loss: output.rows === 'step' ? 'mse-membrane' : 'cross-entropy' },
      },
    ],
    backward: [{ kernel: 'reshape-backward', layer: 'flatten', dy: 'dFlat', dx: 'dy' }, ...layer.backward],
  };
}

function check(what: string, layer: Layer, scale = 1): void {
  const plan = planOf(layer);
  const program = referenceBackend().compile(plan, { samples: SAMPLES });
  const from = random(what.length + plan.parameters.length);
  const input = sparse(from, SAMPLES * (layer.input.rows === 'step' ? plan.timesteps : 1) * layer.input.features);
  const learned = Object.keys(layer.learned ?? {});
  const values = new Map(
    plan.parameters
      .filter(({ id }) => !learned.some((name) => id === `d${name}`))
      .map(({ id, rows, columns }) => {
        const spread = sparse(from, rows * columns, 1, rows > 1 ? scale / Math.sqrt(rows) : scale);
        return [id, Float64Array.from(spread, (value) => (rows === 1 ? 1 + value / 4 : value))] as const;
      }),
  );
  const run = (): number => {
    for (const [id, value] of values) program.write(id, value);
    program.run(batchOf(SAMPLES, input, { labels: Uint8Array.of(0, layer.output.features > 1 ? 1 : 0) }));
    return Float64Array.from(program.tensor('losses')).reduce((sum, value) => sum + value, 0);
  };
  run();
  const analytic = new Map(learned.map((id) => [id, program.read(`d${id}`)] as const));
  const dx = program.tensor('dx').slice();
  assert.ok(
    dx.some((value) => Math.abs(value) > 1e-6),
    `${what}: dx is not all zero`,
  );
  for (const [id, gradient] of analytic) assertGradient(`${what}: ${id}`, gradient, differences(run, values.get(id)!));
  // the input is float32: a step of 1e-5 is taken of what it really was
  assertGradient(`${what}: x`, dx, differences(run, input), 1e-5);
}

/** No more than `most` channels: differences take two runs a weight. */
const reduced = [...GEOMETRIES, ...DEPTHWISE].map((shape) => {
  const { inputs, filters, groups } = shape;
  const depthwise = groups === inputs;
  const g = depthwise ? 3 : groups;
  return {
    ...shape,
    groups: g,
    inputs: depthwise ? 3 : g * (inputs % 2 === 0 ? 2 : 1),
    filters: g * (filters > inputs ? 2 : 1),
  };
});

for (const shape of reduced) {
  test(`gradients of a convolution ${nameOf(shape)}`, () => {
    const { window, inputs, filters, groups } = shape;
    const fields = { layer: 'conv', window, groups } as const;
    check('conv', {
      input: mapOf('x', 'step', window.input, inputs),
      output: mapOf('y', 'step', window.output, filters),
      learned: { w: weightShape(shape), b: [1, filters] },
      forward: [{ kernel: 'conv', ...fields, x: 'x', weight: 'w', bias: 'b', y: 'y' }],
      backward: [{ kernel: 'conv-backward', ...fields, dy: 'dy', weight: 'w', dx: 'dx' }],
      gradients: [
        { kernel: 'conv-gradient', ...fields, x: 'x', dy: 'dy', dWeight: 'dw' },
        { kernel: 'sum-gradient', layer: 'conv', dy: 'dy', dVector: 'db' },
      ],
    });
  });
}

const POOLS: readonly Window[] = [
  windowOf([5, 7], [3, 2], { stride: [2, 3], padding: [1, 0] }),
  windowOf([5, 7], [2, 2], { dilation: [2, 3] }),
  windowOf([5, 7], [2, 2], { stride: [2, 2], more: [1, 1] }),
];

test('gradients of pools: overlapping, dilated, hanging over the edge', () => {
  for (const [k, window] of POOLS.entries())
    for (const mode of ['max', 'average'] as const) {
      const fields = { layer: 'pool', window, mode, x: 'x' } as const;
      check(`${mode} pool ${k}`, {
        ...{ input: mapOf('x', 'step', window.input, 3), output: mapOf('y', 'step', window.output, 3), timesteps: 2 },
        forward: [{ kernel: 'pool', ...fields, y: 'y' }],
        backward: [{ kernel: 'pool-backward', ...fields, dy: 'dy', dx: 'dx' }],
      });
    }
});

test('gradients of a batch norm through its statistics', () => {
  for (const [rows, repeats, factor] of [
    ['step', 1, 0.5],
    ['sample', 4, 1],
  ] as const) {
    const fields = {
      ...{ layer: 'bn', x: 'x', gamma: 'gamma', factor, epsilon: 0.01, batchMean: 'm', batchDeviation: 'd', repeats },
    };
    check(`norm a ${rows}`, {
      ...{
        input: mapOf('x', rows, [3, 5], 3),
        output: mapOf('y', rows, [3, 5], 3),
        timesteps: rows === 'step' ? 2 : 1,
      },
      learned: { gamma: [1, 3], beta: [1, 3] },
      vectors: { m: 3, d: 3, mean: 3, variance: 3 },
      forward: [
        {
          ...{
            kernel: 'batch-norm',
            ...fields,
            beta: 'beta',
            mean: 'mean',
            variance: 'variance',
            momentum: 0.1,
            y: 'y',
          },
          statistics: 'batch',
        },
      ],
      backward: [{ kernel: 'batch-norm-backward', ...fields, dy: 'dy', dx: 'dx', dGamma: 'dgamma', dBeta: 'dbeta' }],
    });
  }
});

test('gradients of ReLU6, leaky ReLU and softmax', () => {
  const map = (id: string): TensorSpec => mapOf(id, 'sample', [3, 5], 3);
  for (const form of [{ form: 'relu6' } as const, { form: 'leaky-relu', slope: 0.125 } as const])
    check(form.form, {
      ...{ input: map('x'), output: map('y') },
      forward: [{ kernel: 'activation', layer: 'act', ...form, x: 'x', y: 'y' }],
      backward: [{ kernel: 'activation-backward', layer: 'act', ...form, x: 'x', dy: 'dy', dx: 'dx' }],
    });
  check('softmax', {
    ...{ input: tensorOf('x', 'sample', 7), output: tensorOf('y', 'sample', 7) },
    forward: [{ kernel: 'softmax', layer: 'soft', x: 'x', y: 'y' }],
    backward: [{ kernel: 'softmax-backward', layer: 'soft', y: 'y', dy: 'dy', dx: 'dx' }],
  });
});

/** Two convolutions of one input, joined: their gradients meet in it. */
function joined(mode: JoinMode): Layer {
  const window = windowOf([3, 5], [1, 1]);
  const map = (id: string, channels = 2): TensorSpec => mapOf(id, 'sample', [3, 5], channels);
  const conv = { window, groups: 1, x: 'x' };
  const ends = mode === 'add' ? (['dy', 'dy'] as const) : (['da', 'db'] as const);
  return {
    ...{
      input: map('x', 3),
      output: map('y'),
      tensors: [...['a', 'b', 'da', 'db'].map((id) => map(id)), map('one', 3), map('two', 3)],
    },
    learned: { u: [3, 2], v: [3, 2] },
    forward: [
      { kernel: 'conv', layer: 'u', ...conv, weight: 'u', y: 'a' },
      { kernel: 'conv', layer: 'v', ...conv, weight: 'v', y: 'b' },
      { kernel: 'join', layer: 'join', mode, a: 'a', b: 'b', y: 'y' },
    ],
    backward: [
      ...(mode === 'add'
        ? []
        : [{ kernel: 'join-backward', layer: 'join', mode, a: 'a', b: 'b', dy: 'dy', da: 'da', db: 'db' } as const]),
      { kernel: 'conv-backward', layer: 'u', window, groups: 1, dy: ends[0], weight: 'u', dx: 'one' },
      { kernel: 'conv-backward', layer: 'v', window, groups: 1, dy: ends[1], weight: 'v', dx: 'two' },
      { kernel: 'accumulate', layer: 'x', a: 'one', b: 'two', y: 'dx' },
    ],
    gradients: (['u', 'v'] as const).map((id, k) => ({
      ...{ kernel: 'conv-gradient', layer: id, window, groups: 1, x: 'x', dy: ends[k]!, dWeight: `d${id}` },
    })),
  };
}

test('gradients of joins, summed where a signal is read twice', () => {
  for (const mode of ['add', 'and', 'iand'] as const) check(mode, joined(mode));
});

test('gradients of a constant signal joined with one that goes through time', () => {
  const map = (id: string, rows: TensorSpec['rows']): TensorSpec => mapOf(id, rows, [3, 5], 3);
  const dynamics = {
    ...({ a: 'a', b: 'b', c: 'c', tie: '>=', reset: 'none', resetValue: 0, moment: 'same-step' } as const),
    ...({ dropsInput: false, detachReset: true, surrogate: 'atan', slope: 2, initialMembrane: 0.25 } as const),
  };
  const neuron = { layer: 'li', dynamics, current: 'x', charge: 'u', membrane: 'm' };
  for (const mode of ['add', 'and', 'iand'] as const) {
    const [da, db] = mode === 'add' ? (['dy', 'dy'] as const) : (['da', 'db'] as const);
    check(`${mode} of rows`, {
      ...{ timesteps: 3, input: map('x', 'sample'), output: map('y', 'step'), vectors: { a: 3, b: 3, c: 3 } },
      tensors: [...['u', 'm', 'db'].map((id) => map(id, 'step')), map('da', 'sample'), map('dCurrent', 'sample')],
      forward: [
        { kernel: 'neuron', ...neuron },
        { kernel: 'join', layer: 'join', mode, a: 'x', b: 'm', y: 'y' },
      ],
      backward: [
        ...(mode === 'add'
          ? []
          : [{ kernel: 'join-backward', layer: 'join', mode, a: 'x', b: 'm', dy: 'dy', da: 'da', db: 'db' } as const]),
        { kernel: 'neuron-backward', ...neuron, dMembrane: db, dCurrent: 'dCurrent' },
        { kernel: 'accumulate', layer: 'x', a: da, b: 'dCurrent', y: 'dx' },
      ],
    });
  }
});

test('a quantized activation by hand: steps of c / L, straight through, and its ceiling', () => {
  const form = { form: 'quantized', levels: 4, ceiling: 'c' } as const;
  const plan: Plan = {
    ...EMPTY,
    tensors: ['x', 'y', 'dx', 'dCeiling'].map((id) => tensorOf(id, 'sample', id === 'dCeiling' ? 1 : 7)),
    parameters: [parameterOf('c', 1, 1)],
    forward: [load('x'), { kernel: 'activation', layer: 'q', ...form, x: 'x', y: 'y' }],
    backward: [{ kernel: 'activation-backward', layer: 'q', ...form, x: 'x', dy: 'x', dx: 'dx', dCeiling: 'dCeiling' }],
  };
  const program = referenceBackend().compile(plan, { samples: 1 });
  program.write('c', [2]);
  // steps at 0.25, 0.75, 1.25, 1.75; straight through between -0.25 and 1.75
  program.run(batchOf(1, Float32Array.of(-0.5, -0.125, 0.125, 0.25, 1.5, 1.625, 5)));
  assertSame('y', program.tensor('y'), [0, 0, 0, 0.5, 1.5, 1.5, 2]);
  assertSame('dx', program.tensor('dx'), [0, -0.125, 0.125, 0.25, 1.5, 1.625, 0]);
  const inside = -0.125 * 0.125 + 0.125 * -0.125 + 0.25 * 0.25 + 0 + 1.625 * -0.125;
  assertSame('dCeiling', program.tensor('dCeiling'), [inside / 2 + 5]);
});
