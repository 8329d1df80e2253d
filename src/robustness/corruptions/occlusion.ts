// A black box over a share of the image: sides sqrt(share) of the image's, in whole pixels, at a uniformly drawn place. With the
// level the box grows about its place, so each contains those of lower levels.

import { toUnit } from '../normals.ts';
import { type Corrupt, pixelsOf } from './corruption-kind.ts';
import { FIELD, once, words } from './field.ts';

export const occlusion: Corrupt = (images, options) => {
  const [height, width] = options.shape as [number, number];
  const { size, channels } = pixelsOf(options.shape);
  const field = once(() => words(images, options, FIELD.occlusion, 2));
  return (level) => {
    const [rows, columns] = [Math.round(Math.sqrt(level) * height), Math.round(Math.sqrt(level) * width)];
    const pixels = images.pixels.slice();
    for (let n = 0; n < images.ids.length; n++) {
      const top = Math.floor(toUnit(field()[2 * n]!) * (height - rows + 1));
      const left = Math.floor(toUnit(field()[2 * n + 1]!) * (width - columns + 1));
      for (let y = top; y < top + rows; y++) {
        const from = n * size + (y * width + left) * channels;
        pixels.fill(options.range.low, from, from + columns * channels);
      }
    }
    return pixels;
  };
};
