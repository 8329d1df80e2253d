import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { meanInput } from './dataset.ts';
import { gunzip } from './gunzip.ts';
import { labelledImages } from './labelled-images.ts';
import { loadDataset } from './load.ts';

const idx = (type: number, dimensions: readonly number[], values: readonly number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    0,
    0,
    type,
    dimensions.length,
    ...dimensions.flatMap((length) => [0, 0, length >> 8, length & 255]),
    ...values,
  ]);

const images = (samples: number): Uint8Array<ArrayBuffer> =>
  idx(
    8,
    [samples, 2, 3],
    Array.from({ length: samples * 6 }, (_, i) => i),
  );
const labels = (values: readonly number[]): Uint8Array<ArrayBuffer> => idx(8, [values.length], values);

async function inFolder(
  files: Readonly<Record<string, Uint8Array>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-data-'));
  try {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const complete = {
  'train-images-idx3-ubyte': images(5),
  'train-labels-idx1-ubyte': labels([0, 1, 2, 1, 0]),
  't10k-images-idx3-ubyte': images(2),
  't10k-labels-idx1-ubyte': labels([2, 0]),
};

test('MNIST is the real 60,000 + 10,000, split and stratified', async () => {
  const data = await loadDataset('mnist', { validation: 0.1, seed: 4, test: 9000 });
  assert.deepEqual(
    [data.train.samples, data.validation.samples, data.test.samples, data.officialTestSamples],
    [54_000, 6000, 9000, 10_000],
  );
  assert.deepEqual(data.train.shape, [28, 28, 1]);
  assert.equal(data.train.classes.length, 10);
  // 0.1307 is the mean pixel of the 60,000 training images, as every MNIST tutorial normalises by.
  assert.ok(Math.abs(0.9 * meanInput(data.train) + 0.1 * meanInput(data.validation) - 0.1307) < 5e-5);
});

test('a folder of idx files is read, gzipped or not, under either way of naming', async () => {
  const mixed = {
    'train-images.idx3-ubyte': complete['train-images-idx3-ubyte'],
    'train-labels-idx1-ubyte.gz': new Uint8Array(gzipSync(complete['train-labels-idx1-ubyte'])),
    't10k-images.idx3-ubyte.gz': new Uint8Array(gzipSync(complete['t10k-images-idx3-ubyte'])),
    't10k-labels-idx1-ubyte': complete['t10k-labels-idx1-ubyte'],
  };
  for (const files of [complete, mixed]) {
    await inFolder(files, async (folder) => {
      const { train, test, validation } = await loadDataset(folder);
      assert.deepEqual([train.samples, validation.samples, test.samples], [5, 0, 2]);
      assert.deepEqual(train.shape, [2, 3, 1]);
      assert.deepEqual(train.classes, ['0', '1', '2']);
      assert.deepEqual(Array.from(train.labels), [0, 1, 2, 1, 0]);
      assert.deepEqual(
        Array.from(test.values),
        Array.from({ length: 12 }, (_, i) => i),
      );
      assert.equal(train.scale, 1 / 255);
      assert.equal(train.source, folder);
    });
  }
});

const refusals: readonly [string, Readonly<Record<string, Uint8Array>>, RegExp][] = [
  [
    'a missing file',
    { ...complete, 't10k-labels-idx1-ubyte': images(1) },
    /t10k-labels-idx1-ubyte at byte 3: labels of shape \[1, 2, 3\], expected one dimension/,
  ],
  [
    'labels for images',
    { ...complete, 'train-images-idx3-ubyte': labels([1, 2]) },
    /train-images-idx3-ubyte at byte 3: images of one dimension/,
  ],
  [
    'no images',
    { ...complete, 'train-images-idx3-ubyte': images(0), 'train-labels-idx1-ubyte': labels([]) },
    /images of shape \[0, 2, 3\] hold no values/,
  ],
  [
    'too few labels',
    { ...complete, 'train-labels-idx1-ubyte': labels([1]) },
    /train-labels-idx1-ubyte: 1 labels, but 5 images in .*the files belong to different sets/,
  ],
  [
    'a class that training has not',
    { ...complete, 't10k-labels-idx1-ubyte': labels([2, 3]) },
    /t10k-labels-idx1-ubyte at byte 9: label of sample 1 is 3, expected a class from 0 to 2/,
  ],
  [
    'other sizes',
    { ...complete, 't10k-images-idx3-ubyte': idx(8, [2, 1, 1], [1, 2]) },
    /test images of shape \[1, 1, 1\], but training images of \[2, 3, 1\]/,
  ],
  [
    'a damaged gzip',
    { ...complete, 'train-labels-idx1-ubyte': Uint8Array.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]) },
    /train-labels-idx1-ubyte: damaged gzip data after 0 decompressed bytes/,
  ],
];

for (const [name, files, message] of refusals) {
  test(`${name}: refused, with the file`, async () => {
    await inFolder(files, async (folder) => {
      await assert.rejects(loadDataset(folder), { name: 'DataError', message });
    });
  });
}

test('a folder without the four files, or that is not there, says what was looked for', async () => {
  await inFolder({ 'train-images-idx3-ubyte': images(5) }, async (folder) => {
    await assert.rejects(loadDataset(folder), {
      name: 'DataError',
      message:
        /no file train-labels-idx1-ubyte or train-labels-idx1-ubyte\.gz or train-labels\.idx1-ubyte or .* in this folder; put the four idx files there/,
    });
    await assert.rejects(loadDataset(join(folder, 'nowhere')), {
      name: 'ConfigError',
      message:
        /^data: got ".*nowhere", expected one of mnist, .*, a folder of idx, CIFAR, .npy or image files, or an .npz file \(there is no such folder\)/,
    });
  });
});

test('gzip that expands without end is stopped', async () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(2 ** 20)));
  await assert.rejects(gunzip(bomb, 'bomb.gz', 1000), {
    name: 'DataError',
    message: /bomb\.gz: gzip data expands to more than 1000 bytes/,
  });
  assert.equal((await gunzip(bomb, 'bomb.gz', 2 ** 20)).length, 2 ** 20);
});

test('float images are taken as they are; other numbers and NaN are refused', () => {
  const answers = { path: 'labels', bytes: labels([1]) };
  const about = { name: 'n', source: 's' };
  const floats = (...values: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => {
      view.setFloat32(4 * i, value);
    });
    return idx(13, [1, 1, values.length], Array.from(new Uint8Array(view.buffer)));
  };
  const made = labelledImages({ path: 'images', bytes: floats(0.5, -2) }, answers, about);
  assert.deepEqual([made.values, made.scale, made.classes], [Float32Array.of(0.5, -2), 1, ['0', '1']]);
  assert.throws(() => labelledImages({ path: 'images', bytes: floats(0.5, Number.NaN) }, answers, about), {
    message: 'images at byte 20: value 1 is NaN, expected a finite number',
  });
  assert.throws(() => labelledImages({ path: 'images', bytes: idx(9, [1, 1, 2], [1, 2]) }, answers, about), {
    message: /images at byte 2: images of Int8Array values; expected bytes \(0x08\) or floats/,
  });
});

test('Fashion-MNIST is known by the name of its folder', async () => {
  await inFolder({}, async (parent) => {
    const folder = join(parent, 'fashion-mnist');
    await mkdir(folder);
    for (const [name, bytes] of Object.entries(complete)) await writeFile(join(folder, name), bytes);
    const { train } = await loadDataset(`${folder}/`);
    assert.deepEqual([train.name, train.classes[0], train.classes[9]], ['Fashion-MNIST', 'T-shirt/top', 'Ankle boot']);
    const named = await loadDataset(folder, { classes: ['x', 'y', 'z'] });
    assert.deepEqual(named.train.classes, ['x', 'y', 'z']);
  });
});

test('Fashion-MNIST by name is what Debian installs, or says so', async () => {
  if (existsSync('/usr/share/datasets/fashion-mnist')) {
    const { train, test: tested } = await loadDataset('fashion-mnist');
    assert.deepEqual([train.samples, tested.samples, train.classes[1]], [60_000, 10_000, 'Trouser']);
    return;
  }
  await assert.rejects(loadDataset('fashion-mnist'), {
    name: 'ConfigError',
    message:
      'data: "fashion-mnist" is not at /usr/share/datasets/fashion-mnist; install Debian\'s package dataset-fashion-mnist, or give a folder named fashion-mnist with its four idx files',
  });
});

test('a folder that holds the folder of an archive is read through', async () => {
  await inFolder({}, async (parent) => {
    await mkdir(join(parent, 'cifar-100-binary'));
    await assert.rejects(loadDataset(parent), { message: /cifar-100-binary: holds no dataset/ });
    await writeFile(join(parent, 'cifar-100-binary', 'train.bin'), 'x');
    await assert.rejects(loadDataset(parent), { message: /cifar-100-binary: no file test\.bin in this folder/ });
  });
});
