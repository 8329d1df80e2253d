// A backend compiles a plan into a program: memory laid out, kernels bound. All backends compute the same thing.

import type { Plan } from './plan.ts';
import type { DenseAbove } from './wasm/path.ts';

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
  /** Note when each operation ran, on which thread; costs a percent or two. Backends that cannot leave `Program.timeline` out. */
  readonly probe?: boolean;
}

/** What one batch needs beside its data. */
export interface Batch {
  readonly samples: number;
  /** Staged input, row-major, [samples, rows a sample, features]; bytes or floats as the plan's `load` says. */
  readonly input: Uint8Array | Float32Array;
  readonly labels?: Uint8Array | Int32Array;
  /** Of a regression: [samples, outputs]. */
  readonly targets?: Float32Array;
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
  /** Of backends that lay out memory by themselves. */
  readonly layout?: ProgramLayout;
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
  /** Of a probed program: what ran since it was last asked. */
  timeline?(): Timeline;
  close(): void;
}

/** How a program was laid out. */
export interface ProgramLayout {
  /** Samples of a chunk; the last one of a batch may have fewer. */
  readonly chunkSamples: number;
  /** Samples run at once; a larger batch is run in rounds. */
  readonly roundSamples: number;
  /** What `Program.bytes` is the sum of. */
  readonly memory: Readonly<Record<MemoryUse, number>>;
  /** Shares of nonzero inputs above which products are dense. */
  readonly denseAbove: DenseAbove;
}

/**
 * parameters: gradients and the optimiser's state too; transposed: copies of weights for the backward pass; kept: tensors held for
 * the whole round; scratch: tensors and work space of the threads; staging: input, labels, ids; tables: windows of convolutions.
 */
export type MemoryUse = 'parameters' | 'transposed' | 'kept' | 'scratch' | 'staging' | 'tables';

/** What ran when. Times are milliseconds of `performance.now()`. */
export interface Timeline {
  readonly threads: number;
  readonly operations: readonly TimedOperation[];
  readonly events: readonly TimedEvent[];
  /** Calls of `run` and `update`, from the caller's side. */
  readonly calls: readonly { readonly call: 'run' | 'update'; readonly begin: number; readonly end: number }[];
}

/** An operation of a program, as it was compiled: one of the plan may become several, or another kernel. */
export interface TimedOperation {
  /** The kernel that runs; `wait` for the wait at a barrier. */
  readonly kernel: string;
  readonly layer: string;
  readonly stage: 'forward' | 'backward' | 'gradients' | 'update' | 'refresh';
  /** Where the plan's list of this stage has the operation it stands for, if it stands for one. */
  readonly index?: number;
}

export interface TimedEvent {
  /** 0 is the caller's. */
  readonly thread: number;
  /** Index in `operations`. */
  readonly operation: number;
  /** Chunk of samples, or part of a parameter. */
  readonly item: number;
  readonly begin: number;
  readonly end: number;
}
