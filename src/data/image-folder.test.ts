import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/index.ts';
import { imageDecoder } from './decode-image.ts';
import { checkMemory } from './image-folder.ts';
import { loadDataset } from './load.ts';
import type { LoadProgress } from './source.ts';

const sharp = await import('sharp').then(
  (module) => module.default,
  () => undefined,
);
const options = { skip: sharp === undefined ? 'the optional package sharp is not installed' : false };

type Colour = readonly [red: number, green: number, blue: number];

/** An image of one colour, 9 wide and 7 high. */
const plain = ([r, g, b]: Colour) => sharp!({ create: { width: 9, height: 7, channels: 3, background: { r, g, b } } });
const png = (colour: Colour): Promise<Buffer> => plain(colour).png().toBuffer();
const [red, green, blue]: readonly Colour[] = [
  [200, 10, 20],
  [10, 200, 20],
  [20, 10, 200],
];

async function inFolder(
  files: Readonly<Record<string, Uint8Array>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-images-'));
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const small = { images: { resize: 4, crop: 3 } };

test('a folder with train and test has a class for each subfolder, whatever the format', options, async () => {
  const files = {
    'train/cat/1.png': await png(red!),
    'train/cat/2.WEBP': await plain(red!).webp({ lossless: true }).toBuffer(),
    'train/cat/notes.txt': new Uint8Array(3),
    'train/dog/1.jpeg': await plain(blue!).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    'test/dog/1.png': await png(blue!),
  };
  await inFolder(files, async (folder) => {
    const seen: LoadProgress[] = [];
    const split = await loadDataset(folder, { ...small, onProgress: (progress) => seen.push(progress) });
    const { train, test: tested, officialTestSamples, skipped } = split;
    assert.deepEqual([train.samples, tested.samples, officialTestSamples, skipped], [3, 1, 1, undefined]);
    assert.deepEqual([train.classes, [...train.labels], [...tested.labels]], [['cat', 'dog'], [0, 0, 1], [1]]);
    assert.deepEqual([train.shape, train.scale], [[3, 3, 3], 1 / 255]);
    const expected = [red!, red!, blue!].flatMap((colour) => Array.from({ length: 9 }, () => colour).flat());
    const worst = Math.max(...expected.map((value, i) => Math.abs(value - train.values[i]!)));
    assert.ok(worst <= 2, `a colour is off by ${worst}`);
    assert.deepEqual(Array.from(train.values.subarray(0, 54)), expected.slice(0, 54));
    assert.deepEqual(
      seen.map(({ done, total, unit }) => `${done} of ${total} ${unit}`),
      ['1 of 4 images', '2 of 4 images', '3 of 4 images', '4 of 4 images'],
    );
  });
});

test('grayscale, alpha and CMYK become RGB', options, async () => {
  const decode = await imageDecoder();
  const first = async (bytes: Uint8Array): Promise<number[]> => {
    const { width, height, pixels } = await decode(bytes, 'x');
    assert.deepEqual([width, height, pixels.length], [9, 7, 189]);
    return Array.from(pixels.subarray(0, 3));
  };
  const gray = await plain([90, 90, 90]).toColourspace('b-w').png().toBuffer();
  assert.equal((await sharp!(gray).metadata()).channels, 1);
  assert.deepEqual(await first(gray), [90, 90, 90]);
  const background = { r: 200, g: 10, b: 20, alpha: 0.5 };
  const clear = await sharp!({ create: { width: 9, height: 7, channels: 4, background } })
    .png()
    .toBuffer();
  assert.deepEqual(await first(clear), [200, 10, 20]);
  const veiled = await plain([90, 90, 90]).toColourspace('b-w').ensureAlpha(0.3).png().toBuffer();
  assert.equal((await sharp!(veiled).metadata()).channels, 2);
  assert.deepEqual(await first(veiled), [90, 90, 90]);
  const cmyk = await plain(red!).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
  assert.equal((await sharp!(cmyk).metadata()).channels, 4);
  const [r, g, b] = await first(cmyk);
  assert.ok(r! > 150 && g! < 60 && b! < 60, `${r} ${g} ${b}`);
  const deep = await plain(green!).toColourspace('rgb16').png().toBuffer();
  assert.equal((await sharp!(deep).metadata()).depth, 'ushort');
  assert.deepEqual(await first(deep), green);
});

test('without a test folder the images are split, and only those asked for are read', options, async () => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 10; i++) {
    files[`a/${i}.png`] = await png([i, 0, 0]);
    files[`b/${i}.png`] = await png([100 + i, 0, 0]);
  }
  await inFolder(files, async (folder) => {
    const ids = async (seed: number): Promise<number[]> => {
      const { train, test: tested } = await loadDataset(folder, { ...small, testShare: 0.3, seed });
      const reds = ({ values, samples }: typeof train) => Array.from({ length: samples }, (_, i) => values[i * 27]!);
      assert.deepEqual([train.samples, tested.samples], [14, 6]);
      assert.deepEqual(Array.from(tested.labels), [0, 0, 0, 1, 1, 1]);
      assert.equal(new Set([...reds(train), ...reds(tested)]).size, 20);
      return reds(tested);
    };
    assert.deepEqual(await ids(1), await ids(1));
    assert.notDeepEqual(await ids(1), await ids(2));
    let read = 0;
    const counted = { ...small, train: 5, test: 2, validation: 0.4, onProgress: () => read++ };
    const { train, validation, test: tested, officialTestSamples } = await loadDataset(folder, counted);
    assert.deepEqual([train.samples, validation.samples, tested.samples, officialTestSamples, read], [3, 2, 2, 4, 7]);
    await assert.rejects(loadDataset(folder, { ...small, train: 17 }), {
      name: 'ConfigError',
      message: /^data\.train: got 17, expected a whole number from 1 to 16, the samples of/,
    });
    const stopped = loadDataset(folder, { ...small, signal: AbortSignal.abort() });
    await assert.rejects(stopped, { name: 'InterruptedError', message: /images: stopped on request after 0 of 16/ });
  });
});

test('val is the test set if it is alone, the validation set beside test', options, async () => {
  const files: Record<string, Uint8Array> = {};
  for (const part of ['train', 'val']) for (const name of ['a', 'b']) files[`${part}/${name}/x.png`] = await png(red!);
  await inFolder(files, async (folder) => {
    const { validation, test: tested } = await loadDataset(folder, small);
    assert.deepEqual([validation.samples, tested.samples], [0, 2]);
  });
  await inFolder({ ...files, 'test/b/x.png': await png(blue!) }, async (folder) => {
    const { validation, test: tested } = await loadDataset(folder, small);
    assert.deepEqual([validation.samples, tested.samples], [2, 1]);
  });
});

test('a damaged image is named, and left out and reported if asked', options, async () => {
  const noise = Uint8Array.from({ length: 90 * 70 * 3 }, (_, i) => (i * 7919) % 256);
  const jpeg = await sharp!(noise, { raw: { width: 90, height: 70, channels: 3 } })
    .jpeg()
    .toBuffer();
  const files = {
    'a/1.png': await png(red!),
    'a/2.jpg': jpeg.subarray(0, jpeg.length / 2),
    'a/3.png': new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    'b/1.png': await png(green!),
    'b/2.png': (await png(green!)).subarray(0, 40),
    'b/3.png': await png(blue!),
  };
  await inFolder(files, async (folder) => {
    const all = { ...small, testShare: 0.34 };
    await assert.rejects(loadDataset(folder, all), {
      name: 'DataError',
      message:
        /(2\.jpg: damaged image, |3\.png at byte 0: is not a JPEG, PNG or WebP|2\.png: damaged image,).*set skipCorrupt/,
    });
    const { train, test: tested, skipped } = await loadDataset(folder, { ...all, skipCorrupt: true });
    assert.equal(train.samples + tested.samples, 3);
    assert.deepEqual(
      skipped!.map(({ path }) => path).sort(),
      ['a/2.jpg', 'a/3.png', 'b/2.png'].map((name) => join(folder, name)),
    );
    assert.match(
      skipped!.find(({ path }) => path.endsWith('2.jpg'))!.reason,
      /2\.jpg: damaged image, the decoder refused it \(.*\); replace the file/,
    );
    for (const part of [train, tested])
      for (let i = 0; i < part.samples; i++) {
        const colour = Array.from(part.values.subarray(i * 27, i * 27 + 3));
        const classes = [[red], [green, blue]][part.labels[i]!]!;
        assert.ok(
          classes.some((one) => String(one) === String(colour)),
          `${colour} is of class ${part.labels[i]}`,
        );
      }
  });
  await inFolder({ 'a/1.png': new Uint8Array(9), 'b/1.png': new Uint8Array(9) }, async (folder) => {
    await assert.rejects(loadDataset(folder, { ...small, skipCorrupt: true, testShare: 0.5 }), {
      name: 'DataError',
      message: /none of 1 images can be read, first: .*1\.png at byte 0: is not a JPEG/,
    });
  });
});

test('folders that hold no classes, no images, or a class that training has not', options, async () => {
  const image = await png(red!);
  const refusals: readonly [Readonly<Record<string, Uint8Array>>, RegExp][] = [
    [{ 'a/1.png': image }, /holds 1 subfolders, expected one for each class, from 2 to 256/],
    [{ 'a/1.png': image, 'b/1.gif': image }, /\/b: holds no \.jpg, \.jpeg, \.png or \.webp file/],
    [
      { 'train/a/1.png': image, 'train/b/1.png': image, 'test/c/1.png': image },
      /test\/c: "c" is no class of the training images \(a, b\)/,
    ],
    [{ 'x.txt': image }, /: holds no dataset; expected idx files as MNIST's .*subfolder of images for each class/],
  ];
  for (const [files, message] of refusals)
    await inFolder(files, async (folder) => {
      await assert.rejects(loadDataset(folder, small), { name: 'DataError', message });
    });
  await inFolder({ 'a/1.png': image, 'b/1.png': image }, async (folder) => {
    await assert.rejects(loadDataset(folder, { ...small, images: { resize: 4096, crop: 4097 } }), {
      message: /^images\.crop: got 4097/,
    });
    await assert.rejects(loadDataset(join(folder, 'a', '1.png')), {
      message: /expected one of mnist, .* or an \.npz file \(this is another kind of file\)/,
    });
  });
});

test('images that would fill the memory are refused before they are read', () => {
  checkMemory(3, 1000, 18e6);
  checkMemory(3, 1000, undefined);
  assert.throws(() => checkMemory(4, 1000, 18e6), {
    name: 'ConfigError',
    message:
      "images: 4 images of 1000 x 1000 need 11 MiB, expected at most half of this machine's 17; use a smaller images.resize and images.crop, or fewer samples (train, test)",
  });
});

test('without sharp the package is named, with what to do', async () => {
  const missing = (): never => Promise.reject(new Error("Cannot find package 'sharp'\nand more")) as never;
  await assert.rejects(imageDecoder(missing), {
    name: 'UnsupportedError',
    message:
      'images: they are decoded by the optional npm package "sharp", which could not be loaded (Cannot find package \'sharp\'); run npm install sharp, or convert the images to .npz',
  });
});

test('whatever the bytes, there is an image or a DataError', options, async () => {
  const decode = await imageDecoder();
  const whole = await Promise.all([png(red!), plain(green!).jpeg().toBuffer(), plain(blue!).webp().toBuffer()]);
  const only = async (bytes: Uint8Array): Promise<void> => {
    try {
      const { width, height, pixels } = await decode(bytes, 'x');
      assert.equal(pixels.length, 3 * width * height);
    } catch (error) {
      assert.ok(error instanceof DataError, String((error as Error).stack));
    }
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...whole),
      fc.array(fc.tuple(fc.nat(800), fc.nat(255)), { maxLength: 4 }),
      fc.nat(400),
      fc.uint8Array({ maxLength: 30 }),
      async (image, flips, length, random) => {
        const bytes = Uint8Array.from(image);
        for (const [at, value] of flips) bytes[at % bytes.length]! ^= value;
        await only(bytes);
        await only(image.subarray(0, length));
        await only(Uint8Array.of(...image.subarray(0, 12), ...random));
      },
    ),
  );
});
