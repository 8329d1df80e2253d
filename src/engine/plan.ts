// The plan: what runs, as data. A network lowered for one purpose becomes a fixed list of operations over named tensors.
// A backend compiles the plan once (memory laid out, kernels bound) and then runs it without allocating.
//
// Work is cut into CHUNKS of a few samples. Within a chunk every sample-wise operation of `forward` and then `backward` runs
// back to back on one thread, so activations stay in its cache; chunks are independent, so threads share nothing. `gradients`
// and `update` then run over parameters, each element by one thread. Sums always run in ascending order of their index
// (input feature; sample, then time step), in one chain per output, so results do not depend on threads, on micro-batches, nor
// on whether zeros were skipped. Gradients over maps run chunk by chunk, then pixel by pixel: a chunk's size is part of a plan's
// meaning and follows from the plan alone.

import type { BackwardOp } from './backward-ops.ts';
import type { ForwardOp } from './forward-ops.ts';
import type { GradientOp, UpdateOp } from './update-ops.ts';

export type { BackwardOp } from './backward-ops.ts';
export type { ForwardOp } from './forward-ops.ts';
export type { ActivationForm, JoinMode, LossKind, NeuronOpDynamics, PoolMode, Window } from './operation-fields.ts';
export type { GradientOp, UpdateOp } from './update-ops.ts';

/** Rows of a tensor: one a sample, or one a time step of each sample (row = sample * T + t). */
export type Rows = 'sample' | 'step';

export interface TensorSpec {
  readonly id: string;
  readonly rows: Rows;
  /** Values a row. */
  readonly features: number;
  /**
   * Channels of a feature map, whose row is [pixels, channels] with features = pixels * channels. Absent: one pixel, all
   * features are channels. Vectors of parameters (neurons, norms, biases) hold one value a channel.
   */
  readonly channels?: number;
  /** analog: float32. spikes: 0 or 1, stored as bits. count: one unsigned integer a row (features = 1). */
  readonly values: 'analog' | 'spikes' | 'count';
  /**
   * chunk: scratch, gone after its chunk. gradients: kept until gradients have been taken; where a batch is run in micro-batches
   * the host finds the last one's. batch: readable by the host for the whole batch.
   */
  readonly keep: 'chunk' | 'gradients' | 'batch';
}

/** A parameter, or something shaped like one (gradient, optimiser state). */
export interface ParameterSpec {
  readonly id: string;
  /** matrix: weights [rows = in, columns = out]; vector: rows = 1. */
  readonly rows: number;
  readonly columns: number;
  /** Which layer it belongs to, and what it is there: `weight`, `bias`, `beta`, `threshold`, ... */
  readonly layer: string;
  readonly role: string;
}

export interface Plan {
  /** Time steps a sample is run for (1 for an ANN). */
  readonly timesteps: number;
  readonly tensors: readonly TensorSpec[];
  readonly parameters: readonly ParameterSpec[];
  readonly forward: readonly ForwardOp[];
  readonly backward: readonly BackwardOp[];
  readonly gradients: readonly GradientOp[];
  readonly update: readonly UpdateOp[];
}

export type Op = ForwardOp | BackwardOp | GradientOp | UpdateOp;
export type KernelName = Op['kernel'];
