// What an attack, a corruption and a fault are, as data.

import type { LossKind } from '../engine/index.ts';

/** The distance a perturbation is measured by: the largest change of a pixel, or the Euclidean length of all changes. */
export type Norm = 'linf' | 'l2';

/**
 * fgsm    one step of length epsilon along the sign of the gradient (L2: along the gradient). Goodfellow et al. 2015, arXiv 1412.6572.
 * pgd     `steps` steps of `stepSize` epsilon, each projected back into the ball, from a random point of it. Madry et al. 2018,
 *         arXiv 1706.06083. Of the points visited the one of the largest loss is returned.
 * square  random squares, kept where they help; `queries` of them; needs no gradient. Andriushchenko et al. 2020, arXiv 1912.00049.
 * noise   a random corner of the ball (L2: a random direction): no attack, what every attack has to beat.
 */
export type AttackSettings = {
  readonly norm: Norm;
  /** Towards the class after the true one, instead of away from the true one. Default false. */
  readonly targeted?: boolean;
} & (
  | { readonly kind: 'fgsm' }
  | {
      readonly kind: 'pgd';
      readonly steps: number;
      /** Length of a step, as a share of epsilon. */
      readonly stepSize: number;
      readonly randomStart: boolean;
      /** Return the last point, not the worst one: one gradient less, for training. Default false. */
      readonly last?: boolean;
    }
  | { readonly kind: 'square'; readonly queries: number }
  | { readonly kind: 'noise' }
);

/**
 * How a gradient gets from the loss to the pixels.
 *   through   what the encoder passes. none: nothing but what automatic differentiation gives, so 0 through rate and latency codes
 *             and the whole through a constant input. straight-through: a spike's gradient is its pixel's (a rate code's times its
 *             gain; a latency code's by moving the spike in time). expected: the rate code is replaced by its mean, the probabilities
 *             themselves, and that network is differentiated exactly.
 *   draws     random codes the gradient is averaged over (expectation over transformation, Athalye et al. 2018, arXiv 1802.00420).
 *   slope     the surrogate's slope, times this.
 *   loss      what is ascended, of the network as it is; default `attackLoss` of the network, whose output is first divided by the time
 *             steps where it is summed over them.
 */
export interface GradientSettings {
  readonly through: 'none' | 'straight-through' | 'expected';
  readonly draws: number;
  readonly slope: number;
  readonly loss?: LossKind;
}

/** Disturbances of an image. What `level` means is in `corruption.ts`; 0 is the image itself, but for `quantize`. */
export type CorruptionKind =
  | 'gaussian'
  | 'uniform'
  | 'salt-and-pepper'
  | 'occlusion'
  | 'blur'
  | 'contrast'
  | 'quantize'
  | 'dropped-pixels';

/** Disturbances of the network itself. What `level` means is in `fault.ts`. */
export type FaultKind = 'weight-noise' | 'weight-bits' | 'dead-neurons' | 'threshold-mismatch';
