// What an attack ascends if nothing else is asked for: cross-entropy of what the decoder reads. Losses with targets (mse-count and the
// like) and those of training may be flat where the network is sure; ce-count is too, as counts grow with the time steps.

import type { LossKind } from '../../engine/index.ts';
import type { Subject } from '../subject.ts';

/**
 * An ANN: cross-entropy of its logits. Spikes: ce-rate, whose logits are 0 or 1 at each step, so its gradient never vanishes. Membranes:
 * ce-max-membrane where their maximum is read, else ce-membrane, summed over the steps.
 */
export function attackLoss({ mode, decoder }: Pick<Subject, 'mode' | 'decoder'>): LossKind {
  if (mode === 'ann') return 'cross-entropy';
  if (decoder === 'spike-count' || decoder === 'first-spike') return 'ce-rate';
  return decoder === 'max-membrane' ? 'ce-max-membrane' : 'ce-membrane';
}

/** What is ascended where cross-entropy saturates: how far the best wrong class is ahead of the right one. */
export function marginLoss({ mode, decoder }: Pick<Subject, 'mode' | 'decoder'>): LossKind {
  if (mode === 'ann') return 'margin';
  return decoder === 'spike-count' || decoder === 'first-spike' ? 'margin-rate' : 'margin-membrane';
}
