// Disturbances of images, in the units of their pixels and clipped to their range. What is random is drawn once for an image and a
// draw, whatever the level: a pixel dropped at level 0.1 is dropped at 0.2 too, and Gaussian noise of 0.2 is twice that of 0.1
// before clipping, so that curves over levels differ by the level and not by luck. The kinds are those of Hendrycks and Dietterich
// 2019 (arXiv 1903.12261) that need no model of weather or camera, on continuous scales.

import { ConfigError } from '../../core/index.ts';
import type { CorruptionKind } from '../settings.ts';
import type { Images } from '../subject.ts';
import { blur } from './blur.ts';
import { contrast } from './contrast.ts';
import type { Corrupt, CorruptionOptions } from './corruption-kind.ts';
import { droppedPixels, saltAndPepper } from './lost-pixels.ts';
import { gaussian, uniform } from './noise.ts';
import { occlusion } from './occlusion.ts';
import { quantize } from './quantize.ts';

/** What there is to know of a kind before it is used. */
export interface CorruptionInfo {
  readonly kind: CorruptionKind;
  /** What the level is, with its unit. */
  readonly unit: string;
  /** Default levels, for pixels from 0 to 1, from the mildest on. */
  readonly levels: readonly number[];
  /** The level that leaves images of bytes alone. */
  readonly none: number;
  /** Does it depend on the draw? One draw says all where it does not. */
  readonly random: boolean;
  /** Does it need images [height, width, channels]? */
  readonly needsMap: boolean;
}

interface Definition extends Omit<CorruptionInfo, 'kind'> {
  readonly corrupt: Corrupt;
  readonly accepts: (level: number) => boolean;
  readonly allowed: string;
}

const magnitude = { accepts: (level: number) => level >= 0 && Number.isFinite(level), allowed: 'a number from 0 on' };
const share = { accepts: (level: number) => level >= 0 && level <= 1, allowed: 'a share from 0 to 1' };
const anywhere = { none: 0, random: true, needsMap: false };

const DEFINITIONS: Readonly<Record<CorruptionKind, Definition>> = {
  gaussian: {
    ...anywhere,
    ...magnitude,
    unit: 'standard deviation (pixel units)',
    levels: [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1],
    corrupt: gaussian,
  },
  uniform: {
    ...anywhere,
    ...magnitude,
    unit: 'half width (pixel units)',
    levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    corrupt: uniform,
  },
  'salt-and-pepper': {
    ...anywhere,
    ...share,
    unit: 'share of pixels',
    levels: [0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
    corrupt: saltAndPepper,
  },
  occlusion: {
    ...anywhere,
    ...share,
    needsMap: true,
    unit: 'share of the area',
    levels: [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
    corrupt: occlusion,
  },
  blur: {
    ...magnitude,
    unit: 'sigma (pixels)',
    levels: [0, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4],
    none: 0,
    random: false,
    needsMap: true,
    corrupt: blur,
  },
  contrast: {
    ...share,
    unit: 'share of contrast lost',
    levels: [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
    none: 0,
    random: false,
    needsMap: false,
    corrupt: contrast,
  },
  quantize: {
    accepts: (level) => Number.isInteger(level) && level >= 1 && level <= 16,
    allowed: 'a whole number of bits from 1 to 16',
    unit: 'bits a pixel value',
    levels: [8, 7, 6, 5, 4, 3, 2, 1],
    none: 8,
    random: false,
    needsMap: false,
    corrupt: quantize,
  },
  'dropped-pixels': {
    ...anywhere,
    ...share,
    unit: 'share of pixels',
    levels: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    corrupt: droppedPixels,
  },
};

const infoOf = (kind: CorruptionKind): CorruptionInfo => {
  const { unit, levels, none, random, needsMap } = DEFINITIONS[kind];
  return { kind, unit, levels, none, random, needsMap };
};

/**
 * The kinds, with what their level is:
 *   gaussian         standard deviation of noise added to each value
 *   uniform          noise uniform in [-level, level], added to each value
 *   salt-and-pepper  probability that a pixel, all channels together, becomes black or white, either with probability 1/2
 *   occlusion        share of the area under one black box of the image's own proportions, anywhere inside it
 *   blur             sigma of a Gaussian kernel cut at three sigma; beyond its borders the image is reflected
 *   contrast         1 - factor of each channel's distance from its mean over the image: 0 the image, 1 flat
 *   quantize         bits of a value, evenly over the range; 8 leaves bytes as they are
 *   dropped-pixels   probability that a pixel, all channels together, becomes black
 * Black is the low end of the range, white the high one.
 */
export const CORRUPTIONS: Readonly<Record<CorruptionKind, CorruptionInfo>> = Object.freeze(
  Object.fromEntries((Object.keys(DEFINITIONS) as CorruptionKind[]).map((kind) => [kind, infoOf(kind)])) as Record<
    CorruptionKind,
    CorruptionInfo
  >,
);

/** One kind of disturbance of some images under one draw: their pixels at any level, [n, size], each time in a fresh array. */
export type Corruption = (level: number) => Float32Array;

function check(kind: CorruptionKind, { pixels, ids }: Images, shape: readonly number[]): void {
  if (CORRUPTIONS[kind].needsMap && shape.length !== 3) {
    throw new ConfigError(
      kind,
      `got samples of shape [${shape.join(', ')}], expected images [height, width, channels]; leave ${kind} out`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (pixels.length === ids.length * size) return;
  throw new ConfigError(
    kind,
    `got ${pixels.length} values, expected ${ids.length} images of ${size} ([${shape.join(', ')}])`,
  );
}

/**
 * Prepares a disturbance of `images`: its random numbers are drawn once, at first use, for all levels. They are a function of (seed,
 * kind, draw, id of the image), so the same for every network and batch. Throws ConfigError for samples that are no images where
 * that matters; the result throws one for a level that the kind does not have.
 */
export function openCorruption(kind: CorruptionKind, images: Images, options: CorruptionOptions): Corruption {
  check(kind, images, options.shape);
  const { corrupt, accepts, allowed } = DEFINITIONS[kind];
  const at = corrupt(images, options);
  const { low, high } = options.range;
  return (level) => {
    if (!accepts(level)) throw new ConfigError(`${kind} level`, `got ${level}, expected ${allowed}`);
    if (level === 0) return images.pixels.slice();
    const pixels = at(level);
    for (let i = 0; i < pixels.length; i++) pixels[i] = Math.min(high, Math.max(low, pixels[i]!));
    return pixels;
  };
}

/** `images` disturbed at one level, [n, size]. Throws as `openCorruption`, which is faster for several levels. */
export function corrupt(
  kind: CorruptionKind,
  level: number,
  images: Images,
  options: CorruptionOptions,
): Float32Array<ArrayBufferLike> {
  return openCorruption(kind, images, options)(level);
}
