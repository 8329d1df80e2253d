// A pool's window along height and along width.

import { type PoolSpec, windowOf } from '../../model/index.ts';

export interface PoolAxis {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  /** Of the map that is pooled. */
  readonly length: number;
  /** Of the pooled map. */
  readonly pooled: number;
}

/** [height, width] of a pool over a map [H, W, C]. */
export function axesOf(pool: PoolSpec, map: readonly number[]): readonly [PoolAxis, PoolAxis] {
  const { kernel, stride, padding, input, output } = windowOf(pool, map);
  const axis = (i: 0 | 1): PoolAxis => ({
    ...{ size: kernel[i], stride: stride[i], padding: padding[i] },
    ...{ length: input[i], pooled: output[i] },
  });
  return [axis(0), axis(1)];
}
