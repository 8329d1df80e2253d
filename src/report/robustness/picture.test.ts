import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { amplified, bytesOf, pngUri } from './picture.ts';

const decoded = (uri: string) => decode(bytesOf(uri.replace(/^data:image\/png;base64,/, '')));

test('pixels come back from the PNG as they were, grey and in colour', () => {
  const grey = Uint8Array.from({ length: 7 * 9 }, (_, i) => (i * 37) % 256);
  const one = decoded(pngUri(grey, [7, 9, 1]));
  assert.deepEqual([one.width, one.height, one.channels, one.depth], [9, 7, 1, 8]);
  assert.deepEqual([...one.data], [...grey]);
  const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => (i * 91) % 256);
  const three = decoded(pngUri(rgb, [5, 3, 3]));
  assert.deepEqual([three.width, three.height, three.channels], [3, 5, 3]);
  assert.deepEqual([...three.data], [...rgb]);
});

test('an image without a channel axis is grey, and a large one is no problem', () => {
  const large = new Uint8Array(400 * 500).fill(9);
  const { width, height, channels } = decoded(pngUri(large, [400, 500]));
  assert.deepEqual([width, height, channels], [500, 400, 1]);
});

test('a difference is as large as fits around mid grey, with its factor', () => {
  const of = (from: number[], to: number[], channels = 1) => {
    const { pixels, factor } = amplified(Uint8Array.from(to), Uint8Array.from(from), channels);
    return [[...pixels], factor];
  };
  assert.deepEqual(of([10, 20, 30], [15, 10, 30]), [[178, 28, 128], 10]);
  assert.deepEqual(of([0, 255], [255, 0]), [[255, 1], 0.5]);
  assert.deepEqual(of([4, 4], [4, 5]), [[128, 228], 100]);
  assert.deepEqual(of([1, 2, 3, 200], [2, 2, 3, 100], 4), [[228, 128, 128, 255], 100]);
});
