// Convolutional and residual networks: what is noted of them, on both backends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallCnn, smallCnnWeights, smallMaps } from '../../test/fixtures/small-cnn.ts';
import { referenceBackend, wasmBackend } from '../engine/index.ts';
import {
  averagePool,
  batchNorm,
  conv,
  dense,
  flatten,
  integrator,
  lif,
  network,
  slot,
  softmax,
} from '../model/index.ts';
import { batchSizeFor } from './batch-size.ts';
import { eventsPerSample, simulateNetwork, simulateStream, synopsPerSample } from './index.ts';
import type { SimulateOptions, SimulationResult } from './options.ts';
import { latencyOf } from './stream.ts';

const TIMESTEPS = 6;
const data = smallMaps(7);
const spec = smallCnn();
const weights = smallCnnWeights(spec);
const options: SimulateOptions = {
  mode: 'snn',
  timesteps: TIMESTEPS,
  encoder: { kind: 'rate', gain: 1, offset: 0 },
  rasterSamples: 7,
};

const run = (more: Partial<SimulateOptions> = {}) =>
  simulateNetwork(referenceBackend(), spec, weights, data, { ...options, ...more });
const timeless = ({ seconds: _, totalSeconds: __, bytes: ___, ...rest }: SimulationResult): unknown => rest;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test('layers read what the network says, not only the layer before', async () => {
  const { trace } = await run();
  assert.deepEqual(
    trace.layers.map(({ kind, layer, reads }) => [kind, layer, reads]),
    [
      ['encoder', 'input', undefined],
      ['conv', 'conv1', undefined],
      ['neuron', 'lif1', undefined],
      ['conv', 'conv2', undefined],
      ['join', 'sum', ['conv2', 'lif1']],
      ['neuron', 'lif2', undefined],
      ['pool', 'pool', undefined],
      ['dense', 'fc', undefined],
      ['neuron', 'out', undefined],
    ],
  );
});

test('a batch norm, an average pool and a softmax are noted for what they are', async () => {
  const ann = network(
    'ann',
    [5, 7, 2],
    [
      conv('conv1', 4, 3),
      batchNorm('bn1'),
      slot('act1', lif(), { ann: 'relu6' }),
      averagePool('pool1', [3, 5]),
      flatten(),
      dense('fc', 3),
      slot('out', integrator(), { ann: 'identity' }),
      softmax(),
    ],
  );
  const result = await simulateNetwork(referenceBackend(), ann, smallCnnWeights(ann), data, {
    mode: 'ann',
    timesteps: 1,
  });
  assert.deepEqual(
    result.trace.layers.map((activity) => activity.kind),
    ['encoder', 'conv', 'batch-norm', 'activation', 'pool', 'dense', 'softmax'],
  );
  const [activation, pool] = [result.trace.layers[3]!, result.trace.layers[4]!];
  assert.ok(activation.kind === 'activation' && activation.form === 'relu6' && pool.kind === 'pool');
  assert.deepEqual(activation.nonzeroOut, pool.nonzeroIn);
  assert.deepEqual([pool.input, pool.executions, pool.reachedPixels], ['analog', 1, undefined]);
  assert.deepEqual([...new Set(result.trace.layers.map(({ reads }) => reads))], [undefined]);
});

test('overlapping windows are counted as often as they hold a spike', async () => {
  const { trace, rasters } = await run();
  const pool = trace.layers.find(({ kind }) => kind === 'pool')!;
  assert.ok(pool.kind === 'pool');
  // windows of 3 at stride 2 on [5, 7]: rows 0-2, 2-4, columns 0-2, 2-4, 4-6
  const [rows, columns] = [
    [1, 1, 2, 1, 1],
    [1, 1, 2, 1, 2, 1, 1],
  ];
  const reach = (neuron: number): number => rows[Math.floor(neuron / 28)]! * columns[Math.floor(neuron / 4) % 7]!;
  const spikes = rasters.flatMap(({ layers }) => layers.find(({ layer }) => layer === 'lif2')!.spikes);
  assert.ok(spikes.length > 20);
  assert.equal(sum([...pool.reachedPixels!]), sum(spikes.map(([, neuron]) => reach(neuron))));
});

test('results do not depend on the batch size', async () => {
  const own = smallCnn(integrator());
  const at = (batchSize: number) =>
    simulateNetwork(referenceBackend(), own, weights, data, { ...options, batchSize, membraneChanges: true });
  const whole = timeless(await at(7));
  assert.deepEqual(timeless(await at(1)), whole);
  assert.deepEqual(timeless(await at(3)), whole);
});

test('one image at a time, event by event, is what a batch computes', async () => {
  for (const path of ['events', 'dense'] as const) {
    const backend = await wasmBackend({ threads: 1, path });
    try {
      const batched = await simulateNetwork(backend, spec, weights, data, options);
      const stream = await simulateStream(backend, spec, weights, data, options);
      assert.deepEqual(timeless(stream.result), timeless(batched));
      assert.equal(stream.secondsPerSample.length, 7);
      assert.ok(stream.latency.median > 0 && stream.latency.p95 >= stream.latency.median);
      assert.ok(Math.abs(stream.result.seconds - sum([...stream.secondsPerSample])) < 1e-9);
      const events = sum([...stream.eventsPerSample]);
      assert.ok(events > 0 && Math.abs(stream.eventsPerSecond * stream.result.seconds - events) < 1e-6 * events);
      assert.deepEqual(stream.synopsPerSample, synopsPerSample(batched.trace));
      assert.deepEqual(stream.eventsPerSample, eventsPerSample(batched.trace));
    } finally {
      await backend.close();
    }
  }
  const refused = simulateStream(referenceBackend(), spec, weights, data, { ...options, warmup: -1 });
  await assert.rejects(refused, /warmup: got -1, expected a whole number of at least 0/);
});

test('latency: median between the middle two, p95 by nearest rank', () => {
  assert.deepEqual(latencyOf([4, 1, 3, 2]), { median: 2.5, p95: 4, mean: 2.5, longest: 4 });
  const many = latencyOf(Array.from({ length: 41 }, (_, i) => 40 - i));
  assert.deepEqual(many, { median: 20, p95: 38, mean: 20, longest: 40 });
});

test('neurons on a map are watched by place or by index, spikes and membrane', async () => {
  const neurons = [
    { layer: 'lif1', neurons: [[2, 3, 1], 69] },
    { layer: 'out', neurons: [2] },
  ] as const;
  const { watched, rasters } = await run({ watch: { neurons, samples: 5 }, batchSize: 2 });
  assert.deepEqual(
    watched.slice(0, 3).map(({ sample, layer, neuron, position }) => [sample, layer, neuron, position]),
    [
      [0, 'lif1', (2 * 7 + 3) * 4 + 1, [2, 3, 1]],
      [0, 'lif1', 69, [2, 3, 1]],
      [0, 'out', 2, undefined],
    ],
  );
  assert.equal(watched.length, 15);
  for (const { sample, layer, neuron, membrane, spikes } of watched) {
    assert.equal(membrane.length, TIMESTEPS);
    const raster = rasters[sample]!.layers.find((each) => each.layer === layer)!;
    assert.deepEqual(
      spikes,
      raster.spikes.filter(([, n]) => n === neuron).map(([t]) => t),
    );
  }
  assert.ok(watched.some(({ membrane }) => membrane.some((value) => value !== 0)));
});

test('what cannot be watched is refused in words', async () => {
  const watch = (layer: string, ...chosen: (number | readonly [number, number, number])[]) =>
    run({ watch: { neurons: [{ layer, neurons: chosen }] } });
  await assert.rejects(watch('conv1', 0), /watch: got layer "conv1", expected one with neurons: lif1, lif2, out/);
  await assert.rejects(
    watch('lif1', 140),
    /layer "lif1" has no neuron 140; its shape is \[5, 7, 4\], expected an index b/,
  );
  await assert.rejects(watch('lif1', [5, 0, 0]), /no neuron \[5, 0, 0\]; .* below 140 or \[y, x, channel\]/);
  await assert.rejects(watch('out', [0, 0, 0]), /no neuron \[0, 0, 0\]; its shape is \[3\], expected an index below 3/);
  const ann = run({ mode: 'ann', timesteps: 1, encoder: { kind: 'constant' }, watch: { neurons: [] } });
  await assert.rejects(ann, /watch: got an ANN, which has no membranes/);
});

test('rasters of large layers show evenly spaced neurons, and say so', async () => {
  const [all, some] = [await run(), await run({ rasterNeurons: 50 })];
  const [whole, thinned] = [all.rasters[0]!.layers[0]!, some.rasters[0]!.layers[0]!];
  assert.deepEqual([whole.every, thinned.every, thinned.neurons], [undefined, 3, 140]);
  assert.deepEqual(
    thinned.spikes,
    whole.spikes.filter(([, neuron]) => neuron % 3 === 0),
  );
});

test('rates over the first samples alone, whatever the batch', async () => {
  const { trace, rates, rasters } = await run({ rateSamples: 3, batchSize: 2 });
  const shown = rasters.slice(0, 3).flatMap(({ layers }) => layers[0]!.spikes);
  const perNeuron = Array.from({ length: 140 }, (_, n) => shown.filter(([, neuron]) => neuron === n).length);
  assert.deepEqual(
    rates[0]!.rates,
    perNeuron.map((spikes) => spikes / (3 * TIMESTEPS)),
  );
  const lif1 = trace.layers[2]!;
  assert.ok(lif1.kind === 'neuron' && lif1.silentNeurons === perNeuron.filter((spikes) => spikes === 0).length);
  const whole = (await run()).trace.layers[2]!;
  assert.deepEqual(whole.kind === 'neuron' && whole.spikes, lif1.spikes);
  await assert.rejects(run({ rateSamples: 0 }), /rateSamples: got 0, expected a whole number of at least 1/);
});

test('batches shrink as more is read after them', () => {
  const plan = (features: number, timesteps: number) =>
    ({
      timesteps,
      tensors: [{ id: 'x', rows: 'step', features, values: 'spikes', keep: 'batch' }],
    }) as unknown as Parameters<typeof batchSizeFor>[0];
  assert.equal(batchSizeFor(plan(10, 5), undefined), 256);
  assert.equal(batchSizeFor(plan(32768, 50), undefined), 40);
  assert.equal(batchSizeFor(plan(2 ** 30, 50), undefined), 1);
  assert.equal(batchSizeFor(plan(32768, 50), 9), 9);
});
