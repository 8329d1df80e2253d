// How activations are measured before conversion.

export interface CalibrateOptions {
  /**
   * Scale of a slot, the activation that a neuron answers by firing at every step:
   *   max                 largest activation
   *   max-moving-average  as SpikingJelly: of the first batch its maximum s, then 0.9 scale + 0.1 s for each further batch
   *   percentile          that percentile of the activations, interpolated linearly
   *   reciprocal          max / n
   */
  readonly mode: 'max' | 'max-moving-average' | 'percentile' | 'reciprocal';
  /** `percentile`: which one, in (0, 100]. Default 99.9. */
  readonly percentile?: number;
  /** `percentile`: over activations that are not zero (as SNN Toolbox), or over all (as SpikingJelly, the default). */
  readonly nonzeroOnly?: boolean;
  /** `reciprocal`: n, at least 1. Default 2. */
  readonly reciprocal?: number;
  /** `percentile` and `reciprocal`: average batch by batch as `max-moving-average` does, which is how SpikingJelly does it. */
  readonly movingAverage?: boolean;
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
