// Stopping each sample once its output is sure enough: which step that is, what the network answers there, and what it did up to
// there. One run answers for every threshold, since what happens at a step does not depend on the steps after it.

import { ConfigError } from '../core/index.ts';
import type { Probe } from '../lower/index.ts';
import { type Accuracy, accuracyOf } from './accuracy.ts';
import type { ConfidenceRule } from './confidence.ts';
import { StopSums } from './stop-sums.ts';
import type { ReadTensor } from './tally.ts';
import type { ActivityTrace } from './trace.ts';

export interface EarlyStopOptions {
  /** `margin`: largest score minus the second largest. `probability`: largest softmax of the scores. */
  readonly rule: ConfidenceRule;
  /** A sample stops after the first step at which its confidence is at least this; several thresholds give a curve. */
  readonly threshold: number | readonly number[];
}

export interface EarlyStop {
  readonly rule: ConfidenceRule;
  readonly threshold: number;
  /** Steps each sample ran for [samples]; all of them where it never was sure enough. */
  readonly steps: Int16Array;
  /** Class each sample was given when it stopped; -1 where undecided. */
  readonly predictions: Int16Array;
  readonly accuracy: Accuracy;
  /** Latency: mean of `steps`. */
  readonly meanSteps: number;
  /** Share of samples that stopped before the last step. */
  readonly stoppedEarly: number;
  /**
   * What the network did for the samples that stopped after 1, 2, ... steps: a trace of as many steps for each number of steps that
   * occurred. Sums over steps are exact; within a trace they are spread evenly over steps and samples.
   */
  readonly traces: readonly ActivityTrace[];
}

export function thresholdsOf({ rule, threshold }: EarlyStopOptions): readonly number[] {
  if (rule !== 'margin' && rule !== 'probability')
    throw new ConfigError('earlyStop.rule', `got "${rule}", expected margin or probability`);
  const thresholds = [threshold].flat();
  const most = rule === 'margin' ? Number.POSITIVE_INFINITY : 1;
  const wrong = thresholds.find((value) => !(value >= 0 && value <= most));
  if (thresholds.length > 0 && wrong === undefined) return thresholds;
  const expected = rule === 'margin' ? 'a number of at least 0' : 'a number from 0 to 1';
  throw new ConfigError('earlyStop.threshold', `got ${wrong ?? 'none'}, expected ${expected}, or several`);
}

/** One threshold's samples, as batches come in. */
class StopTally {
  readonly threshold: number;
  readonly steps: Int16Array;
  readonly predictions: Int16Array;
  readonly sums: StopSums;

  constructor(threshold: number, samples: number, timesteps: number, probes: readonly Probe[]) {
    this.threshold = threshold;
    this.steps = new Int16Array(samples);
    this.predictions = new Int16Array(samples);
    this.sums = new StopSums(timesteps, probes);
  }
}

export class EarlyStopTally {
  private readonly rule: ConfidenceRule;
  private readonly timesteps: number;
  private readonly tallies: readonly StopTally[];

  constructor(options: EarlyStopOptions, samples: number, timesteps: number, probes: readonly Probe[]) {
    this.rule = options.rule;
    this.timesteps = timesteps;
    this.tallies = thresholdsOf(options).map((threshold) => new StopTally(threshold, samples, timesteps, probes));
  }

  /** `confidence`: [samples of the batch * T]; `predictions[t][sample]`. */
  add(
    read: ReadTensor,
    confidence: Float64Array,
    predictions: readonly Int16Array[],
    from: number,
    samples: number,
  ): void {
    for (const { threshold, steps, predictions: given } of this.tallies)
      for (let sample = 0; sample < samples; sample++) {
        let step = 1;
        while (step < this.timesteps && confidence[sample * this.timesteps + step - 1]! < threshold) step++;
        steps[from + sample] = step;
        given[from + sample] = predictions[step - 1]![from + sample]!;
      }
    StopSums.add(
      this.tallies.map(({ sums, steps }) => ({ sums, steps: steps.subarray(from, from + samples) })),
      read,
      samples,
    );
  }

  finish(trace: ActivityTrace, labels: ArrayLike<number>): EarlyStop[] {
    return this.tallies.map(({ threshold, steps, predictions, sums }) => ({
      rule: this.rule,
      threshold,
      steps,
      predictions,
      accuracy: accuracyOf(predictions, labels),
      meanSteps: steps.reduce((sum, step) => sum + step, 0) / steps.length,
      stoppedEarly: steps.filter((step) => step < this.timesteps).length / steps.length,
      traces: sums.traces(trace, steps),
    }));
  }
}
