// What is asked of a measured crossover, and what it gives.

import type { Compared, Median, TrialOptions } from '../trials/index.ts';
import type { BreakEven } from './break-even.ts';
import type { BatchChoice } from './contest.ts';

/** How products with spikes are computed: each spike its row of weights, all rows, or the engine's choice by density. */
export const PATHS = ['events', 'dense', 'auto'] as const;
export type CrossoverPath = (typeof PATHS)[number];

export interface CrossoverOptions {
  /** Time steps, ascending. */
  readonly timesteps: readonly number[];
  /** Spikes a hidden neuron and step, each in (0,1]. */
  readonly rates: readonly number[];
  readonly batches: readonly BatchChoice[];
  readonly threads: number;
  readonly trials: TrialOptions;
  /** Time the ANN in ONNX Runtime too, where that is installed. */
  readonly onnx: boolean;
  readonly seed: number;
}

/** A network of one rate and T, on one path. */
export interface CrossoverPoint {
  readonly batch: BatchChoice;
  readonly samples: number;
  readonly timesteps: number;
  /** As it was reached. */
  readonly rate: number;
  /** The network as it came, its thresholds its own. */
  readonly asItIs: boolean;
  readonly path: CrossoverPath;
  readonly time: Compared;
  /** Joules an inference, idle included, of the first meter; undefined where there is none. */
  readonly energy?: Compared;
}

export interface CrossoverLine {
  readonly batch: BatchChoice;
  readonly samples: number;
  readonly timesteps: number;
  readonly path: CrossoverPath;
  readonly time: BreakEven;
  readonly energy?: BreakEven;
}

/** The ANN in one engine, beside all points of a batch size. */
export interface AnnTime {
  readonly batch: BatchChoice;
  readonly samples: number;
  readonly engine: string;
  readonly time: Median;
}

export interface Crossover {
  readonly network: string;
  readonly data: string;
  readonly threads: number;
  /** Of the spiking network; its work is in all times. */
  readonly encoder: string;
  /** The spiking network as it came: its T, and its rate at that T. */
  readonly own: { readonly timesteps: number; readonly rate: number };
  /** ONNX Runtime's version, or why the ANN was not timed in it. */
  readonly onnx: string;
  /** The engine whose ANN is compared with, by batch size: the faster one. */
  readonly anns: readonly AnnTime[];
  readonly points: readonly CrossoverPoint[];
  readonly lines: readonly CrossoverLine[];
  /** Where energy was not measured: why. */
  readonly noEnergy?: string;
  /** Trials that were run, and that others disturbed. */
  readonly trials: number;
  readonly rejected: number;
}
