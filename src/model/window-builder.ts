// Convolutions and pools written in code. Where a layer wants [height, width], one number stands for both.

import { ConfigError } from '../core/index.ts';
import { type Reads, reading } from './builder.ts';
import type { ConvSpec, InitSpec, Pair, PoolSpec } from './spec.ts';

/** One number for height and width, or both. */
export type Lengths = number | Pair;

export interface ConvOptions extends Reads {
  /** Default 1. */
  readonly stride?: Lengths;
  /**
   * Zeros on each side; default `valid`, which is none. `same`: dilation (kernel - 1) / 2, so that at stride s an output has
   * ceil(input / s) pixels; for odd windows only.
   */
  readonly padding?: Lengths | 'same' | 'valid';
  /** Default 1. */
  readonly dilation?: Lengths;
  /** Default 1. */
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Default `kaiming-uniform`. */
  readonly init?: InitSpec['kind'];
}

const pairOf = (lengths: Lengths): Pair => (typeof lengths === 'number' ? [lengths, lengths] : lengths);

function samePadding(name: string, kernel: Pair, dilation: Pair): Pair {
  const [height, width] = [dilation[0] * (kernel[0] - 1), dilation[1] * (kernel[1] - 1)];
  if (height % 2 === 0 && width % 2 === 0) return [height / 2, width / 2];
  throw new ConfigError(
    `conv "${name}": padding`,
    `got "same", but a window of ${height + 1} by ${width + 1} has no equal padding on both sides that keeps the size; ` +
      'use an odd kernel, or give the padding as a number',
  );
}

/** A convolution, `kernel` one number or [height, width]. Throws ConfigError for `same` with a window of even length. */
export function conv(name: string, filters: number, kernel: Lengths, options: ConvOptions = {}): ConvSpec {
  const { stride = 1, padding = 'valid', groups = 1, bias = true, init = 'kaiming-uniform' } = options;
  const size = pairOf(kernel);
  const dilation = pairOf(options.dilation ?? 1);
  const padded = padding === 'same' ? samePadding(name, size, dilation) : padding === 'valid' ? 0 : padding;
  return {
    kind: 'conv',
    name,
    filters,
    kernel: size,
    stride: pairOf(stride),
    padding: pairOf(padded),
    dilation,
    groups,
    bias,
    init: { kind: init },
    ...reading(options),
  };
}

/** A depthwise convolution: each of the input's `channels` filtered by itself, by `multiplier` (default 1) filters. */
export function depthwise(
  name: string,
  channels: number,
  kernel: Lengths,
  options: Omit<ConvOptions, 'groups'> & { readonly multiplier?: number } = {},
): ConvSpec {
  const { multiplier = 1, ...rest } = options;
  return conv(name, channels * multiplier, kernel, { ...rest, groups: channels });
}

export interface PoolOptions extends Reads {
  /** Default: the size. */
  readonly stride?: Lengths;
  /** Default 0. */
  readonly padding?: Lengths;
}

/** A pool; without `size` over the whole map. */
export function pool(name: string, mode: PoolSpec['mode'], size?: Lengths, options: PoolOptions = {}): PoolSpec {
  const { stride, padding } = options;
  return {
    kind: 'pool',
    name,
    mode,
    ...(size === undefined ? {} : { size: pairOf(size) }),
    ...(stride === undefined ? {} : { stride: pairOf(stride) }),
    ...(padding === undefined ? {} : { padding: pairOf(padding) }),
    ...reading(options),
  };
}

/** The largest of each window; of spikes their OR. */
export function maxPool(name: string, size: Lengths, options: PoolOptions = {}): PoolSpec {
  return pool(name, 'max', size, options);
}

/** The mean of each window, padding counted as zeros. */
export function averagePool(name: string, size: Lengths, options: PoolOptions = {}): PoolSpec {
  return pool(name, 'average', size, options);
}

/** One value a channel, from the whole map; default its mean. */
export function globalPool(name: string, mode: PoolSpec['mode'] = 'average', options: Reads = {}): PoolSpec {
  return pool(name, mode, undefined, options);
}
