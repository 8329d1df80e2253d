// What a measurement gives. A number that was measured, one that could not be, and one that was refused are different kinds of value;
// nothing is 0 for want of one, and nothing here is ever estimated by a model.

import type { Interval, Seconds, Watts } from '../core/index.ts';
import type { EnergyOutcome } from '../meters/index.ts';
import type { TrialSettings } from './options.ts';

/** Median over trials, with the 95 % interval of a bootstrap. */
export interface MeasuredMedian extends Interval {
  readonly kind: 'measured';
  /** Trials, or for a ratio pairs of trials, it was made of. */
  readonly trials: number;
}

export interface NotMeasured {
  /** `unavailable`: there is nothing to read it with. `rejected`: it was read, and the reading means nothing. */
  readonly kind: 'unavailable' | 'rejected';
  readonly reason: string;
}

export type Median = MeasuredMedian | NotMeasured;

/** One stretch of one subject. */
export interface Trial {
  /** Index in the subjects. */
  readonly subject: number;
  /** All subjects take their turn once in a pass. */
  readonly pass: number;
  readonly inferences: number;
  /** Of the work alone; reading meters is not in it. */
  readonly time: Seconds;
  /** All threads of this process together. */
  readonly cpuTime?: Seconds;
  /** CPU time that other processes, and other machines on the same processors, took meanwhile. */
  readonly othersTime?: Seconds;
  /** One for each meter that was still read. */
  readonly energy: readonly EnergyOutcome[];
  /** Why it is not counted. */
  readonly rejected?: string;
}

export interface WarmUp {
  readonly seconds: Seconds;
  readonly inferences: number;
  /** Were its last three stretches within 5 % of each other? */
  readonly settled: boolean;
}

/** A window in which nothing was run. */
export interface Idle {
  readonly seconds: Seconds;
  readonly energy: readonly EnergyOutcome[];
}

/** A number of a subject, and how many times that of the first subject it is. */
export interface Compared {
  readonly perInference: Median;
  /** 1 for the first subject itself. */
  readonly ratio: Median;
}

/** What one meter, or meters that may be added, say of a subject. */
export interface SubjectEnergy {
  /** Id of an `EnergySource`. */
  readonly source: string;
  /** Joules, all that the meter counted. */
  readonly total: Compared;
  /** Joules without what the machine takes when it idles. */
  readonly aboveIdle: Compared;
  /** Joules per correct inference, idle included; undefined where it is not known what is correct. */
  readonly perCorrect?: Median;
  readonly perCorrectAboveIdle?: Median;
}

export interface SubjectResult {
  readonly name: string;
  readonly correct?: number;
  readonly warmUp: WarmUp;
  readonly used: number;
  readonly rejected: readonly { readonly pass: number; readonly reason: string }[];
  /** Seconds. */
  readonly time: Compared;
  /** Seconds of all threads together. */
  readonly cpuTime: Compared;
  /** One for each source; empty where there is no meter. */
  readonly energy: readonly SubjectEnergy[];
}

/** A meter, or several that count different devices and were added. */
export interface EnergySource {
  readonly id: string;
  readonly label: string;
  /** Ids of its meters. */
  readonly meters: readonly string[];
  /** Id of a meter that includes it. */
  readonly within?: string;
  readonly idleBefore?: Watts;
  readonly idleAfter?: Watts;
  /** Why nothing of it counts, if so. */
  readonly problem?: NotMeasured;
}

/** What a measurement says, without the single trials it was made of. */
export interface TrialsSummary {
  readonly settings: TrialSettings;
  readonly subjects: readonly SubjectResult[];
  /** Empty where there is no meter. */
  readonly sources: readonly EnergySource[];
  /** Where there is no meter: `not measurable here: no powercap, no GPU`. */
  readonly noEnergy?: string;
  /** How other processes were watched, or that they were not. */
  readonly disturbance: string;
}

export interface TrialsResult extends TrialsSummary {
  readonly idleBefore?: Idle;
  readonly idleAfter?: Idle;
  /** In the order in which they were run. */
  readonly trials: readonly Trial[];
}

export const isMeasured = (value: Median): value is MeasuredMedian => value.kind === 'measured';
