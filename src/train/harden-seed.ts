// Random draws of hardening: functions of (seed, epoch, sample), so that neither batches nor threads nor a stop in between matter.

import { philox, STREAM } from '../core/index.ts';

const words = new Uint32Array(4);

/** Seed of the disturbances of one epoch. Tests of robustness draw from the seed itself, so no network is trained on their draws. */
export function hardenSeed(seed: number, epoch: number): number {
  philox(words, 0, 0, 0, epoch, seed, STREAM.harden);
  return words[0]!;
}

/** Places in `ids` of the samples that are disturbed in this epoch, each with probability `share`. */
export function chosenSamples(ids: Uint32Array, share: number, seed: number, epoch: number): Uint32Array {
  const places = Uint32Array.from(ids, (_, place) => place);
  if (share >= 1) return places;
  return places.filter((place) => {
    philox(words, 1, 0, ids[place]!, epoch, seed, STREAM.harden);
    return words[0]! < share * 2 ** 32;
  });
}
