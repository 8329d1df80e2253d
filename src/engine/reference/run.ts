// What the reference kernels see of a run: its tensors and parameters in float64, and the batch.

import type { Batch } from '../backend.ts';
import type { TensorSpec } from '../plan.ts';

/** A tensor in memory: row-major [samples * rows, features], `rows` being the rows of one sample (1, or T). */
export interface Tensor {
  readonly spec: TensorSpec;
  readonly rows: number;
  readonly features: number;
  readonly data: Float64Array;
}

export interface Run {
  readonly batch: Batch;
  /** Samples of this batch. */
  readonly samples: number;
  readonly timesteps: number;
  tensor(id: string): Tensor;
  /** A parameter's values, row-major [rows, columns]. */
  parameter(id: string): Float64Array;
}

/** Index in its dataset of a sample of the batch; keys the random streams. */
export const sampleId = (run: Run, sample: number): number => run.batch.sampleIds?.[sample] ?? sample;
