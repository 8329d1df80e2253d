// The plan: what runs, as data. A network lowered for one purpose becomes a fixed list of operations over named tensors.
// A backend compiles the plan once (memory laid out, kernels bound) and then runs it without allocating.
//
// Work is cut into CHUNKS of a few samples. Within a chunk every sample-wise operation of `forward` and then `backward` runs
// back to back on one thread, so activations stay in its cache; chunks are independent, so threads share nothing. `gradients`
// and `update` then run over parameters, each element by one thread. Sums always run in ascending order of their index
// (input feature; sample, then time step), in one chain per output, so results do not depend on threads, on micro-batches, nor
// on whether zeros were skipped. Gradients over maps run chunk by chunk, then pixel by pixel: a chunk's size is part of a plan's
// meaning and follows from the plan alone.

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
interface BatchNorm {
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
  /**
   * Cross-correlation: y[o] = bias + sum over taps (ky, kx), then input channels, of x[o stride - padding + k dilation] W; taps
   * outside the map are left out. W is [kh kw (Cin / groups), Cout], rows in the order (ky, kx, channel); group g maps its
   * channels to outputs [g Cout / groups, (g + 1) Cout / groups).
   */
  | {
      readonly kernel: 'conv';
      readonly layer: string;
      readonly window: Window;
      readonly groups: number;
      readonly x: string;
      readonly weight: string;
      readonly bias?: string;
      readonly y: string;
    }
  /**
   * Per channel. max: the first maximum of the window in scan order, padding left out; of spikes their OR (y spikes). average:
   * sum / (kh kw), padding counted as zeros (torch's count_include_pad); y analog. winner: see PoolMode; spikes to spikes.
   */
  | {
      readonly kernel: 'pool';
      readonly layer: string;
      readonly mode: PoolMode;
      readonly window: Window;
      readonly x: string;
      readonly y: string;
    }
  /**
   * y = factor gamma (x - m) d + beta per channel, d = 1 / sqrt(v + epsilon). statistics `running`: m, v = mean, variance.
   * `batch`: mean and biased variance over samples, rows and pixels of the whole batch (so a barrier); mean and variance then
   * move by `momentum` towards them, the variance unbiased with n = values * `repeats` (time steps a row stands for); where n is 1
   * the variance stays.
   */
  | (BatchNorm & {
      readonly kernel: 'batch-norm';
      readonly y: string;
      readonly beta: string;
      readonly mean: string;
      readonly variance: string;
      readonly momentum: number;
      readonly statistics: 'batch' | 'running';
      readonly repeats: number;
    })
  | (ActivationForm & { readonly kernel: 'activation'; readonly layer: string; readonly x: string; readonly y: string })
  /** Over the features of a row (one pixel). */
  | { readonly kernel: 'softmax'; readonly layer: string; readonly x: string; readonly y: string }
  /**
   * add: y = a + b, analog. and: y = a b; iand: y = (1 - a) b (Fang et al. 2021), spikes where both are, else analog. Where one operand has a
   * row a sample and y a row a step, that row is used at every step.
   */
  | {
      readonly kernel: 'join';
      readonly layer: string;
      readonly mode: JoinMode;
      readonly a: string;
      readonly b: string;
      readonly y: string;
    }
  /** The same values in another memory layout: x and y differ in `channels` only. */
  | { readonly kernel: 'reshape'; readonly layer: string; readonly x: string; readonly y: string }
  /** y = max(0, x) */
  | { readonly kernel: 'relu'; readonly layer: string; readonly x: string; readonly y: string }
  /**
   * y = x mask / (1 - rate); the mask is one a sample, held over time: keep where word >= floor(rate 2^32).
   * word: Philox counter (n >> 2, 0, sampleId, epoch), key (seed, STREAM.dropout + 256 * index), output word n & 3; n is the
   * feature, of a map pixel * 32 ceil(channels / 32) + channel.
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
  /** Nonzero entries of each row of x; with `reach`, each counted as often as output pixels of that window read its pixel. */
  | {
      readonly kernel: 'count';
      readonly layer: string;
      readonly x: string;
      readonly counts: string;
      readonly reach?: Window;
    }
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
  /** dx[i] = sum of dy W^T over the taps that read i. */
  | {
      readonly kernel: 'conv-backward';
      readonly layer: string;
      readonly window: Window;
      readonly groups: number;
      readonly dy: string;
      readonly weight: string;
      readonly dx: string;
    }
  /** max: to the first maximum of each window of x. average: evenly. */
  | {
      readonly kernel: 'pool-backward';
      readonly layer: string;
      readonly mode: 'max' | 'average';
      readonly window: Window;
      readonly x: string;
      readonly dy: string;
      readonly dx: string;
    }
  /**
   * For batch statistics: dGamma += sum dy factor xhat, dBeta += sum dy over the whole batch (a barrier), then
   * dx = factor gamma d (dy - mean(dy) - xhat mean(dy xhat)), means over the rows and pixels of x. dx absent: only the parameters'
   * gradients. A row of x that stands for several steps has dy summed over them, and `repeats` cancels.
   */
  | (BatchNorm & {
      readonly kernel: 'batch-norm-backward';
      readonly dy: string;
      readonly dx?: string;
      readonly dGamma: string;
      readonly dBeta: string;
      readonly repeats: number;
    })
  /**
   * relu6: dy where 0 < x < 6. leaky-relu: dy, or slope dy where x <= 0. quantized, straight through: dx = dy where
   * -c/(2L) < x < c - c/(2L), else 0; dCeiling [sample, 1]: sum over the sample of dy (y - x) / c there, dy above, 0 below.
   */
  | (ActivationForm & {
      readonly kernel: 'activation-backward';
      readonly layer: string;
      readonly x: string;
      readonly dy: string;
      readonly dx: string;
      readonly dCeiling?: string;
    })
  | {
      readonly kernel: 'softmax-backward';
      readonly layer: string;
      readonly y: string;
      readonly dy: string;
      readonly dx: string;
    }
  /** add: da = db = dy (lowered without an operation). and: da = dy b, db = dy a. iand: da = -dy b, db = dy (1 - a). */
  | {
      readonly kernel: 'join-backward';
      readonly layer: string;
      readonly mode: 'and' | 'iand';
      readonly a: string;
      readonly b: string;
      readonly dy: string;
      readonly da?: string;
      readonly db?: string;
    }
  /** y = a + b, gradients of a signal that two layers read. An operand with a row a step is summed over them where y has one a sample. */
  | {
      readonly kernel: 'accumulate';
      readonly layer: string;
      readonly a: string;
      readonly b: string;
      readonly y: string;
    }
  | { readonly kernel: 'reshape-backward'; readonly layer: string; readonly dy: string; readonly dx: string }
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
  /** dWeight += sum over output pixels and rows of x^T dy, of the whole batch. */
  | {
      readonly kernel: 'conv-gradient';
      readonly layer: string;
      readonly window: Window;
      readonly groups: number;
      readonly x: string;
      readonly dy: string;
      readonly dWeight: string;
    }
  /** dVector += sum over rows (and pixels) of dy, a value a channel. */
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
