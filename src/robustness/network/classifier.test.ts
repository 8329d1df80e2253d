import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobs, stageSamples, withNormalization } from '../../data/index.ts';
import { referenceBackend } from '../../engine/index.ts';
import { lower, writeWeights } from '../../lower/index.ts';
import { decode, dense, type EncoderSpec, initialWeights, lif, network, slot, UNDECIDED } from '../../model/index.ts';
import { openPixels } from '../pixels.ts';
import type { Subject } from '../subject.ts';
import { openClassifier } from './classifier.ts';

const dataset = withNormalization(blobs().test, { mean: [0.4], deviation: [0.3] });
const source = openPixels(dataset);
const SEED = 21;
const rate: EncoderSpec = { kind: 'rate', gain: 0.4, offset: 0.4 };
const spec = network(
  'small',
  [7],
  [dense('fc1', 9), slot('s1', lif({ threshold: 0.5 })), dense('fc2', 4), slot('s2', lif({ threshold: 0.5 }))],
);
const subject: Subject = {
  name: 'SNN',
  spec,
  weights: initialWeights(spec, 4),
  mode: 'snn',
  timesteps: 6,
  encoder: rate,
  decoder: 'spike-count',
};
const ann: Subject = {
  ...subject,
  name: 'ANN',
  spec: { ...spec, layers: spec.layers.slice(0, 3) },
  mode: 'ann',
  timesteps: 1,
  encoder: { kind: 'constant' },
};
const ids = Array.from({ length: dataset.samples }, (_, i) => i);
const images = source.images(ids);
const { labels } = dataset;

/** Output of the whole set in one normal run. */
function normalRun({ spec, weights, mode, timesteps, encoder }: Subject, observe: 'spikes' | 'membrane' | 'logits') {
  const lowered = lower(spec, {
    mode,
    timesteps,
    encoder,
    input: { source: 'floats' },
    purpose: 'infer',
    observe: observe === 'membrane' ? { membranes: 'output' } : {},
  });
  const program = referenceBackend().compile(lowered.plan, { samples: ids.length });
  writeWeights(program, lowered, weights);
  program.run({ samples: ids.length, input: stageSamples(dataset, 0, ids.length), seed: SEED, epoch: 0 });
  return program.tensor(lowered.outputs[observe]!);
}

test('predictions are those of a normal run of the same test set, whatever the batches', () => {
  const spikes = normalRun(subject, 'spikes');
  const counts = (i: number): number[] =>
    [0, 1, 2, 3].map((c) => [0, 1, 2, 3, 4, 5].reduce((sum, t) => sum + spikes[(i * 6 + t) * 4 + c]!, 0));
  const steps = decode({ kind: 'spike-count' }, { samples: ids.length, timesteps: 6, classes: 4, spikes });
  const expected = ids.map((i) => steps[6 * i + 5]!);
  assert.ok(new Set(expected).size > 2, 'predictions differ');
  for (const capacity of [250, 7]) {
    const classifier = openClassifier(referenceBackend(), subject, source, { seed: SEED, capacity });
    const { predictions, margins } = classifier.classify(images, labels);
    assert.deepEqual([...predictions], expected);
    assert.deepEqual(
      [...margins],
      ids.map((i) => counts(i)[labels[i]!]! - Math.max(...counts(i).filter((_, c) => c !== labels[i]))),
    );
    const some = classifier.classify(source.images([30, 2]), Uint8Array.of(labels[30]!, labels[2]!));
    assert.deepEqual([...some.predictions], [expected[30], expected[2]]);
    classifier.close();
  }
  const marginsOf = (seed: number) =>
    openClassifier(referenceBackend(), subject, source, { seed }).classify(images, labels).margins;
  assert.notDeepEqual(marginsOf(SEED + 1), marginsOf(SEED));
});

test('margins of an ANN are of its logits, of membranes as the decoder reads them', () => {
  const logits = normalRun(ann, 'logits');
  const classifier = openClassifier(referenceBackend(), ann, source, { seed: SEED });
  const { margins, predictions } = classifier.classify(images, labels);
  for (const i of ids) {
    const row = [...logits.subarray(4 * i, 4 * i + 4)];
    const label = labels[i]!;
    assert.equal(margins[i], Math.fround(row[label]! - Math.max(...row.filter((_, c) => c !== label))));
    assert.equal(predictions[i], row.indexOf(Math.max(...row)));
  }
  const reading: Subject = { ...subject, decoder: 'last-membrane' };
  const membrane = normalRun(reading, 'membrane');
  const read = openClassifier(referenceBackend(), reading, source, { seed: SEED }).classify(images, labels);
  for (const i of ids) {
    const row = [...membrane.subarray((6 * i + 5) * 4, (6 * i + 6) * 4)];
    assert.equal(read.margins[i], Math.fround(row[labels[i]!]! - Math.max(...row.filter((_, c) => c !== labels[i]))));
  }
});

test('a silent network is undecided, with a margin of 0; other weights can be loaded', () => {
  const silent = new Map([...subject.weights].map(([key, values]) => [key, values.map(() => 0)]));
  const classifier = openClassifier(referenceBackend(), { ...subject, weights: silent }, source, { seed: SEED });
  const { predictions, margins } = classifier.classify(images, labels);
  assert.ok(predictions.every((label) => label === UNDECIDED));
  assert.ok(margins.every((margin) => margin === 0));
  classifier.load(subject.weights);
  const fresh = openClassifier(referenceBackend(), subject, source, { seed: SEED });
  assert.deepEqual(classifier.classify(images, labels), fresh.classify(images, labels));
});

test('what does not fit is refused, and so are outputs that are no numbers', () => {
  const wide = openPixels(blobs({ shape: [9] }).test);
  assert.throws(() => openClassifier(referenceBackend(), ann, wide, { seed: 0 }), {
    name: 'ShapeError',
    message: 'network "ANN": input [7] has 7 values, an image of "blobs" [9] has 9; use a network made for this data',
  });
  const broken = (...bias: number[]): Subject => ({
    ...ann,
    weights: new Map([...ann.weights, ['fc2/bias', Float32Array.from(bias)]]),
  });
  const ask = (one: Subject) => openClassifier(referenceBackend(), one, source, { seed: 0 }).classify(images, labels);
  assert.throws(() => ask(broken(0, Number.NaN, 0, 0)), {
    name: 'NumericError',
    message: /network "ANN": layer "fc2": dense gave NaN/,
  });
  const first = labels[0]!;
  assert.throws(() => ask(broken(...[0, 1, 2, 3].map((c) => (c === first ? -3e38 : 3e38)))), {
    name: 'NumericError',
    message:
      /network "ANN": scores of image 0 are .*e\+38, expected finite numbers that float32 can compare; check its weights/,
  });
});
