import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import fc from 'fast-check';
import { NPZ_FILES, npyArray } from '../../test/fixtures/numpy-files.ts';
import { DataError } from '../core/index.ts';
import { loadDataset } from './load.ts';
import type { LoadOptions } from './load-options.ts';
import { openNpz } from './npz.ts';

async function npz(arrays: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [name, bytes] of Object.entries(arrays)) await writer.add(name, new Uint8ArrayReader(bytes));
  return writer.close();
}

async function load(files: Readonly<Record<string, Uint8Array>>, target: string, options: LoadOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-npz-'));
  try {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    return await loadDataset(join(folder, target), options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const loadNpz = async (arrays: Readonly<Record<string, Uint8Array>>, options: LoadOptions = {}) =>
  load({ 'd.npz': await npz(arrays) }, 'd.npz', options);

for (const kind of ['stored', 'deflated'] as const) {
  test(`an archive as NumPy writes it is a dataset (${kind})`, async () => {
    const { train, test: tested, officialTestSamples } = await load({ 'd.npz': NPZ_FILES[kind] }, 'd.npz');
    assert.deepEqual([train.shape, train.scale, train.name], [[2, 3, 1], 1 / 255, 'd.npz']);
    assert.deepEqual(Array.from(train.values), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(
      [Array.from(train.labels), train.classes],
      [
        [1, 0],
        ['0', '1'],
      ],
    );
    assert.deepEqual([Array.from(tested.values), officialTestSamples], [[0, 1, 2, 3, 4, 5], 1]);
  });
}

test('one x and y is split into training and test set, stratified and seeded', async () => {
  const arrays = {
    'x.npy': npyArray([10, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    'y.npy': npyArray([10], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
  };
  const ids = async (seed: number): Promise<string> => {
    const { train, test: tested } = await loadNpz(arrays, { testShare: 0.4, seed });
    assert.deepEqual(Array.from(tested.labels).sort(), [0, 0, 1, 1]);
    assert.deepEqual([...train.values, ...tested.values].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    return Array.from(tested.values).join();
  };
  assert.equal(await ids(1), await ids(1));
  assert.notEqual(await ids(1), await ids(2));
  await assert.rejects(loadNpz(arrays, { testShare: 0 }), { message: /a share of 0 leaves no test samples/ });
  await assert.rejects(loadNpz(arrays, { testShare: 1 }), {
    message: 'test: got 1, expected a share from 0 to less than 1',
  });
});

test('a folder of .npy files is the same; booleans are 0 and 1, floats as they are', async () => {
  const half = [0, 0, 0, 63]; // 0.5 as little-endian float32
  const files = {
    'x_train.npy': npyArray([1, 2], [1, 0], '|b1'),
    'y_train.npy': npyArray([1, 1], [2]),
    'x_test.npy': npyArray([1, 2], [0, 1], '|b1'),
    'y_test.npy': npyArray([1], [0]),
  };
  const { train, test: tested } = await load(files, '.', { classes: ['a', 'b', 'c'] });
  assert.deepEqual([train.scale, [...train.values], [...tested.values], train.classes[2]], [1, [1, 0], [0, 1], 'c']);
  const floats = { 'images.npy': npyArray([2, 1], [...half, ...half], '<f4'), 'labels.npy': npyArray([2], [0, 0]) };
  const { train: real } = await load(floats, '.', { testShare: 0.5 });
  assert.deepEqual([real.values, real.scale], [Float32Array.of(0.5), 1]);
});

const x = npyArray([2, 1], [1, 2]);
const y = npyArray([2], [0, 1]);
const refusals: readonly [string, Readonly<Record<string, Uint8Array>>, RegExp][] = [
  [
    'no names known',
    { 'a.npy': x },
    /d\.npz: holds the arrays a; expected x_train and y_train, or .* together with x_test and y_test/,
  ],
  ['no arrays', { 'readme.txt': x }, /holds the arrays none/],
  [
    'too few labels',
    { 'x.npy': x, 'y.npy': npyArray([1], [0]) },
    /d\.npz\/y\.npy: 1 labels, but 2 samples in .*d\.npz\/x\.npy/,
  ],
  [
    'one-hot labels',
    { 'x.npy': x, 'y.npy': npyArray([2, 2], [0, 1, 1, 0]) },
    /y\.npy at byte \d+: labels of shape \[2, 2\], expected one class number a sample; use argmax/,
  ],
  [
    'a fractional label',
    { 'x.npy': x, 'y.npy': npyArray([2], [0, 0, 0, 0, 0, 0, 0, 63], '<f4') },
    /label of sample 1 is 0\.5, expected a class from 0 to 255/,
  ],
  [
    'one dimension',
    { 'x.npy': y, 'y.npy': y },
    /x\.npy at byte \d+: samples of shape \[2\], expected \[samples, features\]/,
  ],
  [
    'a NaN',
    { 'x.npy': npyArray([1, 1], [0, 0, 192, 127], '<f4'), 'y.npy': npyArray([1], [0]) },
    /value 0 is NaN, expected a finite number within float32/,
  ],
  [
    'parts of different shapes',
    { 'x_train.npy': x, 'y_train.npy': y, 'x_test.npy': npyArray([2, 2], [1, 2, 3, 4]), 'y_test.npy': y },
    /x_test has samples of \[2\] \(Uint8Array\), but x_train of \[1\]/,
  ],
];

for (const [name, arrays, message] of refusals) {
  test(`${name}: refused, with the array`, async () => {
    await assert.rejects(loadNpz(arrays, { testShare: 0.5 }), { name: 'DataError', message });
  });
}

test('a file that is no zip, an array that is not there, a lie about sizes', async () => {
  await assert.rejects(openNpz(new Uint8Array(99), 'x.npz'), { message: /^x\.npz: damaged or not a zip file: / });
  const file = await openNpz(NPZ_FILES.stored, 'x.npz');
  await assert.rejects(file.read('z'), { message: 'x.npz: no array "z", but x_train, y_train, x_test, y_test' });
  // The size in the central directory, 24 bytes into the entry, is set to 2 GiB.
  const lying = Uint8Array.from(NPZ_FILES.deflated);
  const entry = Buffer.from(lying).indexOf('PK\x01\x02', 0, 'latin1');
  new DataView(lying.buffer).setUint32(entry + 24, 2 ** 31, true);
  const opened = await openNpz(lying, 'x.npz');
  await assert.rejects(opened.read('x_train'), {
    message: /announces 2147483648 bytes out of \d+, more than deflate can make/,
  });
});

test('a flipped bit in an array is found by its CRC', async () => {
  const bytes = Uint8Array.from(NPZ_FILES.stored);
  const at = Buffer.from(bytes).indexOf('\x00\x01\x02\x03\x04\x05', 0, 'latin1');
  bytes[at + 3]! ^= 8;
  const file = await openNpz(bytes, 'x.npz');
  await assert.rejects(file.read('x_train'), {
    name: 'DataError',
    message: /^x\.npz\/x_train\.npy: damaged or not a zip file/,
  });
});

test('whatever the bytes, there are arrays or a DataError', async () => {
  const only = async (bytes: Uint8Array): Promise<void> => {
    try {
      const file = await openNpz(bytes, 'x');
      for (const name of file.names) await file.read(name);
    } catch (error) {
      assert.ok(error instanceof DataError, String((error as Error).stack));
    }
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(NPZ_FILES.stored, NPZ_FILES.deflated),
      fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 5 }),
      fc.nat(1500),
      async (whole, flips, length) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of flips) bytes[at % bytes.length]! ^= value;
        await only(bytes);
        await only(whole.subarray(0, length));
      },
    ),
  );
});
