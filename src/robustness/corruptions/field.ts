// Random numbers of images: `count` words each, from Philox counter (block, draw, id, kind), key (seed, STREAM.corrupt).

import { philox, STREAM } from '../../core/index.ts';
import type { Images } from '../subject.ts';

/** The last counter word of each kind that draws; kinds that share one would be disturbed alike. */
export const FIELD = { gaussian: 0, uniform: 1, saltAndPepper: 2, occlusion: 3, droppedPixels: 4 } as const;

interface Draw {
  readonly seed: number;
  readonly draw: number;
}

/** 32-bit words, [n, count]. */
export function words(
  { ids }: Images,
  { seed, draw }: Draw,
  kind: (typeof FIELD)[keyof typeof FIELD],
  count: number,
): Uint32Array {
  const field = new Uint32Array(ids.length * count);
  const block = new Uint32Array(4);
  ids.forEach((id, n) => {
    for (let i = 0; i < count; i += 4) {
      philox(block, i >>> 2, draw, id, kind, seed, STREAM.corrupt);
      for (let j = 0; j < 4 && i + j < count; j++) field[n * count + i + j] = block[j]!;
    }
  });
  return field;
}

/** A word may be compared with a share: it is below `cut(share)` with that probability; never for 0, always for 1. */
export const cut = (share: number): number => share * 2 ** 32;

/** Computes a field when it is first asked for. */
export function once<T>(compute: () => T): () => T {
  let kept: T | undefined;
  return () => {
    kept ??= compute();
    return kept;
  };
}
