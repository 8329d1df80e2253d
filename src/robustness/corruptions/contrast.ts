// Less contrast: each value moves by the level towards the mean of its channel over the image, x + level (mean - x).

import { type Corrupt, pixelsOf } from './corruption-kind.ts';

export const contrast: Corrupt = ({ pixels }, { shape }) => {
  const { size, channels } = pixelsOf(shape);
  return (level) => {
    const flatter = new Float32Array(pixels.length);
    const means = new Float64Array(channels);
    for (let from = 0; from < pixels.length; from += size) {
      means.fill(0);
      for (let i = 0; i < size; i++) means[i % channels]! += (pixels[from + i]! * channels) / size;
      for (let i = 0; i < size; i++) {
        const x = pixels[from + i]!;
        flatter[from + i] = x + level * (means[i % channels]! - x);
      }
    }
    return flatter;
  };
};
