// A backend compiles a plan into a program: memory laid out, kernels bound. All backends compute the same thing.

import type { Plan } from './plan.ts';

export interface Backend {
  /** `reference` or `wasm`. */
  readonly name: string;
  /** Threads a program of this backend uses. */
  readonly threads: number;
  /**
   * Lays out memory for batches of up to `samples` samples. A batch that would not fit in memory is run as several
   * micro-batches, with the same result.
   */
  compile(plan: Plan, options: CompileOptions): Program;
  /** Ends the worker threads. */
  close(): Promise<void>;
}

export interface CompileOptions {
  readonly samples: number;
  /** Upper bound in bytes for what the program allocates; default: the backend's. */
  readonly memoryLimit?: number;
}

/** What one batch needs beside its data. */
export interface Batch {
  readonly samples: number;
  /** Staged input, row-major, [samples, rows a sample, features]; bytes or floats as the plan's `load` says. */
  readonly input: Uint8Array | Float32Array;
  readonly labels?: Uint8Array | Int32Array;
  /** Index of each sample in its dataset; keys the random streams. Default 0, 1, 2, ... */
  readonly sampleIds?: Uint32Array;
  readonly seed: number;
  /** Keys the random streams too: another epoch, other draws. */
  readonly epoch: number;
  /** Divisor of mean losses: the whole batch's size. Default `samples`. */
  readonly lossSamples?: number;
}

/** Hyperparameters of one optimiser step. */
export interface UpdateOptions {
  readonly learningRate: number;
  /** 1 for the first update. */
  readonly step: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly clipNorm?: number;
}

export interface Program {
  readonly plan: Plan;
  readonly bytes: number;
  /** A parameter's values, row-major [rows, columns]. */
  write(parameter: string, values: ArrayLike<number>): void;
  read(parameter: string): Float32Array | Float64Array;
  /** forward, then backward and gradients if the plan has them (gradients accumulate until `zero` of `update`). */
  run(batch: Batch): void;
  update(options: UpdateOptions): void;
  /**
   * A tensor kept for the batch, row-major [samples, rows a sample, features], of the batch last run. Written to `into` and
   * returned as a part of it if the backend can: loops over many batches then leave no garbage behind.
   */
  tensor(id: string, into?: Float32Array): Float32Array | Float64Array;
  close(): void;
}
