// Noise added to each value: x + level z with z standard normal (Box-Muller), or uniform in [-1, 1].

import { normals, toUnit } from '../normals.ts';
import { type Corrupt, pixelsOf } from './corruption-kind.ts';
import { FIELD, once, words } from './field.ts';

/** x + level z; an image's row of `z` may be longer than the image. */
function add(pixels: Float32Array, z: Float32Array, size: number, stride: number, level: number): Float32Array {
  const noisy = new Float32Array(pixels.length);
  for (let from = 0, row = 0; from < pixels.length; from += size, row += stride)
    for (let i = 0; i < size; i++) noisy[from + i] = pixels[from + i]! + level * z[row + i]!;
  return noisy;
}

export const gaussian: Corrupt = (images, options) => {
  const { size } = pixelsOf(options.shape);
  const even = size + (size % 2);
  const field = once(() => normals(words(images, options, FIELD.gaussian, even)));
  return (level) => add(images.pixels, field(), size, even, level);
};

export const uniform: Corrupt = (images, options) => {
  const { size } = pixelsOf(options.shape);
  const field = once(() =>
    Float32Array.from(words(images, options, FIELD.uniform, size), (word) => 2 * toUnit(word) - 1),
  );
  return (level) => add(images.pixels, field(), size, size, level);
};
