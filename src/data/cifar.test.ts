import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/index.ts';
import { parseCifar } from './cifar.ts';
import { CIFAR, type CifarKind } from './cifar-layout.ts';
import { loadDataset } from './load.ts';

const PIXELS = 1024;

/** A value that tells its image, channel and pixel apart. */
const valueAt = (image: number, channel: number, pixel: number): number => (image * 7 + channel * 85 + pixel) % 256;

/** A batch file: planes of red, green and blue behind the labels of each image. */
function batch(labels: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    labels.flatMap((label, image) => [
      ...label,
      ...Array.from({ length: 3 * PIXELS }, (_, i) => valueAt(image, Math.floor(i / PIXELS), i % PIXELS)),
    ]),
  );
}

const ten = (images: number): Uint8Array<ArrayBuffer> =>
  batch(Array.from({ length: images }, (_, image) => [image % 10]));
const hundred = (images: number): Uint8Array<ArrayBuffer> =>
  batch(Array.from({ length: images }, (_, image) => [image % 20, 99 - (image % 20)]));

const cifar10: Readonly<Record<string, Uint8Array>> = {
  ...Object.fromEntries(CIFAR.cifar10.train.map((file) => [file, ten(4)])),
  'test_batch.bin': ten(3),
};

async function inFolder(
  files: Readonly<Record<string, Uint8Array | string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-cifar-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('planes become pixels with channels last', () => {
  const { samples, values, labels } = parseCifar(ten(2), 'x', 'cifar10');
  assert.deepEqual([samples, values.length, [...labels]], [2, 2 * 3 * PIXELS, [0, 1]]);
  for (const [image, row, column, channel] of [
    [0, 0, 0, 0],
    [0, 0, 1, 2],
    [1, 31, 30, 1],
    [1, 7, 9, 2],
  ] as const) {
    const pixel = row * 32 + column;
    assert.equal(values[(image * PIXELS + pixel) * 3 + channel], valueAt(image, channel, pixel));
  }
});

test('a folder of CIFAR-10 loads, and says how much of the official sets it holds', async () => {
  await inFolder(cifar10, async (folder) => {
    const { train, test: tested, officialTestSamples } = await loadDataset(folder, { validation: 0.2 });
    assert.deepEqual([train.samples, tested.samples, officialTestSamples], [16, 3, 10_000]);
    assert.deepEqual([train.name, train.shape, train.scale], ['CIFAR-10', [32, 32, 3], 1 / 255]);
    assert.deepEqual([train.classes[0], train.classes[9]], ['airplane', 'truck']);
    assert.equal(
      tested.source,
      `${folder}, 20 of the 50000 official training images, 3 of the 10000 official test images`,
    );
  });
});

test('CIFAR-100 has fine and coarse classes', async () => {
  const files = { 'train.bin': hundred(8), 'test.bin': hundred(4) };
  await inFolder(files, async (folder) => {
    const fine = await loadDataset(folder);
    assert.deepEqual([fine.train.classes.length, [...fine.test.labels]], [100, [99, 98, 97, 96]]);
    assert.deepEqual([fine.train.classes[0], fine.train.classes[99]], ['apple', 'worm']);
    const coarse = await loadDataset(folder, { labels: 'coarse' });
    assert.deepEqual([coarse.train.classes.length, [...coarse.test.labels]], [20, [0, 1, 2, 3]]);
    assert.deepEqual([coarse.train.name, coarse.train.classes[19]], ['CIFAR-100 (coarse)', 'vehicles_2']);
  });
});

test('class names come from the folder where it has them, and must fit', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `kind ${i}`).join('\n');
  await inFolder({ ...cifar10, 'batches.meta.txt': `${names}\n\n` }, async (folder) => {
    assert.equal((await loadDataset(folder)).train.classes[3], 'kind 3');
  });
  await inFolder({ ...cifar10, 'batches.meta.txt': 'cat\ndog\ncat\n' }, async (folder) => {
    await assert.rejects(loadDataset(folder), {
      name: 'DataError',
      message: `${join(folder, 'batches.meta.txt')}: got 3 class names (2 different), expected 10, one a line; remove the file to use the official names`,
    });
  });
});

const { 'data_batch_3.bin': _, ...withoutThird } = cifar10;
const refusals: readonly [string, Readonly<Record<string, Uint8Array>>, RegExp][] = [
  [
    'a missing batch',
    withoutThird,
    /: no file data_batch_3\.bin in this folder; expected data_batch_1\.bin, .*unpack the archive of CIFAR-10/,
  ],
  [
    'a batch cut off',
    { ...cifar10, 'data_batch_2.bin': ten(4).subarray(0, 5000) },
    /data_batch_2\.bin at byte 3073: truncated, or not CIFAR-10: got 5000 bytes, expected a multiple of 3073 \(1 for the label, 3072 for the image\); unpack or download/,
  ],
  [
    'a batch cut off between two images',
    { ...cifar10, 'data_batch_4.bin': ten(2) },
    /data_batch_4\.bin: got 2 images, but 4 in .*data_batch_1\.bin; one of the two is truncated/,
  ],
  ['an empty batch', { ...cifar10, 'test_batch.bin': ten(0) }, /test_batch\.bin at byte 0: truncated/],
  [
    'a label out of range',
    { ...cifar10, 'test_batch.bin': batch([[9], [10]]) },
    /test_batch\.bin at byte 3073: label of image 1 is 10, expected a class from 0 to 9; the file is damaged or not CIFAR-10/,
  ],
  [
    "the other set's record",
    { 'train.bin': hundred(2), 'test.bin': ten(2) },
    /test\.bin at byte 3074: truncated, or not CIFAR-100/,
  ],
  [
    'a fine label out of range',
    { 'train.bin': hundred(2), 'test.bin': batch([[3, 100]]) },
    /test\.bin at byte 1: fine label of image 0 is 100, expected a class from 0 to 99/,
  ],
  [
    'a fine class under two coarse ones',
    {
      'train.bin': hundred(2),
      'test.bin': batch([
        [3, 4],
        [5, 4],
      ]),
    },
    /test\.bin at byte 3074: image 1 has fine label 4 under coarse label 5, but an image before it has it under 3/,
  ],
];

for (const [name, files, message] of refusals) {
  test(`${name}: refused, with the file and the byte`, async () => {
    await inFolder(files, async (folder) => {
      await assert.rejects(loadDataset(folder), { name: 'DataError', message });
    });
  });
}

test('more images than the official file holds, and coarse labels of CIFAR-10, are refused', async () => {
  assert.throws(() => parseCifar(ten(3), 'x.bin', 'cifar10', 'fine', 2), {
    message: /^x\.bin at byte 6146: got 3 images, expected at most the 2 of the official file/,
  });
  await inFolder(cifar10, async (folder) => {
    await assert.rejects(loadDataset(folder, { labels: 'coarse' }), {
      name: 'ConfigError',
      message: 'labels: got "coarse", but CIFAR-10 has only fine labels; leave it out',
    });
  });
});

test('whatever the bytes, there is a dataset or a DataError', () => {
  const kinds: readonly CifarKind[] = ['cifar10', 'cifar100'];
  const whole = { cifar10: ten(3), cifar100: hundred(3) };
  const only = (bytes: Uint8Array, kind: CifarKind): void => {
    try {
      const { labels, samples } = parseCifar(bytes, 'x', kind);
      assert.equal(bytes.length, samples * (CIFAR[kind].labelBytes + 3072));
      assert.ok(labels.every((label) => label < CIFAR[kind].labels.fine.classes.length));
    } catch (error) {
      assert.ok(error instanceof DataError, String(error));
    }
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.nat(9300),
      fc.array(fc.tuple(fc.nat(9218), fc.nat(255)), { maxLength: 4 }),
      fc.uint8Array({ maxLength: 40 }),
      (kind, length, flips, random) => {
        const bytes = Uint8Array.from(whole[kind]);
        for (const [at, value] of flips) bytes[at]! ^= value;
        only(bytes, kind);
        only(bytes.subarray(0, length), kind);
        only(random, kind);
      },
    ),
  );
});
