// One kernel to be timed, and what its time is expressed in.

import type { NeuronOpDynamics, WasmOptions } from '../src/engine/index.ts';
import type { RepeatedOp } from './repeated-op.ts';

export interface KernelBench {
  readonly kernel: string;
  readonly unit: 'GFLOP/s' | 'G additions/s' | 'GB/s' | 'ns an update' | 'ns a draw' | 'ns a parameter';
  readonly path: NonNullable<WasmOptions['path']>;
  /** Flops, additions, bytes, updates or draws of one operation. */
  readonly work: number;
  readonly op: RepeatedOp;
}

/** snnTorch's Leaky. */
export const COMMON_DYNAMICS: NeuronOpDynamics = {
  ...{ a: 'a', b: 'b', c: 'c', threshold: 'threshold', tie: '>', reset: 'subtract', resetValue: 0 },
  ...{ moment: 'next-step', dropsInput: false, detachReset: true, surrogate: 'atan', slope: 2, initialMembrane: 0 },
};
