// Operations over parameters, once all chunks are done: gradients, then the optimiser.

import type { Window } from './operation-fields.ts';

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
