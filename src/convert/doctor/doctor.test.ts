import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largestDifference, outputsOf, randomSamples, randomWeights } from '../../../test/fixtures/random-networks.ts';
import type { Dataset } from '../../data/index.ts';
import { referenceBackend } from '../../engine/index.ts';
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
  network,
  type SlotSpec,
  slot,
  type Weights,
} from '../../model/index.ts';
import { calibrate, calibrateChannels, calibrateOffsets, convertNetwork, diagnoseConversion } from '../index.ts';

const act = (name: string, ann: SlotSpec['ann'] = 'relu'): LayerSpec => slot(name, lif(), { ann });
const backend = referenceBackend();

/** Two inputs straight to two neurons and on to two outputs. */
const wires = network('wires', [2], [dense('a', 2), act('r'), dense('b', 2), act('s'), dense('out', 2)]);
const identity: Weights = new Map(
  ['a', 'b', 'out'].flatMap((name) => [
    [`${name}/weight`, Float32Array.of(1, 0, 0, 1)],
    [`${name}/bias`, new Float32Array(2)],
  ]),
);
const samplesOf = (...values: number[]): Dataset => ({
  ...{ name: 'd', source: 'test', classes: ['a', 'b'], shape: [2], scale: 1 },
  ...{ samples: values.length / 2, values: Float32Array.from(values), labels: new Uint8Array(values.length / 2) },
});

/** From deviations, where the code sums products. */
function pearson(x: readonly number[], y: readonly number[]): number {
  const deviations = (values: readonly number[]): readonly number[] => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [dx, dy] = [deviations(x), deviations(y)];
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  return product(dx, dy) / Math.sqrt(product(dx, dx) * product(dy, dy));
}

test('a diagnosis counts what fires too little, too much, and not at all', async () => {
  const data = samplesOf(0.5, 0.05, 2, 0.25, 0.75, 0, 1, 0.5);
  const converted = convertNetwork(
    wires,
    identity,
    new Map([
      ['r', 1],
      ['s', 1],
    ]),
  );
  const diagnosis = await diagnoseConversion(backend, wires, identity, converted, data, { timesteps: 8 });
  const [first, second, output] = diagnosis.layers;
  assert.deepEqual(
    diagnosis.layers.map(({ layer, fires }) => [layer, fires]),
    [
      ['r', true],
      ['s', true],
      ['out', false],
    ],
  );
  assert.equal(first!.values, 8);
  assert.equal(first!.saturated, 1 / 8, '2 becomes 1');
  assert.equal(first!.silent, 1 / 8, '0.05 never reaches the threshold');
  assert.ok(Math.abs(first!.meanActivation - 5.05 / 8) < 1e-7);
  assert.ok(Math.abs(first!.meanRate - 4 / 8) < 1e-12);
  assert.ok(Math.abs(first!.meanError - 1.05 / 8) < 1e-7);
  const power = 0.25 + 0.05 ** 2 + 4 + 0.0625 + 0.5625 + 1 + 0.25;
  assert.ok(Math.abs(first!.relativeError - Math.sqrt((1 + 0.05 ** 2) / power)) < 1e-6);
  assert.equal(first!.ownError, first!.relativeError, 'nothing comes before it');
  assert.ok(
    Math.abs(first!.correlation! - pearson([0.5, 0.05, 2, 0.25, 0.75, 0, 1, 0.5], [0.5, 0, 1, 0.25, 0.75, 0, 1, 0.5])) <
      1e-7,
  );
  assert.ok(first!.percentileError > 0.999 && first!.percentileError <= 1.001);
  assert.ok(second!.relativeError >= second!.ownError - 1e-9);
  assert.equal(second!.saturated, 1 / 8, 'driven by the ANN it would be');
  assert.equal(output!.ownError, 0);
  assert.equal(diagnosis.samples, 4);
  assert.equal(diagnosis.annAccuracy, 1);
  assert.deepEqual(first!.scatter.length, 7, 'what is 0 in both is not drawn');
  const sum = (shares: readonly number[]): number => shares.reduce((total, share) => total + share, 0);
  assert.ok(
    Math.abs(sum(first!.histogram.rates) - 1) < 1e-12 && Math.abs(sum(first!.histogram.activations) - 1) < 1e-12,
  );
  assert.equal(first!.histogram.rates[16], 2 / 8, 'two values at a rate of 0.5');
  assert.ok(
    diagnosis.findings.some(
      ({ layer, problem }) => layer === 'r' && /12.5 % of values fire at every step/.test(problem),
    ),
  );
  assert.deepEqual(JSON.parse(JSON.stringify(diagnosis)), diagnosis);
});

test('where every activation is a whole number of spikes nothing is lost, and nothing is found', async () => {
  const data = samplesOf(0.5, 0.25, 1, 0.75, 0.25, 0);
  const converted = convertNetwork(
    wires,
    identity,
    new Map([
      ['r', 1],
      ['s', 1],
    ]),
  );
  const { layers, findings, accuracy } = await diagnoseConversion(backend, wires, identity, converted, data, {
    timesteps: 4,
  });
  for (const { relativeError, correlation, ownError } of layers.slice(0, 2)) {
    assert.equal(relativeError, 0);
    assert.equal(ownError, 0);
    assert.ok(Math.abs(correlation! - 1) < 1e-9);
  }
  assert.equal(accuracy, 1);
  assert.deepEqual(findings, []);
});

test('a bad scale shows in its own layer, and later layers only carry it on', async () => {
  const data = randomSamples(wires, 40, 3);
  const converted = convertNetwork(
    wires,
    identity,
    new Map([
      ['r', 0.2],
      ['s', 1],
    ]),
  );
  const { layers, findings } = await diagnoseConversion(backend, wires, identity, converted, data, { timesteps: 64 });
  const [bad, carried] = layers;
  assert.ok(bad!.ownError > 0.5 && bad!.saturated > 0.7);
  assert.ok(carried!.ownError < 0.02 && carried!.relativeError > 0.5);
  assert.match(findings.find(({ layer }) => layer === 'r')!.remedy, /higher percentile or the maximum/);
  assert.match(
    findings.find(({ layer, problem }) => layer === 's' && /correlation/.test(problem))!.remedy,
    /layers before/,
  );
});

const net = network(
  'net',
  [6, 6, 2],
  [
    conv('c1', 4, 3, { padding: 1 }),
    batchNorm('n1'),
    act('r1'),
    maxPool('p1', 2),
    conv('c2', 6, 2),
    act('r2', { kind: 'leaky-relu', slope: 0.1 }),
    flatten(),
    dense('out', 3),
  ],
);

test('every fix is tried on a convolutional network, the best first', async () => {
  const weights = randomWeights(net, 8);
  const data = randomSamples(net, 30, 5);
  const labels = outputsOf(net, weights, data, 'ann');
  for (let k = 0; k < 30; k++) {
    const row = labels.slice(3 * k, 3 * k + 3);
    data.labels[k] = row.indexOf(Math.max(...row));
  }
  const scales = await calibrate(backend, net, weights, data, { mode: 'percentile', percentile: 80 });
  const converted = convertNetwork(net, weights, scales);
  const trials = { calibration: data, calibrate: { mode: 'percentile', percentile: 80 } as const, samples: 20 };
  const diagnosis = await diagnoseConversion(backend, net, weights, converted, data, { timesteps: 6, fixes: trials });
  assert.equal(diagnosis.annAccuracy, 1);
  assert.ok(diagnosis.accuracy < 1);
  const { fixes } = diagnosis;
  assert.deepEqual(fixes.map(({ change }) => change).sort(), [
    'halfThreshold: true',
    'maxPool: average',
    'maxPool: or',
    'mode: least-error, errorTimesteps: 6',
    'mode: max',
    'mode: percentile, percentile: 99',
    'mode: percentile, percentile: 99.9',
    'mode: percentile, percentile: 99.99',
    'offsetTimesteps: 6',
    'perChannel: true',
    'timesteps: 12',
  ]);
  assert.ok(fixes.every(({ gain }, i) => i === 0 || gain <= fixes[i - 1]!.gain));
  assert.ok(fixes[0]!.gain > 0);
  assert.equal(fixes.find(({ change }) => change === 'timesteps: 12')!.timesteps, 12);
  assert.match(diagnosis.findings.at(-1)!.remedy, /gains most of what was tried/);
  assert.deepEqual(
    diagnosis.layers.map(({ layer }) => layer),
    ['r1', 'r2', 'out'],
  );
  for (const { relativeError, values } of diagnosis.layers)
    assert.ok(relativeError > 0 && relativeError < 2 && values > 0);
});

test('calibrated starts bring rates closer to the activations they were calibrated on', async () => {
  const spec = network(
    'net',
    [6, 6, 2],
    [conv('c1', 4, 3), act('r1'), averagePool('p', 2), conv('c2', 6, 2), act('r2'), flatten(), dense('out', 3)],
  );
  const weights = randomWeights(spec, 8);
  const data = randomSamples(spec, 60, 5);
  const scales = await calibrate(backend, spec, weights, data, { mode: 'max' });
  const converted = convertNetwork(spec, weights, scales);
  const timesteps = 5;
  const calibrated = await calibrateOffsets(backend, converted, data, { timesteps, batchSize: 17 });
  const expected = outputsOf(spec, weights, data, 'ann');
  const error = ({ spec: own, weights: values }: typeof converted): number => {
    const got = outputsOf(own, values, data, 'snn', timesteps);
    return Math.sqrt(got.reduce((sum, value, k) => sum + (value - expected[k]!) ** 2, 0) / got.length);
  };
  assert.ok(error(calibrated) < 0.6 * error(converted), `${error(calibrated)} against ${error(converted)}`);
  const lists = calibrated.spec.layers.flatMap((layer) => (layer.kind === 'slot' ? [layer.neuron.threshold] : []));
  assert.deepEqual(
    lists.map((list) => (list as readonly number[]).length),
    [4, 6],
  );
});

test('channels that start where they started before give the same spikes', async () => {
  const data = samplesOf(0.5, 0.25, 0.3, 0.75);
  const converted = convertNetwork(
    wires,
    identity,
    new Map([
      ['r', 1],
      ['s', 1],
    ]),
    { halfThreshold: true },
  );
  const { layers } = (await calibrateOffsets(backend, converted, samplesOf(0, 0), { timesteps: 4 })).spec;
  assert.ok(
    layers.every((layer) => layer.kind !== 'slot' || [layer.neuron.threshold].flat().every((value) => value === 1)),
  );
  const same = await calibrateOffsets(backend, converted, samplesOf(0, 0), { timesteps: 4 });
  const run = (net: typeof converted): Float64Array => outputsOf(net.spec, net.weights, data, 'snn', 9);
  assert.equal(largestDifference(run(same), run(converted)), 0);
});

const residual = network(
  'residual',
  [5, 5, 2],
  [
    conv('c1', 4, 3, { padding: 1 }),
    act('r1'),
    conv('c2', 4, 3, { padding: 1 }),
    add('sum', 'c2', 'r1'),
    act('r2'),
    globalPool('g'),
    flatten(),
    dense('out', 3),
  ],
);

test('sums, scales by channel and thresholds are compared in the unit of the ANN', async () => {
  const weights = randomWeights(residual, 8);
  const data = randomSamples(residual, 12, 5);
  const scales = await calibrateChannels(backend, residual, weights, data, { mode: 'max' });
  for (const scaling of ['weights', 'thresholds'] as const) {
    const converted = convertNetwork(residual, weights, scales, { scaling });
    const { layers } = await diagnoseConversion(backend, residual, weights, converted, data, { timesteps: 200 });
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      ['r1', 'r2', 'out'],
    );
    assert.ok(Math.abs(layers[0]!.relativeError - layers[0]!.ownError) < 1e-3, 'nothing comes before it');
    for (const { relativeError, ownError, correlation } of layers)
      assert.ok(relativeError < 0.05 && ownError < 0.05 && correlation! > 0.99);
  }
});

test('neurons behind a sum start together', async () => {
  const weights = randomWeights(residual, 8);
  const data = randomSamples(residual, 12, 5);
  const converted = convertNetwork(
    residual,
    weights,
    await calibrate(backend, residual, weights, data, { mode: 'max' }),
  );
  const { spec } = await calibrateOffsets(backend, converted, data, { timesteps: 4 });
  const [first, second] = spec.layers.flatMap((layer) => (layer.kind === 'slot' ? [layer.neuron] : []));
  assert.ok(typeof first!.threshold === 'object' && first!.initialMembrane === 0.5);
  assert.ok(second!.threshold === 1 && second!.initialMembrane > 0);
});

test('samples that are not there and a stop on request end in words', async () => {
  const converted = convertNetwork(
    wires,
    identity,
    new Map([
      ['r', 1],
      ['s', 1],
    ]),
  );
  const data = samplesOf(1, 2);
  const diagnose = (options: object): Promise<unknown> =>
    diagnoseConversion(backend, wires, identity, converted, data, { timesteps: 4, ...options });
  await assert.rejects(() => diagnose({ samples: 2 }), /samples: got 2, but "d" has 1; use at most that/);
  await assert.rejects(
    () => diagnose({ signal: AbortSignal.abort() }),
    /diagnose: stopped on request after 0 of 1 samples/,
  );
  await assert.rejects(
    () => calibrateOffsets(backend, converted, data, { timesteps: 4, signal: AbortSignal.abort() }),
    /calibrate offsets: stopped on request after 0 of 1 samples/,
  );
});
