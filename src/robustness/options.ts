// What a study of robustness is asked for.

import type { CorruptionKind, FaultKind, Norm } from './settings.ts';

export interface RobustnessOptions {
  /** Test images, the first of the test set; all of a smaller one. Default 1000. */
  readonly samples?: number;
  /** Key of all random draws, those of the encoders too: the seed of the usual test run. Default 0. */
  readonly seed?: number;
  /** Null: no disturbances. Default {}. */
  readonly noise?: NoiseOptions | null;
  /** Null: no attacks. Default {}. */
  readonly attack?: AttackOptions | null;
  /** Images to show. Default 4. */
  readonly examples?: number;
}

export interface NoiseOptions {
  /** Levels of each kind; `default`: those of `CORRUPTIONS` and `FAULTS`. Default `DEFAULT_NOISE`. */
  readonly kinds?: NoiseLevels;
  /** Independent draws at each level; kinds without chance are run once. Default 3. */
  readonly draws?: number;
}

export type NoiseLevels = { readonly [kind in CorruptionKind | FaultKind]?: readonly number[] | 'default' };

export const ATTACKS = ['naive', 'proper', 'transfer', 'black-box', 'control'] as const;
export type AttackName = (typeof ATTACKS)[number];

export interface AttackOptions {
  /** Default linf. */
  readonly norm?: Norm;
  /** Towards the class after the true one. Accuracy is still the share of true labels found. Default false. */
  readonly targeted?: boolean;
  /** Ascending. Default: linf 0 to 1 by 0.05 of the pixel range; l2 21 values up to a quarter of the range's diagonal. */
  readonly epsilons?: readonly number[];
  /** Which are run; `transfer` needs the `proper` ones. Each image's worst case is always computed. Default all. */
  readonly attacks?: readonly AttackName[];
  /** Of PGD. Default 10. */
  readonly steps?: number;
  /** Of PGD, as a share of epsilon. Default 0.25. */
  readonly stepSize?: number;
  /** Random codes a gradient is averaged over, where the encoder is random and the gradient depends on it. Default 2. */
  readonly draws?: number;
  /** Images on which the way through the encoder and the slope are chosen. Default 100. */
  readonly tuningSamples?: number;
  /** Images and queries of the square attack. Default 100 and 300. */
  readonly blackBoxSamples?: number;
  readonly queries?: number;
}
