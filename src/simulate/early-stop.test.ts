import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallCnn, smallCnnWeights, smallMaps } from '../../test/fixtures/small-cnn.ts';
import { referenceBackend } from '../engine/index.ts';
import { integrator } from '../model/index.ts';
import { confidences } from './confidence.ts';
import { accuracyOverTime, simulateNetwork } from './index.ts';
import type { SimulateOptions } from './options.ts';

const TIMESTEPS = 6;
const data = smallMaps(9);
const spec = smallCnn();

const run = (options: Partial<SimulateOptions>, network = spec) =>
  simulateNetwork(referenceBackend(), network, smallCnnWeights(network), data, {
    mode: 'snn',
    timesteps: TIMESTEPS,
    encoder: { kind: 'rate', gain: 1, offset: 0 },
    ...options,
  });

test('margin and probability of running scores, by hand', () => {
  const shape = { samples: 1, timesteps: 3, classes: 3 };
  const outputs = [0, 0, 0, 1, 0, 1, 1, 0, 0];
  assert.deepEqual([...confidences('margin', 'spike-count', outputs, shape)], [-1, 0, 1]);
  const [silent, tied, ahead] = confidences('probability', 'spike-count', outputs, shape);
  assert.equal(silent, -1);
  assert.ok(Math.abs(tied! - Math.E / (2 * Math.E + 1)) < 1e-12);
  assert.ok(Math.abs(ahead! - Math.E ** 2 / (Math.E ** 2 + Math.E + 1)) < 1e-12);
  const membranes = [3, -1, 1, 0, 4, 1, 2, 0, 3];
  assert.deepEqual([...confidences('margin', 'max-membrane', membranes, shape)], [2, 1, 1]);
  assert.deepEqual(
    [...confidences('margin', 'mean-membrane', membranes, shape)].map((x) => Math.round(x * 1e9) / 1e9),
    [2, 0, 0],
  );
  assert.deepEqual([...confidences('margin', 'last-membrane', membranes, shape)], [2, 3, 1]);
});

test('each sample stops at the first step that is sure enough, with the answer it has there', async () => {
  const thresholds = [0, 1, 2, 100];
  const result = await run({ earlyStop: { rule: 'margin', threshold: thresholds }, rasterSamples: 9, batchSize: 4 });
  result.earlyStops.forEach(({ threshold, steps, predictions, accuracy, meanSteps, stoppedEarly, traces }) => {
    for (let sample = 0; sample < 9; sample++) {
      const counts = [0, 0, 0];
      let stop = TIMESTEPS;
      for (let t = 0; t < TIMESTEPS && stop === TIMESTEPS; t++) {
        for (const [step, c] of result.rasters[sample]!.layers.at(-1)!.spikes) if (step === t) counts[c]!++;
        const [first, second] = counts.toSorted((a, b) => b - a);
        if (first! > 0 && first! - second! >= threshold) stop = t + 1;
      }
      assert.equal(steps[sample], stop, `sample ${sample} at ${threshold}`);
      assert.equal(predictions[sample], result.predictionsByStep[stop - 1]![sample]);
    }
    assert.equal(meanSteps, steps.reduce((sum, step) => sum + step) / 9);
    assert.equal(accuracy.correct, predictions.filter((each, i) => each === data.labels[i]).length);
    assert.equal(stoppedEarly, steps.filter((step) => step < TIMESTEPS).length / 9);
    assert.deepEqual(
      traces.map(({ timesteps, samples }) => [timesteps, samples]),
      [1, 2, 3, 4, 5, 6]
        .map((step) => [step, steps.filter((each) => each === step).length])
        .filter(([, samples]) => samples! > 0),
    );
  });
  const means = result.earlyStops.map(({ meanSteps }) => meanSteps);
  assert.ok(means[0]! < means[3]! && means[3] === TIMESTEPS, `${means}`);
});

test('stops do not depend on the batch size, and change nothing else of the run', async () => {
  const earlyStop = { rule: 'probability', threshold: [0.4, 0.6] } as const;
  const [one, all, plain] = [await run({ earlyStop, batchSize: 1 }), await run({ earlyStop }), await run({})];
  assert.deepEqual(one.earlyStops, all.earlyStops);
  assert.deepEqual(all.trace, plain.trace);
  assert.deepEqual(plain.earlyStops, []);
});

test('accuracy over time is that of each step, with its interval', async () => {
  const result = await run({});
  const curve = accuracyOverTime(result, data.labels);
  assert.deepEqual(
    curve.map(({ value }) => value),
    result.accuracyByStep,
  );
  assert.deepEqual(curve.at(-1), result.accuracy);
});

test('rules that make no sense are refused', async () => {
  const stop = (earlyStop: unknown, more: Partial<SimulateOptions> = {}) =>
    run({ earlyStop: earlyStop as NonNullable<SimulateOptions['earlyStop']>, ...more });
  await assert.rejects(
    stop({ rule: 'entropy', threshold: 1 }),
    /earlyStop.rule: got "entropy", expected margin or prob/,
  );
  await assert.rejects(
    stop({ rule: 'probability', threshold: 1.5 }),
    /threshold: got 1.5, expected a number from 0 to 1/,
  );
  await assert.rejects(stop({ rule: 'margin', threshold: [] }), /threshold: got none, expected a number of at least 0/);
  await assert.rejects(
    stop({ rule: 'margin', threshold: 1 }, { decoder: { kind: 'first-spike' } }),
    /earlyStop: decoder "first-spike" gives no degree of certainty; .* read by spike-count, max-membrane/,
  );
  await assert.rejects(
    stop({ rule: 'margin', threshold: 1 }, { mode: 'ann', timesteps: 1, encoder: { kind: 'constant' } }),
    /earlyStop: an ANN has one step/,
  );
});

test('an output that never fires is read by its membrane', async () => {
  const own = smallCnn(integrator());
  const { earlyStops, decoder } = await run({ earlyStop: { rule: 'margin', threshold: 0.3 } }, own);
  assert.equal(decoder, 'last-membrane');
  assert.ok(earlyStops[0]!.steps.some((steps) => steps < TIMESTEPS));
});
