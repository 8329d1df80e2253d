// The activity trace: what a network did, counted while it ran. It is all the ledger needs, and small enough to store.

import type { Window } from '../engine/index.ts';

/** What flowed through a network over `samples` samples of `timesteps` steps each (1 for an ANN). */
export interface ActivityTrace {
  readonly mode: 'ann' | 'snn';
  readonly samples: number;
  readonly timesteps: number;
  readonly layers: readonly LayerActivity[];
}

export type LayerActivity =
  | EncoderActivity
  | DenseActivity
  | ConvActivity
  | PoolActivity
  | NormActivity
  | ReluActivity
  | ActivationActivity
  | SoftmaxActivity
  | JoinActivity
  | NeuronActivity;

/** Where a layer stands. */
interface Placed {
  readonly layer: string;
  /** Layers of the trace whose outputs it reads. Absent: the one before it. */
  readonly reads?: readonly string[];
}

/** The encoder. What it does for each sample follows from its kind, `features` and the time steps; this adds what came out. */
export interface EncoderActivity extends Placed {
  readonly kind: 'encoder';
  readonly encoder: 'constant' | 'rate' | 'latency' | 'delta';
  readonly features: number;
  /** Nonzero values of the encoded input at each step, summed over samples [T]; for `constant`, of the one static input [1], unless samples are sequences. */
  readonly nonzeroOut: readonly number[];
}

/** A fully connected layer, with the nonzero entries it received. */
export interface DenseActivity extends Placed {
  readonly kind: 'dense';
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
  /** spikes: every input is 0 or 1 (or -1): an addition a synapse. analog: a multiply-accumulate. */
  readonly input: 'spikes' | 'analog';
  /** Steps the layer was executed at for each sample: 1 if its input does not depend on time (then its result is reused). */
  readonly executions: number;
  /** Nonzero inputs at each execution, summed over samples [executions]. */
  readonly nonzeroIn: readonly number[];
  /** The same for each sample, summed over executions [samples]; for distributions. */
  readonly nonzeroInPerSample: readonly number[];
  /** Weights that are exactly 0 (a skipped synapse for NeuroBench). */
  readonly zeroWeights: number;
  /**
   * Values the input really took over the whole run: only 0 and 1, only -1, 0 and 1, or others. Tools that look at values and
   * not at meaning (NeuroBench, syops, SpikingJelly) decide by it. Absent: `binary` for spikes, `real` for analog input.
   */
  readonly inputValues?: 'binary' | 'ternary' | 'real';
  /** Pairs of nonzero input and nonzero weight at each execution, summed over samples [executions]; needed if `zeroWeights` > 0. */
  readonly nonzeroSynapses?: readonly number[];
  /**
   * Of `nonzeroSynapses` (or of all synapses, if no weight is 0) those met in calls whose whole input was -1, 0 and 1, a call being
   * one execution for one batch; only where calls were looked at. Pooled spikes change from call to call.
   */
  readonly ternaryCallSynapses?: readonly number[];
  /** Mean of |x| over samples and inputs, of an analog input: the rate in Hz KerasSpiking would take it for. */
  readonly meanAbsInput?: number;
}

/** A convolution. Synapses of a nonzero input: the output pixels whose window reads it, times the filters of its group. */
export interface ConvActivity extends Placed {
  readonly kind: 'conv';
  readonly window: Window;
  readonly inputChannels: number;
  readonly filters: number;
  readonly groups: number;
  readonly bias: boolean;
  /** As for a dense layer. */
  readonly input: 'spikes' | 'analog';
  readonly executions: number;
  readonly nonzeroIn: readonly number[];
  readonly nonzeroInPerSample: readonly number[];
  /** Sum over nonzero inputs of the output pixels each reaches, at each execution, summed over samples [executions]. */
  readonly reachedPixels: readonly number[];
  /** The same for each sample, summed over executions [samples]. */
  readonly reachedPixelsPerSample: readonly number[];
  readonly zeroWeights: number;
  readonly inputValues?: 'binary' | 'ternary' | 'real';
  readonly nonzeroSynapses?: readonly number[];
  readonly ternaryCallSynapses?: readonly number[];
  readonly meanAbsInput?: number;
}

/** A pool of each channel. */
export interface PoolActivity extends Placed {
  readonly kind: 'pool';
  readonly mode: 'max' | 'average' | 'winner';
  readonly window: Window;
  readonly channels: number;
  readonly input: 'spikes' | 'analog';
  readonly executions: number;
  readonly nonzeroIn: readonly number[];
  /** Nonzero inputs of each sample, summed over executions [samples]. */
  readonly nonzeroInPerSample?: readonly number[];
  /** As for a convolution. Needed where windows overlap or leave inputs out; else every input is in one window. */
  readonly reachedPixels?: readonly number[];
}

/** A batch norm that was not folded: a multiplication and an addition a value. */
export interface NormActivity extends Placed {
  readonly kind: 'batch-norm';
  readonly features: number;
  readonly executions: number;
}

/** Activations of an ANN other than ReLU. */
export interface ActivationActivity extends Placed {
  readonly kind: 'activation';
  readonly form: 'relu6' | 'leaky-relu' | 'quantized';
  readonly features: number;
  readonly nonzeroOut: readonly number[];
}

export interface SoftmaxActivity extends Placed {
  readonly kind: 'softmax';
  readonly features: number;
}

/** A residual or spike-element-wise join of two signals of `features` values. */
export interface JoinActivity extends Placed {
  readonly kind: 'join';
  readonly mode: 'add' | 'and' | 'iand';
  readonly features: number;
  readonly input: 'spikes' | 'analog';
  readonly executions: number;
}

export interface ReluActivity extends Placed {
  readonly kind: 'relu';
  readonly features: number;
  readonly nonzeroOut: readonly number[];
}

export interface NeuronActivity extends Placed {
  readonly kind: 'neuron';
  readonly neurons: number;
  /** Spikes at each step, summed over samples [T]. */
  readonly spikes: readonly number[];
  readonly spikesPerSample: readonly number[];
  /** Neurons that never fired, and neurons that fired at every step, over all samples. */
  readonly silentNeurons: number;
  readonly saturatedNeurons: number;
  /** What one update of one neuron does. */
  readonly leaky: boolean;
  readonly currentBased: boolean;
  readonly inputScaled: boolean;
  readonly fires: boolean;
  readonly reset: 'subtract' | 'value' | 'none';
  /** Recurrent synapses: none, one a neuron, or all to all. */
  readonly recurrent: 'none' | 'one-to-one' | 'all-to-all';
  /** Does each update add a rest term (c of the charge)? Absent: no. */
  readonly restTerm?: boolean;
  /** Does the recurrent connection add a bias at each step? Absent: no. */
  readonly recurrentBias?: boolean;
  /** Spikes fed back within the run, so all but those of the last step [samples]. Needed if `recurrent` is not `none`. */
  readonly recurrentSpikesPerSample?: readonly number[];
  /** Neurons whose membrane changed at each step, summed over samples [T]; at step 0 all. Only if membranes were observed. */
  readonly membraneChanges?: readonly number[];
}
