// Images in the units of their own pixels, before normalisation, as attacks and corruptions change them, and the way back to what an
// engine takes: (pixel - mean) / deviation by channel. An untouched image is staged to the same bits as in a normal run.

import { ConfigError, UnsupportedError } from '../core/index.ts';
import { type Augmentation, type Dataset, openStager, sampleSize } from '../data/index.ts';
import type { Images, PixelRange } from './subject.ts';

export interface PixelOptions {
  /** Crops and flips, drawn for (seed, epoch, id) as in training. Default none. */
  readonly augment?: Augmentation;
  /** Images one call of `images` may ask for; room for as many is kept. Default 256, raised where more are asked for. */
  readonly capacity?: number;
}

export interface PixelSource {
  /** Name of the dataset, for messages. */
  readonly name: string;
  readonly range: PixelRange;
  /** Values of an image. */
  readonly size: number;
  /** Of one image, channels last: [28, 28, 1]. */
  readonly shape: readonly number[];
  readonly samples: number;
  /** What a pixel's difference from the mean is divided by, one a channel: a gradient by the pixel is divided by it too. */
  readonly deviation: readonly number[];
  /** Images `ids` in a fresh array. `seed` and `epoch` matter to an augmentation only. */
  images(ids: ArrayLike<number>, seed?: number, epoch?: number): Images;
  /**
   * Pixels [n, size] as a plan with `source: 'floats'` takes them, into `into` (the part of it that is filled is returned) or into a
   * fresh array.
   */
  stage(pixels: Float32Array, into?: Float32Array): Float32Array;
}

/** Byte to pixel, in the arithmetic of a plan that scales bytes itself: one float32 product. */
const bytePixels = (scale: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, value) => value * Math.fround(scale));

/** Floats: [0, 1] where all lie in it (the usual case, and said of no values at all), else from the smallest to the largest. */
function floatRange({ values, scale }: Dataset): PixelRange {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    const pixel = Math.fround(value * scale);
    if (pixel < low) low = pixel;
    if (pixel > high) high = pixel;
  }
  return low > high || (low >= 0 && high <= 1) ? { low: 0, high: 1 } : { low, high };
}

interface ByChannel {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

function byChannel({ normalize }: Dataset, channels: number): ByChannel {
  const spread = (list: readonly number[]): readonly number[] =>
    Array.from({ length: channels }, (_, channel) => list[list.length === 1 ? 0 : channel]!);
  return { mean: spread(normalize?.mean ?? [0]), deviation: spread(normalize?.deviation ?? [1]) };
}

type Normalise = (pixels: Float32Array, into: Float32Array) => void;

function normaliseFloats({ mean, deviation }: ByChannel): Normalise {
  const channels = mean.length;
  return (pixels, into) => {
    for (let i = 0, c = 0; i < pixels.length; i++, c = c + 1 === channels ? 0 : c + 1)
      into[i] = (pixels[i]! - mean[c]!) / deviation[c]!;
  };
}

/**
 * Bytes are normalised from `byte * scale` in float64 when a dataset is staged. A pixel holds that product in float32, from which the
 * result would differ in its last bit: pixels that are still a byte's are therefore looked up.
 */
function normaliseBytes({ mean, deviation }: ByChannel, scale: number, pixelOf: Float32Array): Normalise {
  const channels = mean.length;
  const staged = mean.map((_, c) =>
    Float32Array.from({ length: 256 }, (_, value) => (value * scale - mean[c]!) / deviation[c]!),
  );
  return (pixels, into) => {
    for (let i = 0, c = 0; i < pixels.length; i++, c = c + 1 === channels ? 0 : c + 1) {
      const pixel = pixels[i]!;
      const byte = Math.round(pixel / scale);
      into[i] = pixelOf[byte] === pixel ? staged[c]![byte]! : (pixel - mean[c]!) / deviation[c]!;
    }
  };
}

function openNormalise(dataset: Dataset, channels: ByChannel): Normalise {
  if (dataset.normalize === undefined) return (pixels, into) => into.set(pixels);
  if (!(dataset.values instanceof Uint8Array)) return normaliseFloats(channels);
  return normaliseBytes(channels, dataset.scale, bytePixels(dataset.scale));
}

/** Copies images out of the dataset, not normalised. */
function openImages(dataset: Dataset, size: number, { augment, capacity = 256 }: PixelOptions): PixelSource['images'] {
  const { normalize: _, ...plain } = dataset;
  let room = capacity;
  let stager = openStager(plain, room, augment);
  const pixelOf = plain.values instanceof Uint8Array ? bytePixels(plain.scale) : undefined;
  return (ids, seed, epoch) => {
    if (ids.length > room) {
      room = ids.length;
      stager = openStager(plain, room, augment);
    }
    const staged = stager.stage(ids, seed, epoch);
    const pixels = new Float32Array(ids.length * size);
    if (pixelOf === undefined) pixels.set(staged);
    else for (let i = 0; i < pixels.length; i++) pixels[i] = pixelOf[staged[i]!]!;
    return { pixels, ids: Uint32Array.from(ids) };
  };
}

/**
 * The images of a dataset. Throws UnsupportedError for samples that run through time; ConfigError for an augmentation they cannot have
 * and, from `images`, for an index there is no sample for.
 */
export function openPixels(dataset: Dataset, options: PixelOptions = {}): PixelSource {
  if (dataset.timesteps !== undefined) {
    throw new UnsupportedError(
      `robustness of "${dataset.name}": its samples are sequences of ${dataset.timesteps} steps, and only still images are disturbed; ` +
        'use a dataset without time steps, such as mnist or cifar10',
    );
  }
  const size = sampleSize(dataset);
  const channels = byChannel(dataset, dataset.shape.length === 3 ? dataset.shape[2]! : 1);
  const normalise = openNormalise(dataset, channels);
  const bytes = dataset.values instanceof Uint8Array;
  return {
    name: dataset.name,
    range: bytes ? { low: 0, high: bytePixels(dataset.scale)[255]! } : floatRange(dataset),
    size,
    shape: dataset.shape,
    samples: dataset.samples,
    deviation: channels.deviation,
    images: openImages(dataset, size, options),
    stage(pixels, into = new Float32Array(pixels.length)) {
      if (pixels.length % size !== 0 || into.length < pixels.length) {
        throw new ConfigError(
          'pixels',
          `got ${pixels.length} values and room for ${into.length}, expected whole images of ${size} ("${dataset.name}") and room for all`,
        );
      }
      normalise(pixels, into);
      return into.subarray(0, pixels.length);
    },
  };
}
