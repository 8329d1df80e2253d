// Operations on a chunk, forward. Layers name the network's layer; other strings are ids of tensors and parameters.

import type {
  ActivationForm,
  BatchNorm,
  JoinMode,
  LossKind,
  NeuronOpDynamics,
  PoolMode,
  Window,
} from './operation-fields.ts';

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
