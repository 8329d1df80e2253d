// Random numbers of a network: Philox counter (block, draw, place, kind), key (seed, STREAM.fault); `place` is the index of the
// parameter or of the layer.

import { philox, STREAM } from '../../core/index.ts';
import { normals } from '../normals.ts';
import type { FaultDraw } from './fault-kind.ts';

/** The last counter word of each kind that draws. */
export const DRAWS = { weightNoise: 0, deadNeurons: 1, thresholdMismatch: 2 } as const;

type Kind = (typeof DRAWS)[keyof typeof DRAWS];

/** 32-bit words, `count` of them rounded up to whole blocks of four. */
export function faultWords(kind: Kind, count: number, place: number, { seed, draw }: FaultDraw): Uint32Array {
  const words = new Uint32Array(4 * Math.ceil(count / 4));
  for (let i = 0; i < words.length; i += 4)
    philox(words.subarray(i, i + 4), i >>> 2, draw, place, kind, seed, STREAM.fault);
  return words;
}

/** Standard normals, at least `count`. */
export const faultNormals = (kind: Kind, count: number, place: number, draw: FaultDraw): Float32Array =>
  normals(faultWords(kind, count, place, draw));
