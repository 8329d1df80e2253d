// Gradients of whole networks of maps, norms and joins against central differences; for the method see gradients.test.ts. In a
// spiking network the layers between are integrators, which are smooth.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGradients, gradientsOf, prepare, repeated } from '../../test/fixtures/network-gradients.ts';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  depthwise,
  dropout,
  flatten,
  globalPool,
  integrator,
  join,
  type LayerSpec,
  lif,
  maxPool,
  network,
  plif,
  slot,
  softmax,
} from '../model/index.ts';
import type { LowerOptions } from './index.ts';

const ANN: Partial<LowerOptions> = {
  mode: 'ann',
  timesteps: 1,
  loss: { kind: 'cross-entropy' },
  observe: { inputGradient: true },
};
const SNN: Partial<LowerOptions> = { observe: { inputGradient: true } };
const SEQUENCE: Partial<LowerOptions> = { ...SNN, input: { source: 'floats', sequence: true } };

const check = (layers: readonly LayerSpec[], options: Partial<LowerOptions>, input = [5, 7, 2]): void =>
  assertGradients(prepare(network('n', input, layers), options));

test('convolutions: odd maps, stride, padding, dilation, groups, depthwise', () => {
  check(
    [
      conv('c1', 6, [3, 2], { stride: [2, 1], padding: [1, 0] }),
      slot('r1', lif()),
      conv('c2', 4, 3, { groups: 2, padding: 2, dilation: 2, bias: false }),
      slot('r2', lif()),
      depthwise('c3', 4, 3, { stride: 2, padding: 1 }),
      flatten(),
      dense('fc', 3),
    ],
    ANN,
  );
});

test('pools: overlapping maximum, padded average, over the whole map', () => {
  check(
    [
      conv('c1', 3, 2),
      maxPool('p1', 3, { stride: 2, padding: 1 }),
      conv('c2', 4, 2, { padding: 1 }),
      averagePool('p2', [2, 3], { stride: 1, padding: 1 }),
      slot('r2', lif()),
      globalPool('p3', 'average'),
      flatten(),
      dense('fc', 3),
    ],
    ANN,
  );
  check([conv('c1', 3, 2), globalPool('p', 'max')], ANN);
});

test('a residual block: the signal that two layers read gets the sum of their gradients', () => {
  check(
    [
      conv('c1', 3, 3, { padding: 'same', bias: false }),
      batchNorm('bn1'),
      slot('r1', lif()),
      conv('c2', 3, 3, { padding: 'same', bias: false }),
      batchNorm('bn2', { epsilon: 0.1 }),
      conv('short', 3, 1, { from: 'r1', bias: false }),
      add('sum', 'bn2', 'short'),
      add('again', 'sum', 'r1'),
      slot('r2', lif()),
      globalPool('pool', 'average'),
      flatten(),
      dense('fc', 3, { bias: false }),
      batchNorm('bn3'),
      softmax(),
    ],
    ANN,
  );
});

test('products of signals, and the input read as a map and as it lies', () => {
  for (const mode of ['and', 'iand'] as const)
    check(
      [
        conv('a', 3, 3),
        conv('b', 3, [3, 3], { from: 'input' }),
        join('j', mode, ['a', 'b']),
        flatten('f'),
        dense('fa', 3),
        flatten('raw', { from: 'input' }),
        dense('fb', 3),
        add('out', 'fa', 'fb'),
      ],
      ANN,
      [3, 4, 2],
    );
});

test('activations: ReLU6, leaky ReLU, and dropout on a map', () => {
  check(
    [
      conv('c1', 3, 3),
      slot('l', lif(), { ann: { kind: 'leaky-relu', slope: 0.2 } }),
      dropout('drop', 0.3),
      conv('c2', 4, 2, { bias: false }),
      batchNorm('bn', { threshold: 5 }),
      slot('r6', lif(), { ann: 'relu6' }),
      flatten(),
      dense('fc', 3),
    ],
    ANN,
  );
});

test('a quantised activation of very many levels is a clipped one, whose ceiling has a difference quotient', () => {
  const ann = { kind: 'quantized', levels: 2 ** 28, ceiling: 0.5 } as const;
  check([conv('c1', 3, 3), slot('q1', lif(), { ann }), flatten(), dense('fc', 3)], ANN);
  check([slot('q0', lif(), { ann }), flatten(), dense('fc', 3)], { ...ANN, observe: {} });
});

const BLOCK: readonly LayerSpec[] = [
  conv('c1', 2, 2, { bias: false }),
  batchNorm('bn1', { threshold: 0.7 }),
  slot('li1', integrator({ beta: 0.6 })),
  dropout('drop', 0.3),
  conv('c2', 2, 1, { bias: false }),
  batchNorm('bn2'),
  slot('li2', integrator({ beta: 0.5 })),
];

test('a spiking network through time: norms over all steps, joins, dropout held over the steps', () => {
  for (const mode of ['add', 'and', 'iand'] as const)
    for (const options of [SNN, SEQUENCE])
      check(
        [...BLOCK, join('j', mode, ['li1', 'li2']), averagePool('p', 2), flatten(), dense('fc', 3)],
        options,
        [3, 5, 2],
      );
});

test('a constant drive joined with a signal of every step', () => {
  check(
    [
      conv('c1', 3, 2),
      slot('li1', integrator({ beta: 0.6 })),
      conv('c2', 3, 1),
      batchNorm('bn'),
      add('j', 'c1', 'bn'),
      join('k', 'iand', ['c2', 'c1']),
      add('sum', 'j', 'k'),
      globalPool('p', 'average'),
    ],
    SNN,
    [3, 4, 2],
  );
});

test('learned decays of a map, one for the layer and one for each channel, and a membrane read behind a flatten', () => {
  const learn = { decay: true };
  const never = { threshold: 1e6 };
  for (const neuron of [
    plif({ ...never, tau: 2.5, inputDecay: true, rest: 0.3, learn }),
    plif({ ...never, tau: [2, 2.5, 4], inputDecay: false, rest: -0.2, learn }),
    lif({ ...never, beta: [0.3, 0.6, 0.9], learn }),
  ])
    check([conv('c1', 3, 3), slot('out', neuron), flatten()], SNN, [3, 4, 2]);
});

test('a constant input gives the same gradients and running statistics hoisted or repeated at every step', () => {
  const learn = { decay: true, threshold: true };
  const block: readonly LayerSpec[] = [
    conv('c1', 3, 3, { padding: 'same', bias: false }),
    batchNorm('bn1'),
    slot('s1', lif({ threshold: 0.4, learn })),
    maxPool('max', 2),
    conv('c2', 3, 3, { padding: 'same', bias: false }),
    batchNorm('bn2'),
    slot('s2', plif({ threshold: [0.05, 0.1, 0.15], learn })),
  ];
  for (const mode of ['add', 'and', 'iand'] as const) {
    const spec = network('sew', [7, 6, 2], [...block, join('sew', mode, ['max', 's2']), flatten(), dense('fc', 3)]);
    const once = prepare(spec, SNN);
    const each = prepare(spec, SEQUENCE);
    const hoisted = gradientsOf(once);
    const shown = gradientsOf({ ...each, input: repeated(once) });
    for (const [id, gradient] of hoisted) {
      assert.ok(
        gradient.some((value) => Math.abs(value) > 1e-6),
        `${id} has no gradient`,
      );
      gradient.forEach((value, k) => {
        assert.ok(Math.abs(value - shown.get(id)![k]!) < 1e-12, `${id}[${k}]: ${value}, ${shown.get(id)![k]}`);
      });
    }
    for (const id of ['bn1/mean', 'bn1/variance', 'bn2/mean', 'bn2/variance'])
      once.program.read(id).forEach((value, k) => {
        const other = each.program.read(id)[k]!;
        assert.ok(
          Math.abs(value - other) < 1e-12 && value !== once.weights.get(id)![k],
          `${id}[${k}]: ${value}, ${other}`,
        );
      });
  }
});
