import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../../core/index.ts';
import type { CorruptionKind } from '../settings.ts';
import type { Images } from '../subject.ts';
import { CORRUPTIONS, corrupt, openCorruption } from './corruption.ts';

const KINDS = Object.keys(CORRUPTIONS) as CorruptionKind[];
const shape = [7, 9, 3];
const size = 7 * 9 * 3;
const range = { low: 0, high: 1 };
const options = { shape, range, seed: 3, draw: 0 };

/** Images of bytes: smooth, with an edge, so that no disturbance leaves them as they are. */
function images(ids: readonly number[], values = size): Images {
  const scale = Math.fround(1 / 255);
  const pixels = Float32Array.from({ length: ids.length * values }, (_, i) => {
    const [id, k] = [ids[Math.floor(i / values)]!, i % values];
    return ((id * 31 + k * 5 + (k % 27 > 13 ? 100 : 0)) % 256) * scale;
  });
  return { pixels, ids: Uint32Array.from(ids) };
}

const grey = (n: number, values: number, level = 0.5): Images => ({
  pixels: new Float32Array(n * values).fill(level),
  ids: Uint32Array.from({ length: n }, (_, i) => i),
});

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const near = (got: number, expected: number, by: number): void => {
  assert.ok(Math.abs(got - expected) <= by, `got ${got}, expected ${expected} within ${by}`);
};
const rising = (kind: CorruptionKind): readonly number[] =>
  CORRUPTIONS[kind].levels.filter((level) => level !== CORRUPTIONS[kind].none);

const anyKind = fc.constantFrom(...KINDS);
const anyLevel = fc.nat(10);
const levelOf = (kind: CorruptionKind, i: number): number => rising(kind)[i % rising(kind).length]!;

test('pixels stay finite and in their range, and the images as they were', () => {
  fc.assert(
    fc.property(anyKind, anyLevel, fc.nat(5), fc.constantFrom(-1, 0, 0.25), (kind, i, draw, low) => {
      const given = images([4, 9]);
      const own = { low, high: 1.5 };
      for (let k = 0; k < given.pixels.length; k++) given.pixels[k] = low + given.pixels[k]! * (1.5 - low);
      const before = given.pixels.slice();
      const pixels = corrupt(kind, levelOf(kind, i), given, { ...options, range: own, draw });
      assert.ok(pixels.every((value) => value >= low && value <= 1.5));
      assert.deepEqual(given.pixels, before);
    }),
    { numRuns: 60 },
  );
});

test('an image is disturbed alike whatever batch it is in', () => {
  fc.assert(
    fc.property(anyKind, anyLevel, fc.nat(3), (kind, i, draw) => {
      const level = levelOf(kind, i);
      const together = corrupt(kind, level, images([8, 2, 5]), { ...options, draw });
      assert.deepEqual(corrupt(kind, level, images([2]), { ...options, draw }), together.subarray(size, 2 * size));
    }),
    { numRuns: 40 },
  );
});

test('the mildest level leaves images of bytes bit by bit as they are', () => {
  for (const kind of KINDS) {
    const given = images([1, 2]);
    const same = corrupt(kind, CORRUPTIONS[kind].none, given, options);
    assert.deepEqual(same, given.pixels, kind);
    assert.notEqual(same, given.pixels);
    assert.equal(CORRUPTIONS[kind].levels[0], CORRUPTIONS[kind].none);
    for (const level of rising(kind)) assert.notDeepEqual(corrupt(kind, level, given, options), given.pixels, kind);
  }
});

test('seed and draw matter where a kind is random, and only there', () => {
  for (const kind of KINDS) {
    const pixels = corrupt(kind, rising(kind).at(-1)!, images([1, 2]), options);
    for (const other of [{ seed: 4 }, { draw: 1 }]) {
      const changed = corrupt(kind, rising(kind).at(-1)!, images([1, 2]), { ...options, ...other });
      if (CORRUPTIONS[kind].random) assert.notDeepEqual(changed, pixels, kind);
      else assert.deepEqual(changed, pixels, kind);
    }
  }
});

test('levels share their random numbers', () => {
  const wide = { ...options, range: { low: -100, high: 100 } };
  for (const kind of ['gaussian', 'uniform'] as const) {
    const at = openCorruption(kind, grey(5, size), wide);
    const [once, twice] = [at(0.1), at(0.2)];
    for (let i = 0; i < once.length; i++) near(twice[i]! - 0.5, 2 * (once[i]! - 0.5), 1e-6);
  }
  for (const kind of ['salt-and-pepper', 'dropped-pixels', 'occlusion'] as const) {
    const at = openCorruption(kind, grey(20, size), options);
    let before = at(0);
    for (const level of [0.05, 0.1, 0.3, 0.6, 1]) {
      const now = at(level);
      for (let i = 0; i < now.length; i++) if (before[i] !== 0.5) assert.equal(now[i], before[i], `${kind} ${level}`);
      before = now;
    }
    assert.ok(before.every((value) => value !== 0.5));
  }
});

test('noise is of the size that the level says', () => {
  const wide = { ...options, shape: [1001], range: { low: -100, high: 100 } };
  const noise = (kind: CorruptionKind, level: number): Float32Array =>
    corrupt(kind, level, grey(200, 1001), wide).map((value) => value - 0.5);
  const deviation = (values: Float32Array): number => Math.sqrt(mean(values.map((value) => value * value)));
  const normal = noise('gaussian', 0.3);
  near(mean(normal), 0, 0.003);
  near(deviation(normal), 0.3, 0.003);
  near(mean(normal.map((value) => (value < 0.3 ? 1 : 0))), 0.8413, 0.003);
  near(mean(normal.map((value, i) => value * normal[(i + 1) % normal.length]!)), 0, 0.001);
  const flat = noise('uniform', 0.3);
  near(deviation(flat), 0.3 / Math.sqrt(3), 0.002);
  assert.ok(flat.every((value) => Math.abs(value) <= 0.300001));
});

test('pixels are lost with all their channels, in the share that the level says', () => {
  const given = grey(300, size);
  const salted = corrupt('salt-and-pepper', 0.2, given, options);
  const dropped = corrupt('dropped-pixels', 0.2, given, options);
  for (let i = 0; i < salted.length; i += 3)
    for (const pixels of [salted, dropped]) assert.ok(pixels[i] === pixels[i + 1] && pixels[i] === pixels[i + 2]);
  const share = (pixels: Float32Array, wanted: number): number => mean(pixels.map((x) => (x === wanted ? 1 : 0)));
  near(share(salted, 0), 0.1, 0.01);
  near(share(salted, 1), 0.1, 0.01);
  near(share(dropped, 0), 0.2, 0.01);
  assert.equal(share(dropped, 1), 0);
});

test('a box covers its share of the area, in one piece, anywhere', () => {
  const shape = [20, 30, 2];
  const pixels = corrupt('occlusion', 0.25, grey(200, 1200), { ...options, shape });
  const tops = new Set<number>();
  for (let n = 0; n < 200; n++) {
    const covered = [...Array(600).keys()].filter((pixel) => pixels[n * 1200 + 2 * pixel] === 0);
    assert.equal(covered.length, 10 * 15);
    const [top, left] = [Math.floor(covered[0]! / 30), covered[0]! % 30];
    tops.add(top);
    assert.deepEqual(
      covered,
      Array.from({ length: 150 }, (_, i) => (top + Math.floor(i / 15)) * 30 + left + (i % 15)),
    );
  }
  assert.deepEqual([Math.min(...tops), Math.max(...tops)], [0, 10]);
});

test('a blurred point is the Gaussian, channel by channel', () => {
  const shape = [11, 13, 2];
  const pixels = new Float32Array(11 * 13 * 2);
  pixels[(5 * 13 + 6) * 2 + 1] = 1;
  const blurred = corrupt('blur', 1, { pixels, ids: Uint32Array.of(0) }, { ...options, shape });
  const sum = [-3, -2, -1, 0, 1, 2, 3].reduce((total, d) => total + Math.exp(-(d ** 2) / 2), 0);
  for (let y = 0; y < 11; y++)
    for (let x = 0; x < 13; x++) {
      const [dy, dx] = [y - 5, x - 6];
      const inside = Math.abs(dy) <= 3 && Math.abs(dx) <= 3;
      near(blurred[(y * 13 + x) * 2 + 1]!, inside ? Math.exp(-(dy ** 2 + dx ** 2) / 2) / sum ** 2 : 0, 1e-7);
      assert.equal(blurred[(y * 13 + x) * 2], 0);
    }
});

test('a blur keeps what is flat, and the mean, however wide', () => {
  for (const level of [0.5, 2, 40]) {
    for (const value of corrupt('blur', level, grey(1, size), options)) near(value, 0.5, 1e-6);
    near(mean(corrupt('blur', level, images([1]), options)), mean(images([1]).pixels), 1e-6);
  }
  const red = corrupt('blur', 40, images([1]), options).filter((_, i) => i % 3 === 0);
  near(Math.max(...red) - Math.min(...red), 0, 0.01);
});

test('contrast goes to the mean of each channel', () => {
  const given = images([1, 2]);
  const [half, flat] = [corrupt('contrast', 0.5, given, options), corrupt('contrast', 1, given, options)];
  for (let n = 0; n < 2; n++)
    for (let c = 0; c < 3; c++) {
      const own = given.pixels.slice(n * size, (n + 1) * size).filter((_, i) => i % 3 === c);
      for (let i = n * size + c; i < (n + 1) * size; i += 3) {
        near(flat[i]!, mean(own), 1e-6);
        near(half[i]!, (given.pixels[i]! + mean(own)) / 2, 1e-6);
      }
    }
});

test('bits give their number of values, the nearest one each', () => {
  const given = images([1, 2, 3, 4, 5, 6, 7]);
  for (const bits of [1, 2, 3]) {
    const pixels = corrupt('quantize', bits, given, options);
    assert.equal(new Set(pixels).size, 2 ** bits);
    pixels.forEach((value, i) => {
      near(value, given.pixels[i]!, 0.5 / (2 ** bits - 1) + 1e-6);
    });
  }
  const scaled = { low: -1, high: 3 };
  const pixels = corrupt('quantize', 1, grey(1, size, 0.9), { ...options, range: scaled });
  assert.deepEqual(new Set(pixels), new Set([-1]));
});

test('what a kind cannot do is refused', () => {
  const refuses = (run: () => unknown, message: RegExp): void => {
    assert.throws(run, (error) => error instanceof ConfigError && message.test(error.message));
  };
  const flat = { ...options, shape: [size] };
  refuses(
    () => corrupt('blur', 1, images([1]), flat),
    /^blur: got samples of shape \[189\], expected images \[height, width, channels\]; leave blur out/,
  );
  refuses(() => corrupt('occlusion', 0.1, images([1]), flat), /^occlusion: got samples of shape \[189\]/);
  refuses(
    () => corrupt('gaussian', -0.1, images([1]), options),
    /^gaussian level: got -0.1, expected a number from 0 on/,
  );
  refuses(
    () => corrupt('uniform', Number.NaN, images([1]), options),
    /^uniform level: got NaN, expected a number from 0/,
  );
  refuses(
    () => corrupt('contrast', 1.5, images([1]), options),
    /^contrast level: got 1.5, expected a share from 0 to 1/,
  );
  refuses(
    () => corrupt('quantize', 0, images([1]), options),
    /^quantize level: got 0, expected a whole number of bits/,
  );
  refuses(
    () => corrupt('gaussian', 0.1, images([1, 2], 100), options),
    /^gaussian: got 200 values, expected 2 images of 189 \(\[7, 9, 3\]\)/,
  );
  assert.equal(corrupt('gaussian', 0.1, images([1]), flat).length, size);
});
