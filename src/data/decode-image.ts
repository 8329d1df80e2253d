// JPEG, PNG and WebP to RGB, by sharp (libvips), an optional dependency that is loaded only when images are read.

import { DataError, UnsupportedError } from '../core/index.ts';
import type { Picture } from './resize.ts';

export type DecodeImage = (bytes: Uint8Array, path: string) => Promise<Picture>;

/** 64 megapixels; larger ones are refused before they are decoded. */
const MOST_PIXELS = 2 ** 26;

const starts = (bytes: Uint8Array, at: number, ...values: readonly number[]): boolean =>
  values.every((value, i) => bytes[at + i] === value);

/** By what the file begins with, so that nothing but these three decoders sees bytes from outside. */
function formatOf(bytes: Uint8Array): string | undefined {
  if (starts(bytes, 0, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(bytes, 0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(bytes, 0, 0x52, 0x49, 0x46, 0x46) && starts(bytes, 8, 0x57, 0x45, 0x42, 0x50)) return 'webp';
  return undefined;
}

/** Grayscale has its one value three times. */
function toRgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = new Uint8Array((data.length / channels) * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[Math.floor(i / 3) * channels]!;
  return pixels;
}

const reasonOf = (cause: unknown): string => String((cause as Error)?.message ?? cause).split('\n')[0]!;

/**
 * The decoder: 8-bit RGB, alpha dropped, grayscale repeated, CMYK converted, the first frame of an animation; orientation tags are not
 * applied, as in torchvision. Throws UnsupportedError if sharp is not installed; the decoder throws DataError for an image that is
 * damaged, cut off, or not of the three formats.
 */
export async function imageDecoder(load = () => import('sharp')): Promise<DecodeImage> {
  const sharp = await load().then(
    (module) => module.default,
    (cause: unknown) => {
      throw new UnsupportedError(
        `images: they are decoded by the optional npm package "sharp", which could not be loaded (${reasonOf(cause)}); run npm install sharp, or convert the images to .npz`,
        { cause },
      );
    },
  );
  return async (bytes, path) => {
    if (formatOf(bytes) === undefined)
      throw new DataError(
        path,
        `is not a JPEG, PNG or WebP image (${bytes.length} bytes); remove it, convert it, or set skipCorrupt`,
        { offset: 0 },
      );
    try {
      // Level "error" also refuses files that end early; "warning", the default, would refuse odd metadata of sound images.
      const image = sharp(bytes, { failOn: 'error', limitInputPixels: MOST_PIXELS });
      const { data, info } = await image
        .toColourspace('srgb')
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, pixels: toRgb(data, info.channels) };
    } catch (cause) {
      // libvips keeps one error text for all its threads: that an image is damaged is certain, the reason may be another one's.
      throw new DataError(
        path,
        `damaged image, the decoder refused it (${reasonOf(cause)}); replace the file, remove it, or set skipCorrupt`,
        { cause },
      );
    }
  };
}
