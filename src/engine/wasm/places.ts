// Where a compiled plan's tensors, parameters and tables are, and how values become descriptor words.

import type { BackwardOp, ForwardOp, Window } from '../plan.ts';
import type { ParameterLayout, TensorLayout } from './layout.ts';
import type { DenseAbove } from './path.ts';

type NormOp = Extract<ForwardOp | BackwardOp, { kernel: 'batch-norm' | 'batch-norm-backward' }>;

/** Where everything is. */
export interface Places {
  readonly timesteps: number;
  readonly chunkSamples: number;
  readonly wide: boolean;
  readonly denseAbove: DenseAbove;
  tensor(id: string): TensorLayout;
  /** Base address, bytes from chunk to chunk, bytes from thread to thread. */
  operand(id: string | undefined): readonly [number, number, number];
  readonly scratch: readonly [number, number, number];
  parameter(id: string): ParameterLayout;
  address(id: string | undefined): number;
  /** Room for the sums of a batch norm: of every chunk, and the means over the batch that its dx needs. */
  normSums(op: NormOp): { readonly sums: number; readonly means: number };
  /** Thresholds that are never reached, as many as the widest layer has neurons. */
  readonly unreachable: number;
  /** The table of a window's output pixels, or (backward) of its input pixels. */
  window(window: Window, backward: boolean): number;
  /** The transposed copy of a weight matrix. */
  transposed(id: string | undefined): number;
}

const scratchFloat = new Float32Array(1);
const scratchWord = new Uint32Array(scratchFloat.buffer);
/** The bits of a float32. */
export function floatBits(value: number): number {
  scratchFloat[0] = value;
  return scratchWord[0]!;
}

export const flag = (condition: boolean): number => (condition ? 1 : 0);
