// What a study of robustness found, as data: what the record keeps and the report shows.

import type { Interval } from '../core/index.ts';
import type { CorruptionKind, FaultKind, Norm } from './settings.ts';

export type { Interval };

/** Disturbances, attacks or both, over the same images for every network. */
export interface RobustnessResult {
  /** Test images used, the same for every network. */
  readonly samples: number;
  /** Accuracy of guessing: the share of the most frequent class among these images. */
  readonly chance: number;
  readonly noise: readonly NoiseSweep[];
  readonly attack: AttackSweep | null;
  readonly examples: readonly ExampleImage[];
  readonly seconds: number;
}

/** Accuracy against the level of one disturbance. */
export interface NoiseSweep {
  readonly kind: CorruptionKind | FaultKind;
  /** Is the image disturbed, or the network? */
  readonly of: 'input' | 'network';
  /** What the levels are: `standard deviation`, `share of pixels`, `bits`. */
  readonly unit: string;
  readonly levels: readonly number[];
  /** Independent draws at each level; images are the clusters of the interval, so more draws do not feign more images. */
  readonly draws: number;
  readonly curves: readonly NoiseCurve[];
}

export interface NoiseCurve {
  readonly network: string;
  /** Why there is no curve: an ANN has no thresholds to mismatch. */
  readonly notApplicable?: string;
  /** One a level; empty where not applicable. */
  readonly points: readonly SweepPoint[];
}

export interface SweepPoint {
  readonly accuracy: Interval;
  /** This network's accuracy minus the first network's, image by image; absent for the first. */
  readonly difference?: Interval;
}

export interface AttackSweep {
  readonly norm: Norm;
  readonly targeted: boolean;
  readonly epsilons: readonly number[];
  readonly lines: readonly AttackLine[];
}

/**
 * naive      FGSM as libraries give it: no gradient through a random encoder.
 * proper     PGD through the encoder, averaged over draws, with the surrogate slope that hurts most.
 * transfer   images made against another network (`from`), shown to this one.
 * black-box  the square attack.
 * control    random noise of the same size.
 * worst      each image's worst case over all of them.
 */
export type AttackRole = 'naive' | 'proper' | 'transfer' | 'black-box' | 'control' | 'worst';

/** One attack on one network, over all epsilons. */
export interface AttackLine {
  readonly network: string;
  readonly role: AttackRole;
  /** Transfer: the network the images were made against. */
  readonly from?: string;
  /** What was done, in words: `PGD, 10 steps of 0.25 epsilon, expected gradient, slope x 0.5`. */
  readonly method: string;
  /** One an epsilon; null where this attack was not run (the square attack runs at a few). */
  readonly points: readonly (AttackPoint | null)[];
  /** Share of inputs whose gradient is exactly zero; null where no gradient is taken. */
  readonly zeroGradients: number | null;
  /** What speaks against reading this line as robustness. Only attacks by gradient can mask. */
  readonly alarms: readonly MaskingAlarm[];
  /** No alarm. Where false, tables and figures say `not evidence of robustness`. */
  readonly evidence: boolean;
}

export interface AttackPoint extends SweepPoint {
  /** Images it was run on: fewer than the sweep's for costly attacks. */
  readonly samples: number;
}

/**
 * above-chance            accuracy is above guessing where the ball holds every image (epsilon 1 in L-infinity).
 * weaker-than-noise       random noise of the same size does more harm.
 * weaker-than-black-box   transfer or the square attack, which see no gradient of this network, do more harm.
 * zero-gradients          more than a few inputs have no gradient at all.
 * not-converged           more steps, or another surrogate slope, do much more harm.
 */
export type AlarmKind =
  | 'above-chance'
  | 'weaker-than-noise'
  | 'weaker-than-black-box'
  | 'zero-gradients'
  | 'not-converged';

export interface MaskingAlarm {
  readonly kind: AlarmKind;
  /** With its numbers: `at epsilon 0.3 accuracy is 81.2 %, under noise of that size 74.0 %`. */
  readonly text: string;
  /** Where it is worst. */
  readonly epsilon?: number;
}

/** An image and what an attack or a corruption made of it. Pixels are bytes 0 to 255 over the pixel range, in base64. */
export interface ExampleImage {
  /** Index in the test set. */
  readonly sample: number;
  readonly label: number;
  /** [height, width, channels] */
  readonly shape: readonly number[];
  readonly original: string;
  readonly variants: readonly ExampleVariant[];
}

export interface ExampleVariant {
  /** `PGD against ANN, epsilon 0.1`, `gaussian 0.4` */
  readonly title: string;
  readonly pixels: string;
  /** Prediction of each network; -1 where it stayed silent. */
  readonly predictions: readonly { readonly network: string; readonly label: number }[];
}
