// The normalisation of the input, (pixel - mean) / deviation by channel, as the graph's first nodes.

import { ConfigError } from '../core/index.ts';
import type { Normalization } from '../data/index.ts';
import { sizeOf } from '../model/index.ts';
import type { GraphBuilder, Signal } from './graph-builder.ts';

/**
 * One value for each that the input [...shape] has along its last dimension; a flat input of several channels has them pixel by
 * pixel. Throws ConfigError where they do not fit.
 */
export function spread(key: string, values: readonly number[], shape: readonly number[]): Float32Array {
  const last = shape.at(-1)!;
  const length = shape.length === 3 ? last : sizeOf(shape);
  const fits = shape.length === 3 ? values.length === 1 || values.length === last : length % values.length === 0;
  if (values.length > 0 && fits) return Float32Array.from({ length }, (_, k) => values[k % values.length]!);
  throw new ConfigError(
    `normalize.${key}`,
    `got ${values.length} values, expected 1 or one for each channel of the input [${shape.join(', ')}]`,
  );
}

/** Throws ConfigError for means or deviations that the input's channels do not fit. */
export function exportNormalization(builder: GraphBuilder, x: Signal, { mean, deviation }: Normalization): Signal {
  const constant = (key: 'mean' | 'deviation', values: readonly number[]): string => {
    const each = spread(key, values, x.shape);
    if (values.length === 1) return builder.tensor(`input/${key}`, [], each.slice(0, 1));
    const dims = x.shape.length !== 3 ? x.shape : x.channelsFirst ? [each.length, 1, 1] : [each.length];
    return builder.tensor(`input/${key}`, dims, each);
  };
  const centred = builder.node('input@centred', 'Sub', [x.id, constant('mean', mean)]);
  return { ...x, id: builder.node('input@normalized', 'Div', [centred, constant('deviation', deviation)]) };
}

/** The same on the host: pixels [samples, ...shape], channels last, as an engine takes them. */
export function normalizePixels(
  pixels: Float32Array,
  shape: readonly number[],
  normalize: Normalization | undefined,
): Float32Array {
  if (normalize === undefined) return pixels;
  const mean = spread('mean', normalize.mean, shape);
  const deviation = spread('deviation', normalize.deviation, shape);
  return pixels.map((pixel, k) => (pixel - mean[k % mean.length]!) / deviation[k % mean.length]!);
}
