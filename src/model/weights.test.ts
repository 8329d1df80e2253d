import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng, STREAM } from '../core/index.ts';
import {
  batchNorm,
  checkWeights,
  conv,
  countParameters,
  dense,
  flatten,
  globalPool,
  initialWeights,
  integrator,
  lif,
  listParameters,
  mlp,
  network,
  plif,
  preset,
  recurrentLif,
  slot,
  softmax,
} from './index.ts';
import { drawWeights } from './weights.ts';

const learning = network(
  'learning',
  [5],
  [
    dense('fc1', 3, { init: 'pytorch' }),
    slot('plif1', plif({ tau: [2, 3, 5], threshold: 1.5, learn: { threshold: true } })),
    dense('fc2', 4, { bias: false }),
    slot('rlif2', recurrentLif({ threshold: [1, 2, 3, 4], learn: { decay: true, threshold: true }, beta: 0.7 })),
    dense('fc3', 2),
    slot('rlif3', recurrentLif({ topology: 'one-to-one' })),
  ],
);

test('parameters are listed in layer order with their sizes', () => {
  assert.deepEqual(
    listParameters(learning).map(({ key, rows, columns }) => [key, rows, columns]),
    [
      ['fc1/weight', 5, 3],
      ['fc1/bias', 1, 3],
      ['plif1/beta', 1, 3],
      ['plif1/threshold', 1, 1],
      ['fc2/weight', 3, 4],
      ['rlif2/beta', 1, 1],
      ['rlif2/threshold', 1, 4],
      ['rlif2/recurrent', 4, 4],
      ['rlif2/recurrentBias', 1, 4],
      ['fc3/weight', 4, 2],
      ['fc3/bias', 1, 2],
      ['rlif3/recurrentScale', 1, 2],
    ],
  );
  assert.equal(countParameters(learning), 15 + 3 + 3 + 1 + 12 + 1 + 4 + 16 + 4 + 8 + 2 + 2);
  assert.equal(countParameters(learning, 'ann'), 15 + 3 + 12 + 8 + 2);
  assert.equal(countParameters(preset('mnist-mlp')), 784 * 256 + 256 + 256 * 10 + 10);
});

test('start values are a function of spec and seed, in the sizes listed', () => {
  const weights = initialWeights(learning, 12);
  assert.deepEqual(
    [...weights.keys()],
    listParameters(learning).map(({ key }) => key),
  );
  checkWeights(learning, weights);
  assert.deepEqual(initialWeights(learning, 12), weights);
  assert.notDeepEqual(initialWeights(learning, 13).get('fc1/weight'), weights.get('fc1/weight'));
  assert.notDeepEqual(
    weights.get('fc1/weight')!.slice(0, 8),
    weights.get('fc3/weight'),
    'layers draw from different streams',
  );
});

test('neuron parameters start at what the spec says', () => {
  const weights = initialWeights(learning, 1);
  assert.deepEqual(weights.get('plif1/beta'), Float32Array.of(0, -Math.log(2), -Math.log(4)));
  assert.deepEqual(weights.get('plif1/threshold'), Float32Array.of(1.5));
  assert.deepEqual(weights.get('rlif2/beta'), Float32Array.of(0.7));
  assert.deepEqual(weights.get('rlif2/threshold'), Float32Array.of(1, 2, 3, 4));
  assert.deepEqual(weights.get('rlif3/recurrentScale'), Float32Array.of(1, 1));
  assert.ok(
    weights.get('rlif2/recurrent')!.every((value) => Math.abs(value) <= 0.5),
    'U(-1/sqrt(4), 1/sqrt(4))',
  );
});

test('biases start at 0, except with pytorch', () => {
  const weights = initialWeights(learning, 1);
  assert.ok(weights.get('fc3/bias')!.every((value) => value === 0));
  const bias = weights.get('fc1/bias')!;
  assert.ok(bias.every((value) => value !== 0 && Math.abs(value) <= 1 / Math.sqrt(5)));
});

const FAN_IN = 300;
const FAN_OUT = 100;
const expected = [
  ['pytorch', 1 / Math.sqrt(FAN_IN), 1 / (3 * FAN_IN)],
  ['kaiming-uniform', Math.sqrt(6 / FAN_IN), 2 / FAN_IN],
  ['kaiming-normal', null, 2 / FAN_IN],
  ['xavier-uniform', Math.sqrt(6 / (FAN_IN + FAN_OUT)), 2 / (FAN_IN + FAN_OUT)],
  ['xavier-normal', null, 2 / (FAN_IN + FAN_OUT)],
] as const;

for (const [kind, bound, variance] of expected) {
  test(`${kind}: mean 0, the variance of its formula, within its bound`, () => {
    const values = drawWeights(kind, FAN_IN, FAN_OUT, rng(3, STREAM.init));
    const n = values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const measured = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    assert.ok(Math.abs(mean) < 5 * Math.sqrt(variance / n), `mean ${mean}`);
    assert.ok(Math.abs(measured / variance - 1) < 5 * Math.sqrt(2 / n), `variance ${measured}, expected ${variance}`);
    const widest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (bound !== null)
      assert.ok(widest <= Math.fround(bound) && widest > 0.999 * bound, `widest ${widest}, bound ${bound}`);
  });
}

test('weights of another network are refused by name', () => {
  const weights = new Map(initialWeights(learning, 1));
  weights.set('fc3/weight', new Float32Array(9));
  assert.throws(() => checkWeights(learning, weights), {
    name: 'ShapeError',
    message:
      'weights of network "learning": "fc3/weight" has 9 values, expected 8 ([4, 2]); they belong to another network',
  });
  weights.delete('plif1/beta');
  assert.throws(() => checkWeights(learning, weights), {
    message: /^weights of network "learning": "plif1\/beta" is missing; got fc1\/weight, fc1\/bias/,
  });
  const ann = initialWeights(learning, 1);
  const trained = new Map([...ann].filter(([key]) => key.startsWith('fc')));
  checkWeights(learning, trained, 'ann');
  assert.throws(() => checkWeights(learning, trained), { message: /"plif1\/beta" is missing/ });
});

test('a threshold that does not learn, and an integrator, have no parameters', () => {
  const spec = mlp([3, 2], { neuron: lif(), outputNeuron: integrator() });
  assert.deepEqual(
    listParameters(spec).map(({ key }) => key),
    ['fc1/weight', 'fc1/bias'],
  );
});

test('a network larger than any memory is refused before a value is drawn', () => {
  const vast = network('vast', [1000], [dense('fc1', 100_000_000)]);
  assert.throws(() => initialWeights(vast, 1), /network "vast": 100100000000 parameters are 373 GiB.*use fewer units/);
});

const maps = network(
  'maps',
  [9, 7, 6],
  [
    conv('conv1', 10, [3, 2], { groups: 2, init: 'pytorch' }),
    batchNorm('bn1'),
    slot('plif1', plif({ tau: 2, threshold: Array(10).fill(0.5), learn: { threshold: true } }), {
      ann: { kind: 'quantized', levels: 4, ceiling: 6.5 },
    }),
    conv('conv2', 20, 3, { bias: false, init: 'xavier-uniform' }),
    globalPool('mean'),
    flatten(),
    batchNorm('bn2'),
    dense('fc', 5),
    slot('li', integrator(), { ann: 'identity' }),
    softmax(),
  ],
);

test('parameters of maps: kernels as matrices, vectors by channel, running statistics not trained', () => {
  const vectors = (layer: string, n: number) => [
    [`${layer}/scale`, 1, n, true, 'both'],
    [`${layer}/shift`, 1, n, true, 'both'],
    [`${layer}/mean`, 1, n, false, 'both'],
    [`${layer}/variance`, 1, n, false, 'both'],
  ];
  assert.deepEqual(
    listParameters(maps).map(({ key, rows, columns, trained, mode }) => [key, rows, columns, trained, mode]),
    [
      ['conv1/weight', 3 * 2 * 3, 10, true, 'both'],
      ['conv1/bias', 1, 10, true, 'both'],
      ...vectors('bn1', 10),
      ['plif1/ceiling', 1, 1, true, 'ann'],
      ['plif1/beta', 1, 1, true, 'snn'],
      ['plif1/threshold', 1, 10, true, 'snn'],
      ['conv2/weight', 90, 20, true, 'both'],
      ...vectors('bn2', 20),
      ['fc/weight', 20, 5, true, 'both'],
      ['fc/bias', 1, 5, true, 'both'],
    ],
  );
  const shared = 180 + 10 + 20 + 1800 + 40 + 105;
  assert.equal(countParameters(maps, 'ann'), shared + 1);
  assert.equal(countParameters(maps, 'snn'), shared + 1 + 10);
});

test('start values of maps: norms the identity, ceilings the spec, draws by the receptive field', () => {
  const weights = initialWeights(maps, 4);
  checkWeights(maps, weights, 'ann');
  checkWeights(maps, weights, 'snn');
  const starts = ['bn1/scale', 'bn1/shift', 'bn1/mean', 'bn1/variance'].map((key) => new Set(weights.get(key)));
  assert.deepEqual(starts, [new Set([1]), new Set([0]), new Set([0]), new Set([1])]);
  assert.deepEqual(weights.get('plif1/ceiling'), Float32Array.of(6.5));
  const widest = (key: string): number => weights.get(key)!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const close = (key: string, bound: number): void =>
    assert.ok(widest(key) <= Math.fround(bound) && widest(key) > 0.9 * bound, `${key}: ${widest(key)}, bound ${bound}`);
  close('conv1/weight', 1 / Math.sqrt(18));
  assert.ok(widest('conv1/bias') > 0 && widest('conv1/bias') <= 1 / Math.sqrt(18));
  close('conv2/weight', Math.sqrt(6 / (90 + 9 * 20)));
});

test('running statistics are checked with the weights', () => {
  const weights = new Map(initialWeights(maps, 1));
  weights.delete('bn1/variance');
  assert.throws(() => checkWeights(maps, weights, 'ann'), { message: /"bn1\/variance" is missing/ });
});

test('recurrent neurons on a map are refused', () => {
  const spec = network('r', [4, 4, 2], [conv('c', 3, 3), slot('rec', recurrentLif())]);
  assert.throws(() => listParameters(spec), {
    name: 'UnsupportedError',
    message:
      'slot "rec": recurrent neurons on a map [2, 2, 3]; put a flatten before it, or use neurons without recurrence',
  });
});
