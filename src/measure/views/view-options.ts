// What a view needs beside the trace.

import type { NetworkSpec } from '../../model/index.ts';
import type { DenseActivity } from '../../simulate/index.ts';

export interface ViewOptions {
  /** The network that ran: which of its neuron parameters are learned (NeuroBench counts parameters and bytes). */
  readonly spec: NetworkSpec;
  /** Samples a call of the model gets; syops adds a bias once a call. Default: all samples in one. */
  readonly batch?: number;
}

export interface Quantity {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Values a layer's input took; tools that look at values decide by it whether it was spikes. */
export const inputValues = (activity: DenseActivity): 'binary' | 'ternary' | 'real' =>
  activity.inputValues ?? (activity.input === 'spikes' ? 'binary' : 'real');

/**
 * Calls of a layer in one inference by a tool that runs every layer at every step, over executions here: T for a result computed
 * once and reused, else 1.
 */
export const repeats = (activity: DenseActivity, timesteps: number): number => timesteps / activity.executions;
