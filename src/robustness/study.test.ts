import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { wilsonInterval } from '../core/index.ts';
import { blobs } from '../data/index.ts';
import { wasmBackend } from '../engine/index.ts';
import { initialWeights, lif, mlp } from '../model/index.ts';
import { openClassifier } from './network/classifier.ts';
import type { RobustnessOptions } from './options.ts';
import { openPixels } from './pixels.ts';
import type { RobustnessResult } from './result.ts';
import { studyRobustness } from './study.ts';
import type { Subject } from './subject.ts';

const one = await wasmBackend({ threads: 1 });
const three = await wasmBackend({ threads: 3 });
after(() => Promise.all([one.close(), three.close()]));

const SEED = 4;
const data = blobs({ test: 300, shape: [5, 3, 1], classes: 3, noise: 0.2, seed: 2 });
const spec = mlp([15, 11, 3], { input: [5, 3, 1], neuron: lif({ threshold: 0.5 }) });
const weights = initialWeights(spec, 7);
const ann: Subject = {
  name: 'ANN',
  spec,
  weights,
  mode: 'ann',
  timesteps: 1,
  encoder: { kind: 'constant' },
  decoder: 'spike-count',
};
const snn: Subject = { ...ann, name: 'SNN', mode: 'snn', timesteps: 5, encoder: { kind: 'rate', gain: 1, offset: 0 } };
const options: RobustnessOptions = {
  samples: 270,
  seed: SEED,
  noise: {
    kinds: { gaussian: [0, 0.2, 0.6], quantize: [8, 1], 'weight-bits': [8, 2], 'threshold-mismatch': [0, 0.4] },
    draws: 2,
  },
  attack: { epsilons: [0, 0.2, 0.5], steps: 3, queries: 10, blackBoxSamples: 20, tuningSamples: 10 },
  examples: 3,
};
const timeless = ({ seconds: _, ...rest }: RobustnessResult): unknown => rest;
const result = await studyRobustness(one, [ann, snn], data.test, options);

test('results do not depend on threads, nor on what else is swept', async () => {
  const again = await studyRobustness(three, [ann, snn], data.test, options);
  assert.deepEqual(timeless(again), timeless(result));
  const alone = await studyRobustness(one, [ann, snn], data.test, { ...options, noise: null });
  assert.deepEqual(alone.attack, result.attack);
  const noiseOnly = await studyRobustness(one, [ann, snn], data.test, { ...options, attack: null });
  assert.deepEqual([noiseOnly.noise, noiseOnly.attack], [result.noise, null]);
  const other = await studyRobustness(one, [ann, snn], data.test, { ...options, seed: 5, attack: null });
  assert.notDeepEqual(other.noise, result.noise);
});

test('without a disturbance accuracy is that of the untouched images, everywhere', () => {
  const classifier = openClassifier(one, snn, openPixels(data.test), { seed: SEED });
  const ids = Uint32Array.from({ length: 270 }, (_, i) => i);
  const labels = data.test.labels.subarray(0, 270);
  const { predictions } = classifier.classify(openPixels(data.test).images(ids), labels);
  classifier.close();
  const correct = predictions.filter((label, i) => label === labels[i]).length;
  const [low, high] = wilsonInterval(correct, 270);
  for (const line of result.attack!.lines) {
    const [first] = line.points;
    if (line.network !== 'SNN' || line.role === 'black-box') continue;
    assert.equal(first!.samples, 270);
    assert.equal(first!.accuracy.value, correct / 270);
    assert.ok(Math.abs(first!.accuracy.low - low) < 1e-12 && Math.abs(first!.accuracy.high - high) < 1e-12);
  }
  const gaussian = result.noise.find(({ kind }) => kind === 'gaussian')!.curves[1]!;
  assert.equal(gaussian.points[0]!.accuracy.value, correct / 270);
});

test('a noise sweep says what was disturbed, how often, and what does not apply', () => {
  const about = result.noise.map(({ kind, of, draws, levels }) => [kind, of, draws, levels.length]);
  assert.deepEqual(about, [
    ['gaussian', 'input', 2, 3],
    ['quantize', 'input', 1, 2],
    ['weight-bits', 'network', 1, 2],
    ['threshold-mismatch', 'network', 2, 2],
  ]);
  const mismatch = result.noise.at(-1)!;
  assert.match(mismatch.curves[0]!.notApplicable!, /no thresholds/);
  assert.deepEqual(mismatch.curves[0]!.points, []);
  assert.equal(mismatch.curves[1]!.points.length, 2);
  assert.equal(mismatch.curves[1]!.points[1]!.difference, undefined);
  const [first, second] = result.noise[0]!.curves;
  assert.equal(first!.points[1]!.difference, undefined);
  const { difference, accuracy } = second!.points[1]!;
  assert.ok(Math.abs(difference!.value - (accuracy.value - first!.points[1]!.accuracy.value)) < 1e-12);
  // quantised to the 8 bits that they have, images stay what they are
  assert.equal(result.noise[1]!.curves[0]!.points[0]!.accuracy.value, first!.points[0]!.accuracy.value);
});

test('examples are images answered rightly, with what was made of them', () => {
  assert.ok(result.examples.length >= 1 && result.examples.length <= 3);
  for (const { sample, label, shape, original, variants } of result.examples) {
    assert.equal(label, data.test.labels[sample]);
    assert.deepEqual(shape, [5, 3, 1]);
    const bytes = Uint8Array.from(atob(original), (char) => char.charCodeAt(0));
    assert.deepEqual(bytes, data.test.values.slice(sample * 15, sample * 15 + 15));
    const titles = variants.map(({ title }) => title);
    assert.ok(
      titles.some((title) => /^PGD against SNN, epsilon 0\.[25]$/.test(title)),
      titles.join(),
    );
    assert.deepEqual(titles.slice(-2), ['gaussian 0.2', 'gaussian 0.6']);
    for (const { pixels, predictions } of variants) {
      assert.equal(atob(pixels).length, 15);
      assert.deepEqual(
        predictions.map(({ network }) => network),
        ['ANN', 'SNN'],
      );
    }
  }
});

test('progress grows to its total, and the study stops when asked', async () => {
  const seen: [number, number][] = [];
  await studyRobustness(one, [ann], data.test, options, { onProgress: (done, total) => seen.push([done, total]) });
  const total = seen[0]![1];
  for (const [i, [done, of]] of seen.entries())
    assert.ok(of === total && done >= (seen[i - 1]?.[0] ?? 0) && done <= of);
  assert.deepEqual(seen.at(-1), [total, total]);

  const stop = new AbortController();
  const stopping = studyRobustness(one, [ann, snn], data.test, options, {
    signal: stop.signal,
    onProgress: (_, __, label) => {
      if (label === 'PGD on SNN') stop.abort();
    },
  });
  await assert.rejects(stopping, /robustness: stopped on request during PGD on SNN, after \d+ of \d+ units of work/);
});

test('chance is the share of the most frequent class', () => {
  const seen = [0, 0, 0];
  for (const label of data.test.labels.subarray(0, 270)) seen[label]!++;
  assert.equal(result.chance, Math.max(...seen) / 270);
});

test('options that cannot be are refused', async () => {
  const refuses = (given: RobustnessOptions, message: RegExp, subjects: readonly Subject[] = [ann]) =>
    assert.rejects(studyRobustness(one, subjects, data.test, given), message);
  await refuses({}, /robustness: got no networks, expected at least one/, []);
  await refuses({}, /got two networks named "ANN", expected a name of its own/, [ann, ann]);
  await refuses({ samples: 0 }, /robustness\.samples: got 0, expected a whole number of at least 1/);
  await refuses({ noise: { draws: 0 } }, /noise\.draws: got 0, expected a whole number/);
  await refuses(
    { noise: { kinds: { fog: [1] } as object } },
    /noise\.kinds: got "fog", expected some of gaussian, .*weight-noise/,
  );
  await refuses(
    { attack: { epsilons: [0.2, 0.1] } },
    /attack\.epsilons: got 0\.2, 0\.1, expected ascending numbers from 0 on/,
  );
  await refuses({ attack: { steps: 0.5 } }, /attack\.steps: got 0\.5, expected a whole number/);
  await refuses(
    { attack: { attacks: ['magic'] as never } },
    /attack\.attacks: got "magic", expected some of naive, proper/,
  );
  await refuses({ attack: { attacks: ['transfer'] } }, /attack\.attacks: got transfer without proper, .*; add proper/);
  const none = { ...data.test, samples: 0, labels: new Uint8Array(0), values: new Uint8Array(0) };
  await assert.rejects(studyRobustness(one, [ann], none), /"blobs" has no images; expected at least 1/);
});

test('L2 and targeted attacks run, on networks with other encoders too', async () => {
  const latency: Subject = {
    ...snn,
    name: 'latency',
    encoder: {
      kind: 'latency',
      convention: 'spikingjelly',
      form: 'linear',
      tau: 1,
      threshold: 0.01,
      normalize: false,
      clip: false,
    },
    decoder: 'first-spike',
  };
  const attack = { ...options.attack, norm: 'l2', targeted: true, epsilons: [0, 1, 3.9] } as const;
  const { attack: found } = await studyRobustness(one, [ann, latency], data.test, { samples: 40, noise: null, attack });
  assert.deepEqual([found!.norm, found!.targeted], ['l2', true]);
  const roles = found!.lines.map(({ network, role }) => `${network} ${role}`);
  const each = ['naive', 'proper', 'transfer', 'black-box', 'control', 'worst'];
  assert.deepEqual(
    roles,
    ['ANN', 'latency'].flatMap((name) => each.map((role) => `${name} ${role}`)),
  );
  const [naive, proper] = found!.lines.filter(({ network }) => network === 'latency');
  assert.equal(naive!.zeroGradients, 1);
  assert.match(naive!.method, /^FGSM, one step, no gradient through the encoder, targeted$/);
  assert.match(proper!.method, /^PGD, 3 steps of 0\.25 epsilon, straight-through.*, targeted$/);
});
