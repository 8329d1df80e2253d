// Descriptors of convolutions, in the order kernels/conv.ts and kernels/depthwise.ts document.

import { UnsupportedError } from '../../core/index.ts';
import type { BackwardOp, ForwardOp, GradientOp } from '../plan.ts';
import type { Places } from './descriptors.ts';

export function convWords(op: ForwardOp & { kernel: 'conv' }, _at: Places): number[] {
  throw new UnsupportedError(`wasm backend: ${op.kernel}`);
}

export function convBackwardWords(op: BackwardOp & { kernel: 'conv-backward' }, _at: Places): number[] {
  throw new UnsupportedError(`wasm backend: ${op.kernel}`);
}

export function convGradientWords(
  op: GradientOp & { kernel: 'conv-gradient' },
  _at: Places,
): { words: number[]; items: number } {
  throw new UnsupportedError(`wasm backend: ${op.kernel}`);
}
