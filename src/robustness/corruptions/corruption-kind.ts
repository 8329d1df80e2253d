// What a kind of corruption has to give, and the geometry of an image.

import type { Images, PixelRange } from '../subject.ts';

export interface CorruptionOptions {
  /** Of one image, channels last; anything but three lengths is no image but values, each its own pixel. */
  readonly shape: readonly number[];
  readonly range: PixelRange;
  readonly seed: number;
  /** Independent repetitions count from 0. */
  readonly draw: number;
}

/** Prepares the images; the result gives their pixels at a level above 0 in a fresh array, not yet clipped to the range. */
export type Corrupt = (images: Images, options: CorruptionOptions) => (level: number) => Float32Array;

/** Values of one image, and how many of them, side by side, are one pixel. */
export function pixelsOf(shape: readonly number[]): { readonly size: number; readonly channels: number } {
  return {
    size: shape.reduce((product, length) => product * length, 1),
    channels: shape.length === 3 ? shape[2]! : 1,
  };
}
