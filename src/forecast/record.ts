// What a comparison of forecasters found: plain JSON, from which tables and figures are made.

import type { Interval } from '../core/index.ts';
import type { Stretch } from '../data/index.ts';
import type { EnergyEstimate, Ledger, ViewCounts } from '../measure/index.ts';
import type { EncoderSpec, NetworkSpec } from '../model/index.ts';
import type { ActivityTrace } from '../simulate/index.ts';
import type { TrainingReport } from '../train/index.ts';
import type { ForecastStudy } from './study.ts';

export interface ForecastRecord {
  readonly format: 'spikewatt-forecast';
  readonly version: 1;
  readonly study: ForecastStudy;
  readonly series: { readonly name: string; readonly source: string; readonly length: number };
  readonly stretches: { readonly train: Stretch; readonly validation: Stretch; readonly test: Stretch };
  /** Of the training stretch; networks see (value - mean) / deviation. */
  readonly scale: { readonly mean: number; readonly deviation: number };
  /** Forecasts tested, and origins of a block of the bootstrap. */
  readonly origins: number;
  readonly block: number;
  /** Persistence, the linear autoregression, then the networks of the study. */
  readonly forecasters: readonly ForecasterRecord[];
  readonly excerpt: Excerpt;
}

/** A part of the test, to look at: forecasts made `horizon` steps before. */
export interface Excerpt {
  /** Position in the series of the first value. */
  readonly from: number;
  readonly truth: readonly number[];
}

/** An error with its interval; `null` where the test is too short for one. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval | null;
}

/** In the unit of the series (rmse, mae), in percent (smape), or multiples (nrmse, mase). See measures.ts. */
export interface ForecastErrors {
  readonly rmse: Estimate;
  readonly mae: Estimate;
  readonly nrmse: Estimate;
  readonly mase: Estimate;
  readonly smape: Estimate;
}

export interface ForecasterRecord {
  readonly name: string;
  readonly kind: 'baseline' | 'ann' | 'snn';
  readonly parameters: number;
  readonly errors: ForecastErrors;
  /** RMSE at each step ahead [horizon]. */
  readonly errorByStep: readonly number[];
  /** RMSE as a multiple of that of the ANN with the lowest one, resampled together; absent of that one, and without an ANN. */
  readonly againstAnn?: { readonly name: string; readonly ratio: Estimate };
  /** Forecasts of the excerpt's values. */
  readonly excerpt: readonly number[];
  /** Absent of persistence, which computes nothing. */
  readonly run?: RunRecord;
}

/** What running it on the test took, for one forecast. */
export interface RunRecord {
  readonly spec: NetworkSpec;
  readonly timesteps: number;
  readonly encoder: EncoderSpec['kind'];
  readonly trace: ActivityTrace;
  readonly ledger: Ledger;
  readonly energy: readonly EnergyEstimate[];
  /** What KerasSpiking's ModelEnergy would say. */
  readonly kerasSpiking: ViewCounts;
  /** Measured wall time of a forecast on this machine, in batches: median and range of a few runs of the whole test. */
  readonly seconds: { readonly median: number; readonly low: number; readonly high: number };
  /** Absent of the linear autoregression, which is solved. */
  readonly training?: TrainingReport;
  readonly trainSeconds: number;
}
