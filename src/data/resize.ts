// Resize and centre crop of 8-bit images, with the arithmetic of torchvision's transforms on Pillow images: triangle filter whose
// support grows with the reduction (antialias), 22-bit fixed-point weights, rows first, rounded to 8 bits after each pass.

import { ConfigError } from '../core/index.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Row-major [height, width, 3]. */
  readonly pixels: Uint8Array;
}

export interface ImageSize {
  /** Length of the shorter side before the crop; default 256. */
  readonly resize?: number;
  /** Side of the square cut out of the middle; default 224. */
  readonly crop?: number;
}

const CHANNELS = 3;
/** 32 bits less 8 of the value and 2 to spare: Pillow's fixed point. */
const FRACTION_BITS = 22;
const FRACTION = 2 ** FRACTION_BITS;

interface Window {
  readonly first: number;
  readonly weights: Int32Array;
}

/** Weights of the inputs that make outputs [from, to) of a line resampled from `size` to `resized`. */
function windows(size: number, resized: number, from: number, to: number): readonly Window[] {
  const scale = size / resized;
  const support = Math.max(1, scale);
  return Array.from({ length: to - from }, (_, i) => {
    const center = (from + i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(size, Math.trunc(center + support + 0.5));
    const raw = Array.from({ length: end - first }, (_, j) =>
      Math.max(0, 1 - Math.abs((first + j - center + 0.5) / support)),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: Int32Array.from(raw, (weight) => Math.trunc(0.5 + (weight / sum) * FRACTION)) };
  });
}

/** One output pixel: the weighted sum of pixels that lie `step` apart. */
function weigh(pixels: Uint8Array, from: number, step: number, weights: Int32Array, out: Uint8Array, to: number): void {
  // Sums stay below 2^31: 255 * 2^22, and half a unit of rounding.
  let red = FRACTION / 2;
  let green = FRACTION / 2;
  let blue = FRACTION / 2;
  for (let j = 0, read = from; j < weights.length; j++, read += step) {
    const weight = weights[j]!;
    red = (red + pixels[read]! * weight) | 0;
    green = (green + pixels[read + 1]! * weight) | 0;
    blue = (blue + pixels[read + 2]! * weight) | 0;
  }
  out[to] = Math.min(255, red >> FRACTION_BITS);
  out[to + 1] = Math.min(255, green >> FRACTION_BITS);
  out[to + 2] = Math.min(255, blue >> FRACTION_BITS);
}

/** Half to even, as Python rounds. */
const roundHalfEven = (value: number): number => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

/** Throws ConfigError for sizes that cannot be. */
export function checkImageSize({ resize = 256, crop = 224 }: ImageSize): { resize: number; crop: number } {
  if (!(Number.isInteger(resize) && resize >= 1 && resize <= 4096))
    throw new ConfigError('images.resize', `got ${resize}, expected a whole number from 1 to 4096`);
  if (!(Number.isInteger(crop) && crop >= 1 && crop <= resize))
    throw new ConfigError('images.crop', `got ${crop}, expected a whole number from 1 to ${resize}, the resized side`);
  return { resize, crop };
}

/** Shorter side to `resize`, then the middle `crop` x `crop`: row-major [crop, crop, 3]. Only what the crop needs is computed. */
export function resizeAndCrop({ width, height, pixels }: Picture, size: ImageSize): Uint8Array {
  const { resize, crop } = checkImageSize(size);
  const short = Math.min(width, height);
  const columns = width === short ? resize : Math.trunc((resize * width) / short);
  const rows = height === short ? resize : Math.trunc((resize * height) / short);
  const left = roundHalfEven((columns - crop) / 2);
  const top = roundHalfEven((rows - crop) / 2);
  const across = windows(width, columns, left, left + crop);
  const down = windows(height, rows, top, top + crop);
  const start = down[0]!.first;
  const used = down.at(-1)!.first + down.at(-1)!.weights.length - start;
  const stride = CHANNELS * crop;
  const narrow = new Uint8Array(used * stride);
  for (let y = 0; y < used; y++)
    for (let x = 0; x < crop; x++) {
      const { first, weights } = across[x]!;
      weigh(pixels, ((start + y) * width + first) * CHANNELS, CHANNELS, weights, narrow, y * stride + x * CHANNELS);
    }
  const out = new Uint8Array(crop * stride);
  for (let y = 0; y < crop; y++) {
    const { first, weights } = down[y]!;
    for (let x = 0; x < crop; x++)
      weigh(narrow, (first - start) * stride + x * CHANNELS, stride, weights, out, y * stride + x * CHANNELS);
  }
  return out;
}
