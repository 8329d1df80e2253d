// What operations of a plan have in common: neuron dynamics, losses, windows, the two directions of a norm.

/**
 * Dynamics of a neuron layer by ids of per-neuron parameter vectors [N]; see model/spec.ts for the equations. Per step:
 *   x = current + recurrent(s of the last step, zeros at t = 0) + recurrent bias (at every step, t = 0 included)
 *   r = [m fires] by `tie` for a next-step or both-steps reset (at t = 0 of the initial membrane), never differentiated
 *   i, u, s, m as there, i filtered after the recurrent input was added; `dropsInput` matters to `value` resets only.
 * Without threshold s = r = 0.
 */
export interface NeuronOpDynamics {
  /** u = a m + b i + c */
  readonly a: string;
  readonly b: string;
  readonly c: string;
  /** absent: never fires (integrator) */
  readonly threshold?: string;
  /** synaptic filter i = alpha i + x; absent: i = x */
  readonly alpha?: string;
  readonly tie: '>=' | '>';
  readonly reset: 'subtract' | 'value' | 'none';
  readonly resetValue: number;
  readonly moment: 'same-step' | 'next-step' | 'both-steps';
  readonly dropsInput: boolean;
  readonly detachReset: boolean;
  readonly surrogate: 'atan' | 'sigmoid' | 'fast-sigmoid' | 'triangular' | 'straight-through';
  readonly slope: number;
  readonly initialMembrane: number;
  /** spikes of the last step fed back: `weight` is [N,N] (all-to-all), or `scale` [N] (one-to-one); `bias` [N] optional */
  readonly recurrent?: { readonly weight?: string; readonly scale?: string; readonly bias?: string };
}

export type LossKind =
  | 'cross-entropy' // logits, one row a sample
  | 'mse-count' // (1/T) mean_{B,C} (sum_t s - target)^2, target = trunc(T rate)
  | 'ce-rate' // mean_t CE(s_t)
  | 'ce-count' // CE(sum_t s)
  | 'ce-max-membrane' // CE(max_t m), first maximum
  | 'mse-membrane' // mean_t mean_{B,C} (m_t - target)^2
  | 'ce-membrane' // sum_t CE(m_t)
  | 'mse-rate' // mean_{B,C} (mean_t s - onehot)^2
  // how far the best wrong class is ahead of the right one, for attacks: it never saturates
  | 'margin' // of logits
  | 'margin-rate' // mean_t s
  | 'margin-membrane' // mean_t m_t
  // of regressions, whose batches have `targets` instead of labels:
  | 'mse' // mean_{B,C} (logit - target)^2
  | 'mse-last-membrane'; // mean_{B,C} (m_T - target)^2, the membrane after the last step

/** Is this loss of a regression, so that batches have targets and no labels? */
export const isRegression = (loss: LossKind): boolean => loss === 'mse' || loss === 'mse-last-membrane';

/** How a sliding window meets a map, [height, width] each; `padding` is what stands above and left of the map, as zeros. */
export interface Window {
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
}

/** `winner`: each step passes on the spikes of the window's input that has spiked most so far (this step included). */
export type PoolMode = 'max' | 'average' | 'winner';
export type JoinMode = 'add' | 'and' | 'iand';

/** Activations other than ReLU. `quantized` is QCFS (Bu et al. 2022): y = c clip(floor(x L / c + 1/2) / L, 0, 1). */
export interface ActivationForm {
  readonly form: 'relu6' | 'leaky-relu' | 'quantized';
  /** leaky-relu: factor of negative values */
  readonly slope?: number;
  /** quantized: steps L, and the id of the parameter c, a vector [1] */
  readonly levels?: number;
  readonly ceiling?: string;
}

/** What the two directions of a batch norm share. Vectors [channels]. */
export interface BatchNorm {
  readonly layer: string;
  readonly x: string;
  /** y = factor gamma xhat + beta; `factor` is 1, or alpha threshold of threshold-dependent BN (Zheng et al. 2021) */
  readonly gamma: string;
  readonly factor: number;
  readonly epsilon: number;
  /** Of the batch: mean and 1 / sqrt(variance + epsilon); written by the forward pass where it takes statistics of the batch. */
  readonly batchMean: string;
  readonly batchDeviation: string;
}
