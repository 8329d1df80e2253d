import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { philox, STREAM } from '../core/index.ts';
import type { Augmentation } from './augment.ts';
import { type Dataset, sampleSize, subset } from './dataset.ts';
import { withNormalization } from './normalize.ts';
import { openStager, stageSamples, stagesBytes } from './stage.ts';

const dataset = (values: Dataset['values'], scale: number): Dataset => ({
  name: 'd',
  source: 'test',
  classes: ['a', 'b'],
  shape: [2],
  samples: 3,
  values,
  scale,
  labels: Uint8Array.of(0, 1, 0),
});

/** Images of [5, 7, channels] whose values are all different from 0. */
function images(samples: number, channels: number, floats: boolean, timesteps?: number): Dataset {
  const size = 5 * 7 * channels * (timesteps ?? 1);
  const values = Uint8Array.from({ length: samples * size }, (_, i) => 1 + ((i * 37) % 255));
  return {
    ...dataset(floats ? Float32Array.from(values) : values, floats ? 0.5 : 1 / 255),
    shape: [5, 7, channels],
    samples,
    labels: new Uint8Array(samples),
    ...(timesteps === undefined ? {} : { timesteps }),
  };
}

/** What staging should give, value by value from the definition. */
function expected(data: Dataset, augment: Augmentation, ids: readonly number[], seed: number, epoch: number): number[] {
  const [rows, columns, channels] = data.shape as [number, number, number];
  const { normalize, scale, values } = data;
  const pick = (list: readonly number[], c: number): number => (list.length === 1 ? list[0]! : list[c]!);
  const words = new Uint32Array(4);
  const padding = augment.crop?.padding ?? 0;
  const out: number[] = [];
  for (const id of ids) {
    philox(words, 0, 0, id, epoch, seed, STREAM.augment);
    const draw = (word: number): number => Math.floor((word / 2 ** 32) * (2 * padding + 1));
    const [top, left] = [draw(words[0]!), draw(words[1]!)];
    const mirrored = augment.flip === true && words[2]! >= 2 ** 31;
    for (let frame = 0; frame < (data.timesteps ?? 1); frame++)
      for (let y = 0; y < rows; y++)
        for (let x = 0; x < columns; x++)
          for (let c = 0; c < channels; c++) {
            const [sourceY, sourceX] = [y + top - padding, (mirrored ? columns - 1 - x : x) + left - padding];
            const inside = sourceY >= 0 && sourceY < rows && sourceX >= 0 && sourceX < columns;
            const at = id * sampleSize(data) + ((frame * rows + sourceY) * columns + sourceX) * channels + c;
            const value = inside ? values[at]! : 0;
            if (normalize) out.push((value * scale - pick(normalize.mean, c)) / pick(normalize.deviation, c));
            else out.push(values instanceof Uint8Array ? value : value * scale);
          }
  }
  return stagesBytes(data) ? out : Array.from(Float32Array.from(out));
}

test('bytes are staged unscaled and without a copy', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const staged = stageSamples(dataset(bytes, 1 / 255), 1, 3);
  assert.deepEqual(staged, Uint8Array.of(3, 4, 5, 6));
  assert.equal(staged.buffer, bytes.buffer);
});

test('floats are staged scaled', () => {
  assert.deepEqual(
    stageSamples(dataset(Float32Array.of(1, 2, 3, 4, 5, 6), 0.5), 0, 2),
    Float32Array.of(0.5, 1, 1.5, 2),
  );
  const plain = Float32Array.of(1, 2, 3, 4, 5, 6);
  assert.equal(stageSamples(dataset(plain, 1), 0, 2).buffer, plain.buffer);
});

test('normalised samples are staged as floats: (value * scale - mean) / deviation', () => {
  const bytes = withNormalization(dataset(Uint8Array.of(0, 51, 102, 255, 1, 2), 1 / 255), {
    mean: [0.2],
    deviation: [0.5],
  });
  assert.equal(stagesBytes(bytes), false);
  assert.deepEqual(stageSamples(bytes, 0, 2), Float32Array.of(-0.4, 0, 0.4, 1.6));
  assert.equal(stagesBytes(dataset(bytes.values, 1)), true);
});

test('crops, flips and normalisation equal their definition, for every kind of value, channel and frame', () => {
  fc.assert(
    fc.property(
      fc.record({
        channels: fc.constantFrom(1, 2, 3),
        floats: fc.boolean(),
        timesteps: fc.constantFrom(undefined, 2),
        padding: fc.constantFrom(undefined, 0, 1, 4),
        flip: fc.boolean(),
        normalize: fc.constantFrom('no', 'one', 'each'),
        seed: fc.nat(),
        epoch: fc.nat(9),
        ids: fc.array(fc.nat(3), { maxLength: 5 }),
      }),
      ({ channels, floats, timesteps, padding, flip, normalize, seed, epoch, ids }) => {
        const plain = images(4, channels, floats, timesteps);
        const list = (first: number): number[] =>
          Array.from({ length: normalize === 'one' ? 1 : channels }, (_, c) => first + c / 8);
        const data = normalize === 'no' ? plain : withNormalization(plain, { mean: list(0.3), deviation: list(0.7) });
        const augment = { flip, ...(padding === undefined ? {} : { crop: { padding } }) };
        const staged = openStager(data, 5, augment).stage(ids, seed, epoch);
        assert.equal(staged instanceof Uint8Array, stagesBytes(data));
        assert.deepEqual(Array.from(staged), expected(data, augment, ids, seed, epoch));
      },
    ),
  );
});

test('what happens to a sample depends on (seed, epoch, sample) alone', () => {
  const data = images(4, 3, false);
  const augment = { crop: { padding: 2 }, flip: true };
  const size = sampleSize(data);
  const one = (stager: ReturnType<typeof openStager>, ids: number[], at: number, seed: number, epoch: number): string =>
    stager
      .stage(ids, seed, epoch)
      .slice(at * size, (at + 1) * size)
      .join();
  const stager = openStager(data, 4, augment);
  const alone = one(openStager(data, 1, augment), [2], 0, 7, 1);
  assert.equal(one(stager, [0, 1, 2, 3], 2, 7, 1), alone);
  assert.equal(one(stager, [2, 0], 0, 7, 1), alone);
  const epochs = Array.from({ length: 40 }, (_, epoch) => one(stager, [2], 0, 7, epoch));
  assert.ok(new Set(epochs).size > 15, `${new Set(epochs).size} different placements in 40 epochs`);
  assert.notEqual(
    Array.from({ length: 9 }, (_, epoch) => one(stager, [2], 0, 8, epoch)).join(),
    epochs.slice(0, 9).join(),
  );
});

test('offsets are uniform and half of the samples are mirrored', () => {
  const samples = 9000;
  // One bright pixel in the middle of 5 x 7; where it lands tells the offset.
  const values = new Uint8Array(samples * 35);
  for (let i = 0; i < samples; i++) {
    values[i * 35 + 2 * 7 + 3] = 200;
    values[i * 35 + 2 * 7 + 4] = 100;
  }
  const data = { ...images(1, 1, false), samples, values, labels: new Uint8Array(samples) };
  const ids = Uint32Array.from({ length: samples }, (_, i) => i);
  const staged = openStager(data, samples, { crop: { padding: 1 }, flip: true }).stage(ids, 3, 5);
  const places = new Array<number>(35).fill(0);
  let mirrored = 0;
  for (let i = 0; i < samples; i++) {
    const at = staged.indexOf(200, i * 35) - i * 35;
    places[at]!++;
    if (staged[i * 35 + at - 1] === 100) mirrored++;
  }
  const reached = places.filter((count) => count > 0);
  assert.equal(reached.length, 9);
  for (const count of reached) assert.ok(Math.abs(count - 1000) < 150, `${reached}`);
  assert.ok(Math.abs(mirrored - 4500) < 240, `${mirrored} mirrored`);
});

test('a normalisation outlives drawing and splitting', () => {
  const data = withNormalization(images(4, 3, false), { mean: [0.1], deviation: [2] });
  assert.deepEqual(stageSamples(subset(data, [3]), 0, 1), stageSamples(data, 3, 4));
});

test('augmentations and batches that cannot be are refused', () => {
  const flat = dataset(Uint8Array.of(1, 2, 3, 4, 5, 6), 1);
  assert.throws(() => openStager(flat, 2, { flip: true }), {
    name: 'ConfigError',
    message: 'augment: samples of "d" have shape [2], expected [height, width, channels]; leave out crop and flip',
  });
  assert.throws(() => openStager(images(1, 1, false), 2, { crop: { padding: 5 } }), {
    message: 'augment.crop.padding: got 5, expected a whole number from 0 to 4 for images of [5, 7, 1]',
  });
  assert.throws(() => openStager(images(1, 1, false), 2, { crop: { padding: 0.5 } }), { message: /got 0.5/ });
  assert.throws(() => openStager(flat, 1).stage([0, 1]), {
    message: 'stage: got 2 samples, expected at most 1, its capacity',
  });
  assert.throws(() => openStager(flat, 1).stage([3]), { message: 'stage: got index 3, expected one below 3 ("d")' });
});
