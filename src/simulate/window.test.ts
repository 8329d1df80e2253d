import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Window } from '../engine/index.ts';
import { mostReached, pixelReach, tapsInside, tilesExactly } from './window.ts';

const axis = fc
  .record({
    input: fc.integer({ min: 1, max: 7 }),
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 2 }),
    dilation: fc.integer({ min: 1, max: 2 }),
  })
  .map((a) => ({
    ...a,
    output: Math.floor((a.input + 2 * a.padding - a.dilation * (a.kernel - 1) - 1) / a.stride) + 1,
  }))
  .filter(({ output }) => output >= 1);

const windows = fc.tuple(axis, axis).map(
  ([y, x]): Window => ({
    input: [y.input, x.input],
    output: [y.output, x.output],
    kernel: [y.kernel, x.kernel],
    stride: [y.stride, x.stride],
    padding: [y.padding, x.padding],
    dilation: [y.dilation, x.dilation],
  }),
);

test('each pixel is reached as often as plain loops over outputs and taps read it', () => {
  fc.assert(
    fc.property(windows, (window) => {
      const { input, output, kernel, stride, padding, dilation } = window;
      const counts = new Array<number>(input[0] * input[1]).fill(0);
      for (let oy = 0; oy < output[0]; oy++)
        for (let ox = 0; ox < output[1]; ox++)
          for (let ky = 0; ky < kernel[0]; ky++)
            for (let kx = 0; kx < kernel[1]; kx++) {
              const y = oy * stride[0] - padding[0] + ky * dilation[0];
              const x = ox * stride[1] - padding[1] + kx * dilation[1];
              if (y >= 0 && x >= 0 && y < input[0] && x < input[1]) counts[y * input[1] + x]!++;
            }
      assert.deepEqual(pixelReach(window), counts);
      assert.equal(
        tapsInside(window),
        counts.reduce((sum, count) => sum + count, 0),
      );
      assert.equal(mostReached(window), Math.max(...counts));
      assert.equal(
        tilesExactly(window),
        counts.every((count) => count === 1),
      );
    }),
  );
});

test('a 3x3 kernel with padding 1 on 6x6 reads 256 pixels inside, not 324', () => {
  const same: Window = {
    input: [6, 6],
    output: [6, 6],
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1],
    dilation: [1, 1],
  };
  assert.equal(tapsInside(same), 256);
});
