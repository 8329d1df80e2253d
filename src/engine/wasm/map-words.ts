// Descriptors of pools, norms, joins, activations and reshapes, in the order their kernels document.

import { UnsupportedError } from '../../core/index.ts';
import type { BackwardOp, ForwardOp } from '../plan.ts';
import type { Places } from './descriptors.ts';

type MapForward = Extract<ForwardOp, { kernel: 'pool' | 'batch-norm' | 'activation' | 'softmax' | 'join' | 'reshape' }>;
type MapBackward = Extract<
  BackwardOp,
  {
    kernel:
      | 'pool-backward'
      | 'batch-norm-backward'
      | 'activation-backward'
      | 'softmax-backward'
      | 'join-backward'
      | 'accumulate'
      | 'reshape-backward';
  }
>;

export function mapForwardWords(op: MapForward, _at: Places): number[] {
  throw new UnsupportedError(`wasm backend: ${op.kernel}`);
}

export function mapBackwardWords(op: MapBackward, _at: Places): number[] {
  throw new UnsupportedError(`wasm backend: ${op.kernel}`);
}
