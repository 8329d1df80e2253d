import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largestDifference, outputsOf, randomSamples, randomWeights } from '../../test/fixtures/random-networks.ts';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  dropout,
  flatten,
  globalPool,
  type LayerSpec,
  lif,
  maxPool,
  type NetworkSpec,
  network,
  slot,
  softmax,
} from '../model/index.ts';
import { type PrepareOptions, prepareNetwork } from './index.ts';

const relu = (name: string): LayerSpec => slot(name, lif());
const leaky = (name: string, slope = 0.2): LayerSpec => slot(name, lif(), { ann: { kind: 'leaky-relu', slope } });
const build = (...layers: LayerSpec[]): NetworkSpec => network('net', [7, 9, 2], layers);
const end = [flatten(), dense('out', 3)];

/** Float32 weights that were folded once. */
const ROUNDING = 5e-6;

/** Kinds and names of what is left, after a check that the outputs are those of the original. */
function kept(spec: NetworkSpec, options: PrepareOptions = {}): readonly string[] {
  const weights = randomWeights(spec, 5);
  const samples = randomSamples(spec, 4, 6);
  const prepared = prepareNetwork(spec, weights, options);
  const [before, after] = [
    outputsOf(spec, weights, samples, 'ann'),
    outputsOf(prepared.spec, prepared.weights, samples, 'ann'),
  ];
  assert.ok(
    before.some((value) => Math.abs(value) > 0.05),
    'outputs are not all about zero',
  );
  assert.ok(largestDifference(before, after) < ROUNDING, `outputs differ by ${largestDifference(before, after)}`);
  const again = prepareNetwork(prepared.spec, prepared.weights, options);
  assert.deepEqual(again.spec, prepared.spec, 'prepared twice is prepared once');
  return prepared.spec.layers.map(({ kind, name }) => `${kind} ${name}`);
}

test('batch norms go into the convolution or dense layer before them', () => {
  const spec = build(
    conv('c1', 4, 3, { padding: 1, bias: false }),
    batchNorm('n1'),
    relu('r1'),
    conv('c2', 6, 3, { stride: 2, groups: 2 }),
    batchNorm('n2', { epsilon: 0.01, threshold: 0.7 }),
    relu('r2'),
    flatten(),
    dense('d1', 5),
    batchNorm('n3'),
    relu('r3'),
    dense('out', 3),
  );
  assert.deepEqual(kept(spec), [
    ...['conv c1', 'slot r1', 'conv c2', 'slot r2', 'flatten flatten', 'dense d1', 'slot r3', 'dense out'],
  ]);
});

test('a batch norm that follows no weights becomes a 1x1 convolution of each channel, on a flat signal it is refused', () => {
  const spec = build(
    batchNorm('n0'),
    conv('c1', 4, 3, { padding: 1 }),
    relu('r1'),
    batchNorm('n1'),
    conv('c2', 3, 3),
    relu('r2'),
    ...end,
  );
  assert.deepEqual(
    kept(spec).filter((layer) => layer.includes(' n')),
    ['conv n0', 'conv n1'],
  );
  const flat = network('flat', [4], [dense('d', 5), relu('r'), batchNorm('n'), dense('out', 3)]);
  assert.throws(
    () => prepareNetwork(flat, randomWeights(flat, 1)),
    /batch norm "n": reads "r", which has no weights of its own to fold it into; put it directly behind a dense or convolutional layer/,
  );
});

test('a norm whose layer is read by others as well is not folded into it', () => {
  const spec = build(conv('c1', 2, 1), batchNorm('n1'), add('sum', 'c1', 'n1'), relu('r1'), ...end);
  assert.deepEqual(kept(spec).slice(0, 3), ['conv c1', 'conv n1', 'join sum']);
});

test('dropout and softmax are dropped, the largest output stays the largest', () => {
  const spec = build(flatten(), dense('d1', 5), relu('r1'), dropout('drop', 0.4), dense('out', 3), softmax());
  const weights = randomWeights(spec, 5);
  const prepared = prepareNetwork(spec, weights);
  assert.deepEqual(
    prepared.spec.layers.map(({ name }) => name),
    ['flatten', 'd1', 'r1', 'out'],
  );
  const samples = randomSamples(spec, 9, 2);
  const classes = (values: Float64Array): readonly number[] =>
    Array.from({ length: 9 }, (_, i) => values.slice(3 * i, 3 * i + 3)).map((row) => row.indexOf(Math.max(...row)));
  assert.deepEqual(
    classes(outputsOf(prepared.spec, prepared.weights, samples, 'ann')),
    classes(outputsOf(spec, weights, samples, 'ann')),
  );
  assert.deepEqual(
    prepared.steps.map(({ layer }) => layer),
    ['drop', 'softmax'],
  );
});

test('average pools of spikes are folded into what reads them', () => {
  const conv3 = (...layers: LayerSpec[]): NetworkSpec =>
    build(conv('c1', 4, 3, { padding: 1 }), relu('r1'), ...layers, relu('r2'), ...end);
  const without = (spec: NetworkSpec, options?: PrepareOptions): boolean =>
    !kept(spec, options).some((layer) => layer.startsWith('pool'));
  const all = { foldLimit: Number.POSITIVE_INFINITY };
  assert.ok(without(conv3(averagePool('p', 2), conv('c2', 6, 3, { groups: 2, dilation: 1 }))));
  assert.ok(without(conv3(averagePool('p', 2), conv('c2', 6, 2, { stride: 2, dilation: 2 })), all));
  assert.ok(without(conv3(averagePool('p', 3, { stride: 2, padding: 1 }), conv('c2', 3, 2)), all));
  assert.ok(
    without(conv3(averagePool('p', [1, 3]), conv('c2', 3, 3, { padding: 1 })), all),
    'padding where windows fit',
  );
  assert.ok(
    !without(conv3(averagePool('p', 2), conv('c2', 3, 3, { padding: 1 })), all),
    'a pixel is left over: inexact',
  );
  assert.ok(
    !without(conv3(averagePool('p', 3, { stride: 1 }), conv('c2', 3, 3, { padding: 1 })), all),
    'overlap: inexact',
  );
  assert.ok(!without(conv3(averagePool('p', 2), conv('c2', 3, 3)), { foldLimit: 3.9 }));
  assert.ok(!without(conv3(averagePool('p', 2), conv('c2', 3, 3)), { foldLimit: 0 }));
});

test('average pools before a dense layer spread its rows, a global pool only if asked', () => {
  const spec = (pool: LayerSpec): NetworkSpec => build(conv('c1', 4, 3), relu('r1'), pool, ...end);
  assert.deepEqual(kept(spec(averagePool('p', 2, { padding: 1 }))), [
    'conv c1',
    'slot r1',
    'flatten flatten',
    'dense out',
  ]);
  const global = spec(globalPool('p'));
  assert.ok(kept(global).includes('pool p'));
  assert.ok(!kept(global, { foldLimit: 35 }).includes('pool p'));
  const { steps } = prepareNetwork(global, randomWeights(global, 1));
  assert.match(
    steps[0]!.effect,
    /kept, and its output counted as analog: folding takes 35.0 times the synapses, more than 5/,
  );
});

test('a max pool before its activation moves behind it and passes on spikes', () => {
  const spec = build(
    conv('c1', 4, 3, { padding: 1 }),
    maxPool('p', 2),
    relu('r1'),
    conv('c2', 3, 2),
    relu('r2'),
    maxPool('q', 2),
    ...end,
  );
  assert.deepEqual(kept(spec).slice(0, 6), ['conv c1', 'slot r1', 'pool p', 'conv c2', 'slot r2', 'pool q']);
  const modes = (options: PrepareOptions): readonly string[] =>
    prepareNetwork(spec, randomWeights(spec, 1), options).spec.layers.flatMap((layer) =>
      layer.kind === 'pool' ? [layer.mode] : [],
    );
  assert.deepEqual(modes({}), ['winner', 'winner']);
  assert.deepEqual(modes({ maxPool: 'or' }), ['max', 'max']);
  assert.deepEqual(modes({ maxPool: 'average', foldLimit: 0 }), ['average', 'average']);
  const raw = build(maxPool('p', 2), conv('c', 3, 3), relu('r'), ...end);
  assert.deepEqual(kept(raw)[0], 'pool p');
});

test('leaky ReLUs become pairs of ReLUs, through pools, flattens, sums and groups', () => {
  const spec = build(
    conv('c1', 4, 3, { groups: 2, padding: 1 }),
    leaky('l1'),
    averagePool('p', 2),
    conv('c2', 4, 2, { groups: 2 }),
    leaky('l2', 0.5),
    conv('c3', 4, 1),
    add('sum', 'l2', 'c3'),
    leaky('l3'),
    averagePool('q', 2),
    flatten(),
    dense('d', 5),
    leaky('l4'),
    dense('out', 3),
  );
  const layers = kept(spec);
  assert.deepEqual(
    layers.filter((layer) => !/ [clpqd]\d?$/.test(layer)),
    ['conv l2-join', 'join sum', 'conv l3-pairs', 'flatten flatten', 'dense out'],
  );
  const { spec: pairs } = prepareNetwork(spec, randomWeights(spec, 2));
  for (const layer of pairs.layers) if (layer.kind === 'slot') assert.equal(layer.ann, 'relu');
});

test('a leaky ReLU that pairs cannot serve is refused, one at the output is read as the identity', () => {
  const refuses = (spec: NetworkSpec, message: RegExp): void => {
    assert.throws(() => prepareNetwork(spec, randomWeights(spec, 1)), message);
  };
  refuses(
    build(conv('c', 2, 3), leaky('l'), maxPool('p', 2), ...end),
    /pool "p": takes the maximum of slot "l", a leaky ReLU.*; use average pooling \(maxPool: average\) or a ReLU/,
  );
  refuses(
    build(conv('c', 2, 3), leaky('l', -0.5), ...end),
    /slot "l": is a leaky ReLU of slope -0.5, expected 0 or more; use a ReLU/,
  );
  refuses(
    network('flat', [4], [dense('a', 5), leaky('l'), dense('b', 5), add('s', 'l', 'b'), relu('r'), dense('out', 3)]),
    /slot "l": is a leaky ReLU whose pairs of neurons meet "s".*; put a dense layer between the two, or use a ReLU/,
  );
  const last = build(flatten(), dense('out', 3), leaky('l'));
  const { spec } = prepareNetwork(last, randomWeights(last, 1));
  const output = spec.layers.at(-1)!;
  assert.ok(output.kind === 'slot' && output.ann === 'identity');
});

test('settings that cannot be are refused in words', () => {
  const spec = build(...end);
  const weights = randomWeights(spec, 1);
  assert.throws(
    () => prepareNetwork(spec, weights, { maxPool: 'sum' as 'or' }),
    /maxPool: got "sum", expected winner, or, average/,
  );
  assert.throws(
    () => prepareNetwork(spec, weights, { foldLimit: Number.NaN }),
    /foldLimit: got NaN, expected 0 or more/,
  );
  assert.throws(() => prepareNetwork(spec, new Map()), /"out\/weight" is missing/);
  const broken = new Map([...weights, ['out/bias', Float32Array.of(1, Number.NaN, 2)]]);
  assert.throws(
    () => prepareNetwork(spec, broken),
    /dense "out": "out\/bias" holds NaN or infinite values; train again/,
  );
});
