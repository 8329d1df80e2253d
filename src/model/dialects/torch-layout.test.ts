import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convFromTorch, denseFromTorch, mapFromTorch } from '../index.ts';

const counted = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test('a convolution [out, in, kh, kw] becomes rows (ky, kx, channel) of filters', () => {
  const [filters, channels, height, width] = [3, 2, 2, 5] as const;
  const turned = convFromTorch(counted(60), [filters, channels, height, width]);
  for (let f = 0; f < filters; f++)
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          assert.equal(
            turned[((y * width + x) * channels + c) * filters + f],
            ((f * channels + c) * height + y) * width + x,
          );
});

test('a dense layer [out, in] is transposed, after a flatten of [C, H, W] by pixel too', () => {
  assert.deepEqual([...denseFromTorch([1, 2, 3, 4, 5, 6], [2, 3])], [1, 4, 2, 5, 3, 6]);
  // Two outputs over a map of 2 channels, 1 by 3 pixels.
  const turned = denseFromTorch(counted(12), [2, 6], [2, 1, 3]);
  assert.deepEqual([...turned], [0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]);
});

test('maps [N, C, H, W] become [N, H, W, C]', () => {
  assert.deepEqual([...mapFromTorch(counted(12), [2, 3, 1, 2])], [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
});

test('values that are not of the shape are refused', () => {
  assert.throws(() => convFromTorch(counted(5), [1, 2, 1, 3]), {
    name: 'ShapeError',
    message: 'convFromTorch: got 5 values, expected 6 for shape [1, 2, 1, 3]; give the shape PyTorch shows',
  });
  assert.throws(() => denseFromTorch(counted(6), [2, 3], [2, 2, 1]), {
    name: 'ShapeError',
    message: /^denseFromTorch: map: got 3 values, expected 4 for shape \[2, 2, 1\]/,
  });
  assert.throws(() => mapFromTorch([], [1, 1, 1, 1]), { name: 'ShapeError', message: /^mapFromTorch: got 0 values/ });
});
