// Pixels lost to black, or to black and white: those whose word lies below the level, all channels of a pixel together. The
// lowest bit of the word says which of the two.

import type { PixelRange } from '../subject.ts';
import { type Corrupt, pixelsOf } from './corruption-kind.ts';
import { cut, FIELD, once, words } from './field.ts';

function losing(
  kind: (typeof FIELD)['saltAndPepper' | 'droppedPixels'],
  value: (word: number, range: PixelRange) => number,
): Corrupt {
  return (images, options) => {
    const { size, channels } = pixelsOf(options.shape);
    const field = once(() => words(images, options, kind, size / channels));
    return (level) => {
      const limit = cut(level);
      const pixels = images.pixels.slice();
      field().forEach((word, pixel) => {
        if (word < limit) pixels.fill(value(word, options.range), pixel * channels, (pixel + 1) * channels);
      });
      return pixels;
    };
  };
}

export const saltAndPepper = losing(FIELD.saltAndPepper, (word, { low, high }) => ((word & 1) === 0 ? low : high));

export const droppedPixels = losing(FIELD.droppedPixels, (_, { low }) => low);
