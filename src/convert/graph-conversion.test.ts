import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largestDifference, outputsOf, randomSamples, randomWeights } from '../../test/fixtures/random-networks.ts';
import { referenceBackend } from '../engine/index.ts';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  flatten,
  globalPool,
  type LayerSpec,
  lif,
  maxPool,
  type NetworkSpec,
  network,
  type SlotSpec,
  slot,
  softmax,
} from '../model/index.ts';
import { type CalibrateOptions, type ConvertOptions, calibrate, calibrateChannels, convertNetwork } from './index.ts';

const act = (name: string, ann: SlotSpec['ann'] = 'relu'): LayerSpec => slot(name, lif(), { ann });
const build = (...layers: LayerSpec[]): NetworkSpec => network('net', [6, 6, 2], layers);
const end = [flatten(), dense('out', 3)];

interface Errors {
  readonly short: number;
  readonly long: number;
  readonly layers: readonly string[];
}

/** Largest difference to the ANN's outputs after 20 and after 640 steps; scales by the maximum over the very samples. */
async function errorsOf(
  spec: NetworkSpec,
  options: ConvertOptions & Partial<CalibrateOptions> & { channels?: boolean; ann?: NetworkSpec } = {},
): Promise<Errors> {
  const weights = randomWeights(spec, 11);
  const samples = randomSamples(spec, 2, 4);
  const measure = options.channels ? calibrateChannels : calibrate;
  const scales = await measure(referenceBackend(), spec, weights, samples, { mode: 'max', ...options });
  const converted = convertNetwork(spec, weights, scales, options);
  const expected = outputsOf(options.ann ?? spec, weights, samples, 'ann');
  const error = (timesteps: number): number =>
    largestDifference(outputsOf(converted.spec, converted.weights, samples, 'snn', timesteps), expected);
  return { short: error(20), long: error(640), layers: converted.spec.layers.map(({ name }) => name) };
}

/** Errors fall as 1/T at best: a neuron at its ceiling never makes up for the steps before its first input. */
async function approaches(spec: NetworkSpec, options?: Parameters<typeof errorsOf>[1]): Promise<readonly string[]> {
  const { short, long, layers } = await errorsOf(spec, options);
  assert.ok(short > 1e-4, 'few steps are not exact');
  assert.ok(long < short / 2 && long < 0.03, `error ${short} at T = 20, ${long} at T = 640`);
  return layers;
}

const plain = build(
  conv('c1', 4, 3, { padding: 1, bias: false }),
  batchNorm('n1'),
  act('r1'),
  averagePool('p1', 2),
  conv('c2', 6, 2, { groups: 2 }),
  act('r2'),
  ...end,
);

test('rates of a converted CNN approach the ANN, by layer and by channel, scales in weights or in thresholds', async () => {
  await approaches(plain);
  await approaches(plain, { channels: true });
  await approaches(plain, { foldLimit: 0, scaling: 'thresholds' });
  await approaches(plain, { foldLimit: 0, channels: true, scaling: 'thresholds' });
  await approaches(plain, { halfThreshold: true, scaling: 'thresholds' });
});

test('a winner pool gives the maximum, OR gives more', async () => {
  const spec = build(
    conv('c1', 4, 3, { padding: 1 }),
    act('r1'),
    maxPool('p1', 2),
    conv('c2', 5, 2),
    act('r2'),
    ...end,
  );
  await approaches(spec);
  const or = await errorsOf(spec, { maxPool: 'or' });
  assert.ok(or.long > 0.05, `error ${or.long}`);
  const averaged = build(
    conv('c1', 4, 3, { padding: 1 }),
    act('r1'),
    averagePool('p1', 2),
    conv('c2', 5, 2),
    act('r2'),
    ...end,
  );
  await approaches(spec, { maxPool: 'average', ann: averaged });
});

test('residual sums get one scale: a 1x1 convolution on the bare branch, none on one with weights', async () => {
  const block = (skip: LayerSpec[], from: string): NetworkSpec =>
    build(
      conv('c1', 4, 3, { padding: 1 }),
      act('r1'),
      conv('c2', 4, 3, { padding: 1 }),
      act('r2'),
      conv('c3', 4, 3, { padding: 1 }),
      ...skip,
      add('sum', 'c3', from),
      act('r3'),
      globalPool('pool'),
      ...end,
    );
  assert.deepEqual(
    (await approaches(block([], 'r1'))).filter((name) => name.includes('-')),
    ['sum-r1'],
  );
  const projected = block([conv('skip', 4, 1, { from: 'r1' })], 'skip');
  assert.ok(!(await approaches(projected)).some((name) => name.includes('-')));
  await approaches(block([], 'r1'), { scaling: 'thresholds', channels: true });
});

test('inverted residuals with linear ends, and sums of spikes, convert as they are', async () => {
  const inverted = build(
    conv('stem', 3, 1),
    batchNorm('n0'),
    conv('expand', 6, 1),
    batchNorm('n1'),
    act('r1', 'relu6'),
    conv('depth', 6, 3, { padding: 1, groups: 6 }),
    batchNorm('n2'),
    act('r2', 'relu6'),
    conv('project', 3, 1),
    batchNorm('n3'),
    add('sum', 'n3', 'n0'),
    conv('last', 4, 3),
    act('r3', 'relu6'),
    globalPool('pool'),
    ...end,
  );
  const layers = await approaches(inverted, { channels: true });
  assert.ok(!layers.some((name) => name.includes('-')), 'linear signals keep the scale 1');
  const sew = build(
    conv('c1', 4, 1),
    act('r1'),
    conv('c2', 4, 3, { padding: 1 }),
    act('r2'),
    add('sum', 'r1', 'r2'),
    conv('c3', 3, 3),
    act('r3'),
    ...end,
  );
  assert.ok((await approaches(sew)).includes('sum-r2'));
});

test('a residual sum of flat signals shares one scale', async () => {
  const spec = network(
    'flat',
    [5],
    [dense('a', 6), act('r1'), dense('b', 6), add('sum', 'r1', 'b'), act('r2'), dense('out', 3)],
  );
  await approaches(spec);
  const weights = randomWeights(spec, 1);
  const { slots } = convertNetwork(
    spec,
    weights,
    new Map([
      ['r1', 2],
      ['r2', 5],
    ]),
  );
  assert.deepEqual(
    slots.map(({ scale }) => scale),
    [5, 5],
  );
});

test('ReLU6 saturates at 6, leaky ReLUs go below 0', async () => {
  const spec = build(
    conv('c1', 4, 3),
    act('r1', 'relu6'),
    conv('c2', 4, 2),
    act('r2', { kind: 'leaky-relu', slope: 0.3 }),
    ...end,
  );
  await approaches(spec);
  const weights = new Map(randomWeights(spec, 1));
  weights.set(
    'c1/weight',
    weights.get('c1/weight')!.map((value) => 8 * value),
  );
  const samples = randomSamples(spec, 3, 4);
  const scales = await calibrate(referenceBackend(), spec, weights, samples, { mode: 'max' });
  assert.equal(scales.get('r1'), 6);
  const { slots } = convertNetwork(spec, weights, new Map([...scales, ['r1', 9]]));
  assert.equal(slots[0]!.scale, 6);
});

test('a quantised activation converts exactly at as many steps as it has levels', async () => {
  const levels = 8;
  const one = network('q', [5], [dense('a', 7), act('q', { kind: 'quantized', levels, ceiling: 2 }), dense('out', 3)]);
  const weights = new Map([...randomWeights(one, 3), ['q/ceiling', Float32Array.of(1.5)]]);
  const samples = randomSamples(one, 20, 5);
  const converted = convertNetwork(one, weights, new Map());
  const [expected, got] = [
    outputsOf(one, weights, samples, 'ann'),
    outputsOf(converted.spec, converted.weights, samples, 'snn', levels),
  ];
  assert.ok(largestDifference(expected, got) < 1e-5, `${largestDifference(expected, got)}`);
  assert.deepEqual(converted.slots, [{ slot: 'q', scale: 1.5, fires: true }]);
  const bad = new Map([...weights, ['q/ceiling', Float32Array.of(-1)]]);
  assert.throws(() => convertNetwork(one, bad, new Map()), /q\/ceiling: got -1, expected a positive number/);
});

test('thresholds instead of weights give the same spikes', () => {
  const spec = network('t', [4], [dense('a', 6), act('r1'), dense('b', 5), act('r2'), dense('out', 3)]);
  const weights = randomWeights(spec, 9);
  const samples = randomSamples(spec, 10, 3);
  const scales = new Map([
    ['r1', 0.5],
    ['r2', 2],
  ]);
  const inWeights = convertNetwork(spec, weights, scales);
  const inThresholds = convertNetwork(spec, weights, scales, { scaling: 'thresholds' });
  assert.deepEqual(inThresholds.weights.get('b/weight'), weights.get('b/weight'));
  const thresholds = inThresholds.spec.layers.flatMap((layer) =>
    layer.kind === 'slot' ? [layer.neuron.threshold] : [],
  );
  assert.deepEqual(thresholds, [0.5, 4]);
  const run = ({ spec: own, weights: values }: typeof inWeights): Float64Array =>
    outputsOf(own, values, samples, 'snn', 33);
  assert.ok(largestDifference(run(inWeights), run(inThresholds)) < 1e-4);
});

test('what no pass can convert is refused by layer', () => {
  const refuses = (
    spec: NetworkSpec,
    message: RegExp,
    options: ConvertOptions = {},
    scales = new Map<string, number | number[]>([
      ['r', 1],
      ['s', 2],
    ]),
  ): void => {
    assert.throws(() => convertNetwork(spec, randomWeights(spec, 1), scales, options), message);
  };
  const joined = (mode: 'and' | 'iand'): NetworkSpec =>
    build(
      conv('a', 2, 1),
      act('r'),
      conv('b', 2, 1),
      act('s'),
      { kind: 'join', name: 'j', mode, from: ['r', 's'] },
      ...end,
    );
  refuses(joined('and'), /join "j": joins by and, a product as an ANN.*; join by add and train again/);
  refuses(joined('iand'), /join "j": joins by iand/);
  const flat = network(
    'f',
    [4],
    [dense('a', 3), act('r'), dense('b', 3), act('s'), add('j', 'r', 's'), dense('out', 2), softmax()],
  );
  refuses(
    flat,
    /join "j": adds "s", which has no weights of its own to bring it to the scale of the sum; put a dense layer before it/,
  );
  const map = build(conv('a', 2, 1), act('r'), ...end);
  refuses(map, /scales.r: got 3 values, expected one number or 2, one a channel/, {}, new Map([['r', [1, 2, 3]]]));
  const half = { scaling: 'thresholds', halfThreshold: true } as const;
  refuses(
    map,
    /scaling: got thresholds, one a channel, for slot "r", whose membranes start at half/,
    half,
    new Map([['r', [1, 2]]]),
  );
});
