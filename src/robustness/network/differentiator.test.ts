import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobs, withNormalization } from '../../data/index.ts';
import { referenceBackend, wasmBackend } from '../../engine/index.ts';
import { lower, writeWeights } from '../../lower/index.ts';
import { dense, type EncoderSpec, initialWeights, lif, network, slot, type Weights } from '../../model/index.ts';
import { perturb } from '../attacks/attack.ts';
import { openPixels } from '../pixels.ts';
import type { GradientSettings } from '../settings.ts';
import type { Images, Subject } from '../subject.ts';
import { openClassifier } from './classifier.ts';
import { openDifferentiator } from './differentiator.ts';

const dataset = withNormalization(blobs({ shape: [2, 3, 2] }).test, { mean: [0.4, 0.3], deviation: [0.25, 0.5] });
const source = openPixels(dataset);
const SIZE = 12;
const images = source.images([3, 0, 17, 8]);
const labels = Uint8Array.from(images.ids, (id) => dataset.labels[id]!);
const rate: EncoderSpec = { kind: 'rate', gain: 0.25, offset: 0.45 };
const exact = { through: 'straight-through', draws: 1, slope: 1, seed: 5 } as const;

const hidden = network('hidden', [12], [dense('fc1', 9), slot('s1', lif({ threshold: 0.5 })), dense('fc2', 4)]);
const ann: Subject = {
  name: 'ANN',
  spec: hidden,
  weights: initialWeights(hidden, 5),
  mode: 'ann',
  timesteps: 1,
  encoder: { kind: 'constant' },
  decoder: 'spike-count',
};
const snn: Subject = { ...ann, name: 'SNN', mode: 'snn', timesteps: 5, encoder: rate, decoder: 'last-membrane' };
/** Its output is linear in its input. */
const flat = network('flat', [12], [dense('fc', 4)]);
const linear: Subject = { ...snn, name: 'flat', spec: flat, weights: initialWeights(flat, 2) };

const gradientOf = (subject: Subject, settings: Partial<GradientSettings> = {}, draw = 0, of: Images = images) =>
  openDifferentiator(referenceBackend(), subject, source, { ...exact, ...settings }).gradient(of, labels, draw);

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  assert.ok(largest > 1e-3, 'something depends on the pixels');
  for (let k = 0; k < found.length; k++)
    assert.ok(Math.abs(found[k]! - expected[k]!) <= tolerance * largest, `${k}: ${found[k]}, expected ${expected[k]}`);
}

/** Central differences of the losses, one pixel of all images at a time. */
function differences(subject: Subject, settings: Partial<GradientSettings> = {}): Float64Array {
  const differentiator = openDifferentiator(referenceBackend(), subject, source, { ...exact, ...settings });
  const step = 2 ** -9;
  const expected = new Float64Array(images.pixels.length);
  for (let k = 0; k < SIZE; k++) {
    const moved = (by: number) => {
      const pixels = images.pixels.map((value, at) => (at % SIZE === k ? value + by : value));
      return { pixels, losses: differentiator.gradient({ ...images, pixels }, labels, 0).losses };
    };
    const [up, down] = [moved(step), moved(-step)];
    for (let i = 0; i < labels.length; i++) {
      const at = i * SIZE + k;
      expected[at] = (up.losses[i]! - down.losses[i]!) / (up.pixels[at]! - down.pixels[at]!);
    }
  }
  return expected;
}

test('the gradient of an ANN is that of its losses by the pixels, through normalisation', () => {
  assertClose(gradientOf(ann).values, differences(ann), 2e-3);
});

test('the expected gradient is exact where the network is linear in its input', () => {
  assertClose(gradientOf(linear, { through: 'expected' }).values, differences(linear, { through: 'expected' }), 2e-3);
  const same = gradientOf(linear, { through: 'expected', draws: 7 }, 3);
  assert.deepEqual(same, gradientOf(linear, { through: 'expected' }), 'nothing is drawn');
});

/** Spikes of the encoder [n, T, size], seen through an identity matrix whose sums over time are read. */
function spikesOf(subject: Subject, epoch: number): number[][][] {
  const spec = network('eye', [12], [dense('fc', 12, { bias: false })]);
  const weights: Weights = new Map([
    ['fc/weight', Float32Array.from({ length: 144 }, (_, k) => (k % 13 === 0 ? 1 : 0))],
  ]);
  const lowered = lower(spec, {
    mode: 'snn',
    timesteps: subject.timesteps,
    encoder: subject.encoder,
    input: { source: 'floats' },
    purpose: 'infer',
    observe: { membranes: 'output' },
  });
  const program = referenceBackend().compile(lowered.plan, { samples: 4 });
  writeWeights(program, lowered, weights);
  const input = source.stage(images.pixels);
  program.run({ samples: 4, input, sampleIds: images.ids, seed: exact.seed, epoch });
  const sums = program.tensor(lowered.outputs.membrane!);
  const T = subject.timesteps;
  const at = (i: number, t: number, k: number): number => (t < 0 ? 0 : sums[(i * T + t) * SIZE + k]!);
  return [0, 1, 2, 3].map((i) =>
    Array.from({ length: T }, (_, t) => Array.from({ length: SIZE }, (_, k) => at(i, t, k) - at(i, t - 1, k))),
  );
}

/** Of the linear network under ce-membrane of membranes divided by the steps, by hand: derivative of image i's loss by its spikes, [T][size]. */
function bySpikes(spikes: number[][], label: number): number[][] {
  const [w, b] = ['fc/weight', 'fc/bias'].map((key) =>
    linear.weights.get(key)!.map((value) => value / linear.timesteps),
  );
  const membrane = new Array<number>(4).fill(0);
  const faults = spikes.map((row) => {
    for (let c = 0; c < 4; c++) membrane[c]! += b![c]! + row.reduce((sum, s, k) => sum + s * w![k * 4 + c]!, 0);
    const powers = membrane.map(Math.exp);
    const total = powers.reduce((sum, power) => sum + power);
    return powers.map((power, c) => power / total - (c === label ? 1 : 0));
  });
  return faults.map((_, t) =>
    Array.from({ length: SIZE }, (_, k) =>
      faults.slice(t).reduce((sum, fault) => sum + fault.reduce((own, value, c) => own + value * w![k * 4 + c]!, 0), 0),
    ),
  );
}

test("straight-through: gain times the spikes' gradients, where the probability is not clipped, averaged over draws", () => {
  const steep: Subject = { ...linear, encoder: { kind: 'rate', gain: 0.5, offset: 0.2 } };
  const staged = source.stage(images.pixels);
  const open = Array.from(staged, (x) => 0.5 * x + 0.2 >= 0 && 0.5 * x + 0.2 <= 1);
  assert.ok(open.includes(true) && open.includes(false));
  const draws = [5, 6].map((epoch) => spikesOf(steep, epoch));
  assert.notDeepEqual(draws[0], draws[1]);
  const expected = Float64Array.from(images.pixels, (_, at) => {
    const [i, k] = [Math.floor(at / SIZE), at % SIZE];
    const own = draws.map((spikes) => bySpikes(spikes[i]!, labels[i]!).reduce((sum, row) => sum + row[k]!, 0));
    return open[at] ? (0.5 * (own[0]! + own[1]!)) / 2 / source.deviation[k % 2]! : 0;
  });
  assertClose(gradientOf(steep, { draws: 2 }, 2).values, expected, 1e-5);
});

test('latency: a spike moves in time as its pixel changes', () => {
  const encoder = { kind: 'latency', convention: 'spikingjelly', form: 'linear' } as const;
  const code = { ...encoder, tau: 1, threshold: 0.01, normalize: true, clip: false };
  const plain = openPixels(blobs({ shape: [2, 3, 2] }).test);
  const subject: Subject = { ...linear, encoder: code };
  const T = subject.timesteps;
  const timed = openDifferentiator(referenceBackend(), subject, plain, exact).gradient(images, labels, 0).values;
  const expected = Float64Array.from(images.pixels, (x, at) => {
    const [i, k] = [Math.floor(at / SIZE), at % SIZE];
    const step = (value: number): number => Math.round((T - 1) * (1 - value));
    const own = images.pixels.subarray(i * SIZE, (i + 1) * SIZE);
    const spikes = Array.from({ length: T }, (_, t) => Array.from(own, (value) => (step(value) === t ? 1 : 0)));
    const g = bySpikes(spikes, labels[i]!).map((row) => row[k]!);
    const t = step(x);
    const [before, after] = [Math.max(0, t - 1), Math.min(T - 1, t + 1)];
    return ((g[before]! - g[after]!) / (after - before)) * (T - 1);
  });
  assertClose(timed, expected, 1e-4);
});

test('nothing passes a random or a timed code unless something stands in for it; a constant input passes all', () => {
  const blocked = gradientOf(snn, { through: 'none' });
  assert.ok(blocked.values.every((value) => value === 0));
  assert.equal(blocked.values.length, images.pixels.length);
  assert.equal(blocked.losses.length, labels.length);
  const steady: Subject = { ...snn, encoder: { kind: 'constant' } };
  const open = gradientOf(steady, { through: 'none' });
  assert.deepEqual(open, gradientOf(steady, { through: 'straight-through', draws: 4 }));
  assert.ok(open.values.some((value) => value !== 0));
});

test('another draw, another gradient; the slope changes gradients and no spike', () => {
  const one = gradientOf(snn);
  assert.deepEqual(gradientOf(snn), one);
  assert.notDeepEqual(gradientOf(snn, {}, 1).values, one.values);
  const steep = gradientOf(snn, { slope: 4 });
  assert.deepEqual(steep.losses, one.losses);
  assert.notDeepEqual(steep.values, one.values);
  const halves = [0, 1].map((draw) => gradientOf(snn, {}, draw).values);
  const mean = halves[0]!.map((value, k) => (value + halves[1]![k]!) / 2);
  assertClose(gradientOf(snn, { draws: 2 }).values, mean, 1e-6);
});

test("no image's gradient depends on its batch", () => {
  for (const subject of [ann, snn]) {
    const together = gradientOf(subject);
    const apart = gradientOf({ ...subject }, { capacity: 3 } as Partial<GradientSettings>);
    assert.deepEqual(apart, together);
    const last = { pixels: images.pixels.slice(3 * SIZE), ids: images.ids.slice(3) };
    const alone = openDifferentiator(referenceBackend(), subject, source, exact).gradient(last, labels.slice(3), 0);
    assert.deepEqual(alone.values, together.values.slice(3 * SIZE));
    assert.equal(alone.losses[0], together.losses[3]);
  }
});

test('a membrane that sums over many steps is not too sure to be attacked, unless the loss is asked for as it is', async () => {
  const backend = await wasmBackend({ threads: 1 });
  try {
    const weights = linear.weights.get('fc/weight')!.map((value) => 9 * value);
    const encoder: EncoderSpec = { kind: 'rate', gain: 0.2, offset: 0.4 };
    const sure: Subject = {
      ...linear,
      timesteps: 100,
      encoder,
      weights: new Map([...linear.weights, ['fc/weight', weights]]),
    };
    const classifier = openClassifier(backend, sure, source, exact);
    const found = Uint8Array.from(classifier.classify(images, labels).predictions);
    const { range, shape } = source;
    const marginAfter = async (settings: Partial<GradientSettings>): Promise<number> => {
      const differentiator = openDifferentiator(backend, sure, source, { ...exact, through: 'expected', ...settings });
      const tools = { differentiator, range, shape, classes: 4, seed: 1 };
      const pixels = await perturb({ kind: 'fgsm', norm: 'l2' }, 0.5, images, found, tools);
      return classifier.classify({ ...images, pixels }, found).margins.reduce((sum, margin) => sum + margin);
    };
    const [before, own, asked] = [
      classifier.classify(images, found).margins.reduce((sum, margin) => sum + margin),
      await marginAfter({}),
      await marginAfter({ loss: 'ce-max-membrane' }),
    ];
    assert.ok(own < asked && asked < before, `${own}, ${asked}, ${before}`);
    assert.ok(before - own > 1.2 * (before - asked), `${own}, ${asked}, ${before}`);
  } finally {
    await backend.close();
  }
});

test('wasm gives what the reference gives', async () => {
  const backend = await wasmBackend({ threads: 1 });
  try {
    for (const [subject, through] of [
      [ann, 'none'],
      [snn, 'straight-through'],
      [snn, 'expected'],
    ] as const) {
      const expected = gradientOf(subject, { through });
      const opened = openDifferentiator(backend, subject, source, { ...exact, through });
      const { values, losses } = opened.gradient(images, labels, 0);
      assertClose(values, expected.values, 1e-4);
      assertClose(losses, expected.losses, 1e-4);
      opened.close();
    }
  } finally {
    await backend.close();
  }
});

test('other weights can be loaded', () => {
  const weights = initialWeights(hidden, 99);
  const opened = openDifferentiator(referenceBackend(), ann, source, exact);
  opened.load(weights);
  assert.deepEqual(opened.gradient(images, labels, 0), gradientOf({ ...ann, weights }));
  const spiking = openDifferentiator(referenceBackend(), snn, source, exact);
  spiking.load(weights);
  assert.deepEqual(spiking.gradient(images, labels, 0), gradientOf({ ...snn, weights }));
});

test('what cannot be is refused', () => {
  const delta: Subject = { ...snn, encoder: { kind: 'delta', threshold: 0.1, offSpikes: false, padding: false } };
  assert.throws(() => gradientOf(delta), {
    name: 'UnsupportedError',
    message: /network "SNN": a delta encoder reads samples that run through time/,
  });
  assert.throws(() => gradientOf(ann, { slope: 0 }), /gradient\.slope: got 0, expected a number above 0/);
  assert.throws(() => gradientOf(ann, { draws: 0 }), /gradient\.draws: got 0, expected a whole number of at least 1/);
  assert.throws(
    () => gradientOf(ann, { through: 'magic' as 'none' }),
    /gradient\.through: got "magic", expected none, straight-through or expected/,
  );
});

test('what is no number is refused, with the network named', () => {
  const withBias = (...bias: number[]): Subject => ({
    ...ann,
    weights: new Map([...ann.weights, ['fc2/bias', Float32Array.from(bias)]]),
  });
  assert.throws(() => gradientOf(withBias(0, Number.NaN, 0, 0)), {
    name: 'NumericError',
    message: /network "ANN": layer "fc2": dense gave NaN/,
  });
  const first = labels[0]!;
  assert.throws(() => gradientOf(withBias(...[0, 1, 2, 3].map((c) => (c === first ? -3e38 : 3e38)))), {
    name: 'NumericError',
    message: /network "ANN": the loss of image 3 is Infinity, expected a finite number; check its weights/,
  });
  // Silent, so its loss is finite; the surrogates of its silent neurons let a product through that float32 cannot hold.
  const steep: Weights = new Map([
    ['fc1/weight', new Float32Array(12 * 9).fill(3e38)],
    ['fc1/bias', new Float32Array(9)],
    ['fc2/weight', Float32Array.from({ length: 9 * 4 }, (_, k) => (k % 4 === 0 ? 3e38 : 0))],
    ['fc2/bias', new Float32Array(4)],
  ]);
  const silent: Subject = { ...snn, weights: steep, encoder: { kind: 'constant' } };
  const plain = openPixels(blobs({ shape: [2, 3, 2] }).test);
  const black = { pixels: new Float32Array(4 * SIZE), ids: images.ids };
  assert.throws(() => openDifferentiator(referenceBackend(), silent, plain, exact).gradient(black, labels, 0), {
    name: 'NumericError',
    message: /network "SNN": the gradient of image 3 is -?Infinity, expected a finite number/,
  });
});
