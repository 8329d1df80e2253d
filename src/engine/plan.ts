// The plan: what runs, as data. A network lowered for one purpose becomes a fixed list of operations over named tensors.
// A backend compiles the plan once (memory laid out, kernels bound) and then runs it without allocating.
//
// Work is cut into CHUNKS of a few samples. Within a chunk every sample-wise operation of `forward` and then `backward` runs
// back to back on one thread, so activations stay in its cache; chunks are independent, so threads share nothing. `gradients`
// and `update` then run over parameters, each element by one thread. Sums always run in ascending order of their index
// (input feature; sample, then time step), in one chain per output, so results do not depend on threads, on chunk or
// micro-batch boundaries, nor on whether zeros were skipped.

/** Rows of a tensor: one a sample, or one a time step of each sample (row = sample * T + t). */
export type Rows = 'sample' | 'step';

export interface TensorSpec {
  readonly id: string;
  readonly rows: Rows;
  readonly features: number;
  /** analog: float32. spikes: 0 or 1, stored as bits. count: one unsigned integer a row (features = 1). */
  readonly values: 'analog' | 'spikes' | 'count';
  /** chunk: scratch, gone after its chunk. batch: kept for the whole (micro-)batch and readable by the host. */
  readonly keep: 'chunk' | 'batch';
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
  | 'mse-rate'; // mean_{B,C} (mean_t s - onehot)^2

export type ForwardOp =
  /**
   * Staged host data -> x. `bytes`: x = fround(value) * fround(scale) in float32; `floats`: copied. Each sample's staged
   * values are row-major [rows a sample, features].
   */
  | {
      readonly kernel: 'load';
      readonly layer: string;
      readonly source: 'bytes' | 'floats';
      readonly scale: number;
      readonly x: string;
    }
  /**
   * Bernoulli: s[t] = 1 where u[t] < floor(p 2^32) (always where p >= 1), p = clamp(fround(fround(x gain) + offset), 0, 1).
   * u[t] is a 32-bit uniform number whose k-th bit from the top is bit t & 31 of word k of (feature, t >> 5): output word k & 3
   * of the Philox4x32-10 block with counter (feature, 8 (t >> 5) + (k >> 2), sampleId, epoch), key (seed, STREAM.encode). Bits of
   * 32 steps share a word so that a backend may decide 32 steps at once and stop at the first differing bit.
   */
  | {
      readonly kernel: 'encode-rate';
      readonly layer: string;
      readonly gain: number;
      readonly offset: number;
      readonly x: string;
      readonly spikes: string;
    }
  /**
   * One spike a feature, at step round(t) (half to even), none where that is past the last step; float32 at every operation.
   *   spikingjelly  linear t = (T-1)(1-x); log t = T-1 - ln(a x + 1), a = exp(T-1) - 1
   *   snntorch      linear t = min(-tau (x-1), -tau (threshold-1)), tau = T-1 if `normalize`;
   *                 log t = tau ln(z / (z-threshold)), z = max(x, threshold + 1e-7); `normalize` scales by (T-1) / (t at the
   *                 threshold), which is snnTorch's whole-batch maximum wherever a value is at or below the threshold, and does
   *                 not depend on who else is in the batch. `clip`: no spike where x < threshold.
   */
  | {
      readonly kernel: 'encode-latency';
      readonly layer: string;
      readonly convention: 'snntorch' | 'spikingjelly';
      readonly form: 'linear' | 'log';
      readonly tau: number;
      readonly threshold: number;
      readonly normalize: boolean;
      readonly clip: boolean;
      readonly x: string;
      readonly spikes: string;
    }
  /**
   * x, y: one row a step. y = +1 where x[t]-x[t-1] >= threshold (float32), -1 where <= -threshold if offSpikes. The first step
   * is compared with 0, or with itself if `padding`.
   */
  | {
      readonly kernel: 'encode-delta';
      readonly layer: string;
      readonly threshold: number;
      readonly offSpikes: boolean;
      readonly padding: boolean;
      readonly x: string;
      readonly y: string;
    }
  /** y = bias + sum_i x_i W[i]; x analog or spikes; y has x's rows. */
  | {
      readonly kernel: 'dense';
      readonly layer: string;
      readonly x: string;
      readonly weight: string;
      readonly bias?: string;
      readonly y: string;
    }
  /** y = max(0, x) */
  | { readonly kernel: 'relu'; readonly layer: string; readonly x: string; readonly y: string }
  /**
   * y = x mask / (1 - rate); the mask is one a sample, held over time: keep where word >= floor(rate 2^32).
   * word: Philox counter (feature >> 2, 0, sampleId, epoch), key (seed, STREAM.dropout + 256 * index), output word feature & 3.
   */
  | {
      readonly kernel: 'dropout';
      readonly layer: string;
      readonly rate: number;
      readonly index: number;
      readonly x: string;
      readonly y: string;
    }
  /**
   * A neuron layer, all its time steps. `current` may have one row a sample (a constant drive) or one a step. Outputs, each
   * optional: `spikes`; `charge` = u before reset (backward needs it); `membrane` = m as the peer returns it (after a
   * same-step reset); `synapse` = i, which is x without alpha.
   */
  | {
      readonly kernel: 'neuron';
      readonly layer: string;
      readonly dynamics: NeuronOpDynamics;
      readonly current: string;
      readonly spikes?: string;
      readonly charge?: string;
      readonly membrane?: string;
      readonly synapse?: string;
    }
  /** Nonzero entries of each row of x. */
  | { readonly kernel: 'count'; readonly layer: string; readonly x: string; readonly counts: string }
  /**
   * Loss of each sample (already divided so that their sum over the batch is the batch's loss) and its gradient with respect
   * to the output (dSpikes, dMembrane or dLogits).
   */
  | {
      readonly kernel: 'loss';
      readonly layer: string;
      readonly loss: LossKind;
      /** mse-count and mse-membrane: rates or levels of the right and of the wrong classes. */
      readonly onTarget: number;
      readonly offTarget: number;
      /** logits, spikes or membrane, as the loss asks */
      readonly output: string;
      readonly dOutput?: string;
      /** [sample, 1] */
      readonly losses: string;
    };

export type BackwardOp =
  /** dx = dy W^T; spikes' gradient is taken with respect to their value. */
  | {
      readonly kernel: 'dense-backward';
      readonly layer: string;
      readonly dy: string;
      readonly weight: string;
      readonly dx: string;
    }
  | {
      readonly kernel: 'relu-backward';
      readonly layer: string;
      readonly y: string;
      readonly dy: string;
      readonly dx: string;
    }
  | {
      readonly kernel: 'dropout-backward';
      readonly layer: string;
      readonly rate: number;
      readonly index: number;
      readonly dy: string;
      readonly dx: string;
    }
  /**
   * Time in reverse. dSpikes and/or dMembrane in; dCurrent out: one row a step, or, for a constant drive, one row a sample
   * (summed over time). dParameters: ids of per-neuron gradient accumulators for a, b, c, threshold, alpha, recurrent ones.
   * A recurrent bias or weight that learns uses dCurrent, one row a step. A recurrent layer adds what its spikes did through
   * the recurrence to dSpikes, which may be overwritten; its dB needs `synapse`, as i is then not the current alone.
   */
  | {
      readonly kernel: 'neuron-backward';
      readonly layer: string;
      readonly dynamics: NeuronOpDynamics;
      readonly current: string;
      readonly spikes?: string;
      readonly charge: string;
      readonly membrane?: string;
      readonly synapse?: string;
      readonly dSpikes?: string;
      readonly dMembrane?: string;
      readonly dCurrent: string;
      /** tensors [sample, N], kept for the batch: this sample's sums over time of the derivative by a, b, c, threshold, alpha */
      readonly dA?: string;
      readonly dB?: string;
      readonly dC?: string;
      readonly dThreshold?: string;
      readonly dAlpha?: string;
    };

export type GradientOp =
  /** dWeight += sum over rows of x^T dy; x analog or spikes. `shift` 1: row t of dy meets x at t - 1 (recurrence). */
  | {
      readonly kernel: 'dense-gradient';
      readonly layer: string;
      readonly x: string;
      readonly dy: string;
      readonly dWeight: string;
      readonly shift?: 0 | 1;
    }
  /** dVector += sum over rows of dy. */
  | { readonly kernel: 'sum-gradient'; readonly layer: string; readonly dy: string; readonly dVector: string }
  /** dScale += sum over rows t >= 1 of spikes[t-1] * dy[t] (one-to-one recurrence). */
  | {
      readonly kernel: 'scale-gradient';
      readonly layer: string;
      readonly spikes: string;
      readonly dy: string;
      readonly dScale: string;
    };

/** Hyperparameters that change from step to step come with the run (see RunOptions.update). */
export type UpdateOp =
  /** norm = sqrt(sum of squares of all listed gradients); all are scaled by min(1, clipNorm / (norm + 1e-6)). */
  | { readonly kernel: 'clip'; readonly gradients: readonly string[] }
  /** torch.optim.SGD: v = momentum v + g + weightDecay p (v = g at the first step); p -= lr v */
  | {
      readonly kernel: 'sgd';
      readonly parameter: string;
      readonly gradient: string;
      readonly velocity?: string;
      readonly decay: boolean;
    }
  /** torch.optim.Adam (L2 in the gradient) or AdamW (decoupled); bias-corrected. */
  | {
      readonly kernel: 'adam';
      readonly parameter: string;
      readonly gradient: string;
      readonly m: string;
      readonly v: string;
      readonly decoupled: boolean;
      readonly decay: boolean;
    }
  /**
   * Learnable decay: raw parameter -> a, b, c and back. `raw` has 1 or N columns. beta: a = clamp(raw, 0, 1), b = 1, c = 0.
   * tau: k = sigmoid(raw), a = 1 - k, b = k if inputDecay else 1, c = rest k.
   */
  | {
      readonly kernel: 'derive-decay';
      readonly form: 'beta' | 'tau';
      readonly inputDecay: boolean;
      readonly rest: number;
      readonly raw: string;
      readonly a: string;
      readonly b: string;
      readonly c: string;
    }
  /**
   * d raw = (overwritten) from the gradients of a, b, c (vectors [N]); summed over neurons where raw has 1 column. Runs before
   * the optimiser. A clamped beta has gradient 0 outside [0,1] (1 at its ends).
   */
  | {
      readonly kernel: 'derive-decay-backward';
      readonly form: 'beta' | 'tau';
      readonly inputDecay: boolean;
      readonly rest: number;
      readonly raw: string;
      readonly dRaw: string;
      readonly dA: string;
      readonly dB?: string;
      readonly dC?: string;
    }
  /** A vector parameter of 1 column spread over N (shared threshold), and its gradient summed back (overwritten). */
  | { readonly kernel: 'spread'; readonly raw: string; readonly vector: string }
  | { readonly kernel: 'spread-backward'; readonly dRaw: string; readonly dVector: string }
  /** Gradients back to zero, ready for the next batch. */
  | { readonly kernel: 'zero'; readonly parameters: readonly string[] };

export type Op = ForwardOp | BackwardOp | GradientOp | UpdateOp;
export type KernelName = Op['kernel'];
