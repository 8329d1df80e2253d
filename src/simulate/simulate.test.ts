import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import {
  dense,
  ifNeuron,
  initialWeights,
  integrator,
  lif,
  mlp,
  type NetworkSpec,
  network,
  recurrentLif,
  slot,
  type Weights,
} from '../model/index.ts';
import { simulateNetwork } from './index.ts';
import type { SimulateOptions, SimulationResult } from './options.ts';
import type { DenseActivity, NeuronActivity } from './trace.ts';

const SAMPLES = 11;

function randomBytes(features: number, classes = ['a', 'b', 'c']): Dataset {
  const generator = rng(4, 1);
  const values = Uint8Array.from({ length: SAMPLES * features }, () => Math.max(0, generator.below(400) - 144));
  const labels = Uint8Array.from({ length: SAMPLES }, () => generator.below(classes.length));
  return {
    name: 'random',
    source: 'test',
    classes,
    shape: [features],
    samples: SAMPLES,
    values,
    scale: 1 / 255,
    labels,
  };
}

const spec = mlp([6, 9, 3], { neuron: lif({ threshold: 0.5 }) });
const weights = initialWeights(spec, 8);
const data = randomBytes(6);

const run = (
  options: Partial<SimulateOptions> = {},
  more: { spec?: NetworkSpec; weights?: Weights; data?: Dataset } = {},
): Promise<SimulationResult> =>
  simulateNetwork(referenceBackend(), more.spec ?? spec, more.weights ?? weights, more.data ?? data, {
    mode: 'snn',
    timesteps: 7,
    encoder: { kind: 'rate', gain: 1, offset: 0 },
    ...options,
  });

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const layer = <T extends { layer: string }>(result: SimulationResult, name: string): T =>
  result.trace.layers.find((activity) => activity.layer === name) as unknown as T;

/** A result without its times and memory. */
const timeless = ({ seconds: _, totalSeconds: __, bytes: ___, ...rest }: SimulationResult): unknown => rest;

test('results do not depend on the batch size, also with random input', async () => {
  const whole = await run({ batchSize: 100, rasterSamples: 5, membraneChanges: true });
  for (const batchSize of [1, 4, 11])
    assert.deepEqual(timeless(await run({ batchSize, rasterSamples: 5, membraneChanges: true })), timeless(whole));
});

test('counts are those of the spikes that can be seen one by one', async () => {
  const result = await run({ rasterSamples: SAMPLES });
  const lif1 = layer<NeuronActivity>(result, 'lif1');
  const shown = result.rasters.map(({ layers }) => layers[0]!.spikes);
  assert.deepEqual(
    lif1.spikesPerSample,
    shown.map((spikes) => spikes.length),
  );
  assert.deepEqual(
    lif1.spikes,
    Array.from({ length: 7 }, (_, t) => sum(shown.map((spikes) => spikes.filter(([step]) => step === t).length))),
  );
  assert.ok(sum(lif1.spikes) > 0);
  const perNeuron = Array.from({ length: 9 }, (_, n) =>
    sum(shown.map((spikes) => spikes.filter(([, neuron]) => neuron === n).length)),
  );
  assert.deepEqual(result.rates[0], { layer: 'lif1', rates: perNeuron.map((count) => count / (SAMPLES * 7)) });
  assert.equal(lif1.silentNeurons, perNeuron.filter((count) => count === 0).length);
  assert.equal(lif1.saturatedNeurons, perNeuron.filter((count) => count === SAMPLES * 7).length);
  const fc2 = layer<DenseActivity>(result, 'fc2');
  assert.deepEqual([fc2.nonzeroIn, fc2.nonzeroInPerSample, fc2.executions], [lif1.spikes, lif1.spikesPerSample, 7]);
  assert.equal(fc2.input, 'spikes');
});

test('predictions follow from the output spikes, step by step', async () => {
  const result = await run({ rasterSamples: SAMPLES });
  result.rasters.forEach(({ sample, label, prediction, layers }) => {
    assert.equal(label, data.labels[sample]);
    for (let t = 0; t < 7; t++) {
      const counts = [0, 0, 0];
      for (const [step, c] of layers[1]!.spikes) if (step <= t) counts[c]!++;
      const best = counts.indexOf(Math.max(...counts));
      assert.equal(result.predictionsByStep[t]![sample], sum(counts) === 0 ? -1 : best);
    }
    assert.equal(prediction, result.predictions[sample]);
  });
  const correct = [...result.predictions].filter((prediction, i) => prediction === data.labels[i]).length;
  assert.equal(result.accuracy.correct, correct);
  assert.equal(result.accuracyByStep[6], correct / SAMPLES);
  assert.equal(result.undecidedByStep[6], result.accuracy.undecided);
  assert.equal(sum(result.confusion.flat()), SAMPLES - result.accuracy.undecided);
});

test('a constant input is counted once, with its values', async () => {
  const result = await run({ encoder: { kind: 'constant' } });
  const fc1 = layer<DenseActivity>(result, 'fc1');
  const nonzero = data.values.filter((value) => value !== 0).length;
  assert.deepEqual([fc1.executions, fc1.nonzeroIn, fc1.input, fc1.inputValues], [1, [nonzero], 'analog', 'real']);
  const mean = sum(Array.from(data.values, (value) => value / 255)) / data.values.length;
  assert.ok(Math.abs(fc1.meanAbsInput! - mean) < 1e-6);
  assert.deepEqual(result.trace.layers[0], {
    kind: 'encoder',
    layer: 'input',
    encoder: 'constant',
    features: 6,
    nonzeroOut: [nonzero],
  });
});

test('an ANN is run in one step and read by its largest logit', async () => {
  const result = await run({ mode: 'ann', timesteps: 1, encoder: { kind: 'constant' } });
  assert.equal(result.decoder, 'logits');
  assert.equal(result.accuracy.undecided, 0);
  assert.deepEqual(
    result.trace.layers.map(({ kind }) => kind),
    ['encoder', 'dense', 'relu', 'dense'],
  );
  const relu = result.trace.layers[2]!;
  assert.ok(relu.kind === 'relu' && relu.nonzeroOut[0] === layer<DenseActivity>(result, 'fc2').nonzeroIn[0]);
});

test('zero weights: the synapses that are left are counted', async () => {
  const pruned = new Map(weights);
  const fc2 = Float32Array.from(weights.get('fc2/weight')!);
  fc2.fill(0, 3, 6); // all of input 1
  fc2[0] = 0;
  pruned.set('fc2/weight', fc2);
  const result = await run({ rasterSamples: SAMPLES }, { weights: pruned });
  const activity = layer<DenseActivity>(result, 'fc2');
  const spikes = result.rasters.flatMap(({ layers }) => layers[0]!.spikes);
  const expected = Array.from({ length: 7 }, (_, t) =>
    sum(spikes.filter(([step]) => step === t).map(([, n]) => (n === 0 ? 2 : n === 1 ? 0 : 3))),
  );
  assert.equal(activity.zeroWeights, 4);
  assert.deepEqual(activity.nonzeroSynapses, expected);
});

test('membrane read-outs, recurrent layers, and neurons that never fire', async () => {
  const layers = [
    dense('fc1', 5),
    slot('r1', recurrentLif({ threshold: 0.3 })),
    dense('fc2', 3),
    slot('li', integrator()),
  ];
  const own = network('rec', [6], layers);
  const result = await run({ membraneChanges: true }, { spec: own, weights: initialWeights(own, 2) });
  assert.equal(result.decoder, 'last-membrane');
  const r1 = layer<NeuronActivity>(result, 'r1');
  assert.equal(r1.recurrent, 'all-to-all');
  assert.equal(sum([...r1.recurrentSpikesPerSample!]), sum(r1.spikes.slice(0, -1)));
  assert.equal(r1.membraneChanges![0], SAMPLES * 5);
  const li = layer<NeuronActivity>(result, 'li');
  assert.deepEqual([li.fires, li.silentNeurons, sum(li.spikes), li.spikesPerSample.length], [false, 0, 0, SAMPLES]);
  assert.deepEqual(
    result.rates.map(({ layer: name }) => name),
    ['r1'],
  );
  await assert.rejects(
    () => run({ decoder: { kind: 'spike-count' } }, { spec: own, weights: initialWeights(own, 2) }),
    /decoder.kind: got "spike-count", but the output layer never fires/,
  );
});

test('membrane decoders read a firing output too', async () => {
  for (const kind of ['max-membrane', 'mean-membrane', 'last-membrane'] as const)
    assert.equal((await run({ decoder: { kind } })).accuracy.undecided, 0);
});

test('a silent network is undecided everywhere, which counts as wrong', async () => {
  const silent = mlp([6, 9, 3], { neuron: ifNeuron({ threshold: 1e9 }) });
  const { accuracy, trace } = await run({}, { spec: silent });
  assert.deepEqual([accuracy.undecided, accuracy.correct, accuracy.value], [SAMPLES, 0, 0]);
  const hidden = trace.layers.find(({ kind }) => kind === 'neuron') as NeuronActivity;
  assert.equal(hidden.silentNeurons, 9);
});

test('progress, time and stopping', async () => {
  const seen: number[] = [];
  let ticks = 0;
  const result = await run({ batchSize: 5, onProgress: (done) => seen.push(done), clock: () => ticks++ });
  assert.deepEqual(seen, [5, 10, 11]);
  assert.equal(result.seconds, 3, 'one tick inside each of three runs');
  assert.equal(result.totalSeconds, 7);
  assert.ok(result.bytes > 0);
  const controller = new AbortController();
  const stopped = run({ batchSize: 5, signal: controller.signal, onProgress: () => controller.abort() });
  await assert.rejects(stopped, /simulate: stopped on request after 5 of 11 samples/);
});

test('what does not fit together is refused in words', async () => {
  await assert.rejects(
    () => run({}, { data: randomBytes(5) }),
    /network "mlp-6-9-3": input \[6\] has 6 values, a sample of "random" \[5\] has 5/,
  );
  await assert.rejects(() => run({}, { data: randomBytes(6, ['a', 'b']) }), /has 3 outputs, "random" has 2 classes/);
  await assert.rejects(() => run({}, { data: { ...data, samples: 0 } }), /dataset: "random" has no samples/);
  await assert.rejects(() => run({ batchSize: 0 }), /batchSize: got 0, expected a whole number of at least 1/);
  await assert.rejects(
    () => run({}, { data: { ...data, timesteps: 3 } }),
    /timesteps: got 7, expected 3: the samples of "random" are sequences/,
  );
  await assert.rejects(() => run({}, { weights: new Map() }), /"fc1\/weight" is missing/);
  const broken = new Map([...weights, ['fc2/bias', Float32Array.of(0, Number.NaN, 0)]]) as Weights;
  await assert.rejects(
    () => run({ mode: 'ann', timesteps: 1, encoder: { kind: 'constant' } }, { weights: broken }),
    /NaN/,
  );
});
