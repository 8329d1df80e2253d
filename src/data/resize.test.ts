import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { resizeAndCrop } from './resize.ts';

interface Case {
  readonly width: number;
  readonly height: number;
  readonly resize: number;
  readonly crop: number;
  readonly input: readonly number[];
  readonly output: readonly number[];
}

test("resized and cropped images equal Pillow's bit for bit", async () => {
  const path = new URL('../../test/golden/data/pillow_resize.json', import.meta.url);
  const { cases } = JSON.parse(await readFile(path, 'utf8')) as { readonly cases: readonly Case[] };
  assert.equal(cases.length, 5);
  for (const { width, height, resize, crop, input, output } of cases) {
    const made = resizeAndCrop({ width, height, pixels: Uint8Array.from(input) }, { resize, crop });
    assert.deepEqual(Array.from(made), output, `${width} x ${height} to ${resize}, crop ${crop}`);
  }
});

test('an image of the right size is only cropped, and one colour stays that colour', () => {
  const pixels = Uint8Array.from({ length: 5 * 5 * 3 }, (_, i) => i);
  // (5 - 2) / 2 = 1.5 rounds to 2, its even neighbour, as in Python.
  const corner = [36, 37, 38, 39, 40, 41, 51, 52, 53, 54, 55, 56];
  assert.deepEqual(Array.from(resizeAndCrop({ width: 5, height: 5, pixels }, { resize: 5, crop: 2 })), corner);
  const white = new Uint8Array(31 * 17 * 3).fill(255);
  const small = resizeAndCrop({ width: 31, height: 17, pixels: white }, { resize: 7, crop: 7 });
  assert.ok(small.every((value) => value === 255));
});

test('an extreme shape costs no more than its crop', () => {
  const pixels = new Uint8Array(100_000 * 3).fill(9);
  const made = resizeAndCrop({ width: 100_000, height: 1, pixels }, { resize: 256, crop: 224 });
  assert.ok(made.every((value) => value === 9));
});

test('sizes that cannot be are refused', () => {
  const picture = { width: 2, height: 2, pixels: new Uint8Array(12) };
  assert.throws(() => resizeAndCrop(picture, { resize: 8, crop: 9 }), {
    message: 'images.crop: got 9, expected a whole number from 1 to 8, the resized side',
  });
  assert.throws(() => resizeAndCrop(picture, { resize: 0 }), {
    message: 'images.resize: got 0, expected a whole number from 1 to 4096',
  });
});
