// What a simulation is asked for, and what it gives.

import type { DecoderSpec, EncoderSpec } from '../model/index.ts';
import type { Accuracy } from './accuracy.ts';
import type { EarlyStop, EarlyStopOptions } from './early-stop.ts';
import type { Raster } from './raster.ts';
import type { ActivityTrace } from './trace.ts';
import type { WatchedNeuron, WatchOptions } from './watch.ts';

export interface SimulateOptions {
  readonly mode: 'ann' | 'snn';
  /** 1 for an ANN. */
  readonly timesteps: number;
  /** Default constant. Random encoders draw from epoch 0 of (seed, sample), whatever the batch size. */
  readonly encoder?: EncoderSpec;
  /** Default: spike-count, or last-membrane where the output never fires. An ANN is read by its largest logit. */
  readonly decoder?: DecoderSpec;
  /** Default: up to 256, fewer where what is read of so many samples would take more than 256 MiB. */
  readonly batchSize?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Samples, from the first on, whose spikes are kept one by one. Default 0. */
  readonly rasterSamples?: number;
  /** Neurons of a layer in a raster, evenly spaced where there are more. Default 4096. */
  readonly rasterNeurons?: number;
  /**
   * Samples, from the first on, over which the rate of each neuron is taken, and which neurons were silent or saturated. Default: all;
   * of large maps over many steps, reading every neuron can take longer than running them.
   */
  readonly rateSamples?: number;
  /** Neurons whose membrane and spikes are kept at every step. */
  readonly watch?: WatchOptions;
  /** Stop each sample as soon as the output is sure enough. The run itself goes on; what was saved is worked out. */
  readonly earlyStop?: EarlyStopOptions;
  /** Count also how many membranes change at each step; costs memory. Default false. */
  readonly membraneChanges?: boolean;
  /**
   * Look at the values of each analog input call by call, a call being one batch and execution: tools that judge by values do.
   * Makes the trace depend on the batch size. Default false.
   */
  readonly perCall?: boolean;
  /** Keep what the output gave each sample: logits, or the membrane after the last step. Default false. */
  readonly keepOutputs?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two batches with an InterruptedError. */
  readonly signal?: AbortSignal;
  /** Seconds; default `performance.now() / 1000`. */
  readonly clock?: () => number;
}

export interface SimulationResult {
  readonly mode: 'ann' | 'snn';
  readonly timesteps: number;
  readonly encoder: EncoderSpec['kind'];
  /** `logits` for an ANN. */
  readonly decoder: DecoderSpec['kind'] | 'logits';
  /** Predicted class of each sample had the run been stopped after step t + 1 [T][samples]; -1 where undecided. */
  readonly predictionsByStep: readonly Int16Array[];
  /** The same after the last step. */
  readonly predictions: Int16Array;
  /** Of data with targets it says nothing: labels are 0 there. */
  readonly accuracy: Accuracy;
  /** [samples, outputs], with `keepOutputs`. */
  readonly outputs?: Float32Array;
  /** [T] */
  readonly accuracyByStep: readonly number[];
  /** Samples still undecided after each step [T]. */
  readonly undecidedByStep: readonly number[];
  /** [true class][predicted class]; undecided samples are in no column. */
  readonly confusion: readonly (readonly number[])[];
  readonly trace: ActivityTrace;
  /** Spikes per step of each neuron over `rateSamples`, a layer each; only layers that fire. */
  readonly rates: readonly { readonly layer: string; readonly rates: readonly number[] }[];
  readonly rasters: readonly Raster[];
  /** By sample, then in the order asked for. */
  readonly watched: readonly WatchedNeuron[];
  /** One for each threshold of `earlyStop`. */
  readonly earlyStops: readonly EarlyStop[];
  /** Wall time inside the engine's `run` calls. */
  readonly seconds: number;
  /** Wall time of everything, decoding and counting on the host included. */
  readonly totalSeconds: number;
  /** Memory the engine laid out. */
  readonly bytes: number;
}
