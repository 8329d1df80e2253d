// How activations are measured before conversion.

import type { PrepareOptions } from './prepare.ts';

export interface CalibrateOptions extends PrepareOptions {
  /**
   * Scale of a slot, the activation that a neuron answers by firing at every step:
   *   max                 largest activation
   *   max-moving-average  as SpikingJelly: of the first batch its maximum s, then 0.9 scale + 0.1 s for each further batch
   *   percentile          that percentile of the activations, interpolated linearly
   *   reciprocal          max / n
   *   least-error         of 100 shares of the maximum the one with the least squared error between activations and what a neuron
   *                       driven by them for `timesteps` steps would give (threshold balancing; Li et al. 2021, arXiv 2106.06984)
   */
  readonly mode: 'max' | 'max-moving-average' | 'percentile' | 'reciprocal' | 'least-error';
  /** `percentile`: which one, in (0, 100]. Default 99.9. */
  readonly percentile?: number;
  /** `percentile`: over activations that are not zero (as SNN Toolbox), or over all (as SpikingJelly, the default). */
  readonly nonzeroOnly?: boolean;
  /**
   * `percentile`: SNN Toolbox's schedule, a lower percentile in deeper layers: floor(percentile - 0.02 l) in slot l = 0, 1, ...
   * As the toolbox does it, so 99.9 is 99 from the first slot on. Default none.
   */
  readonly schedule?: 'none' | 'snntoolbox';
  /** `reciprocal`: n, at least 1. Default 2. */
  readonly reciprocal?: number;
  /** `percentile` and `reciprocal`: average batch by batch as `max-moving-average` does, which is how SpikingJelly does it. */
  readonly movingAverage?: boolean;
  /** `least-error`: steps the converted network will run. Default 32. */
  readonly timesteps?: number;
  /** `least-error`: will membranes start at half the threshold? Default false. */
  readonly halfThreshold?: boolean;
  /** Samples used, from the first on. Default all. */
  readonly samples?: number;
  /** Default 256. With a moving average the result depends on it. */
  readonly batchSize?: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two batches with an InterruptedError. */
  readonly signal?: AbortSignal;
}

/** Scale of each slot, by its name. */
export type Scales = ReadonlyMap<string, number>;

/** Scale of each slot: one number, or one for each channel of a map. */
export type ChannelScales = ReadonlyMap<string, number | readonly number[]>;
