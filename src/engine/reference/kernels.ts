// Which function runs which operation of a plan.

import type { UpdateOptions } from '../backend.ts';
import type { BackwardOp, ForwardOp, GradientOp, UpdateOp } from '../plan.ts';
import { dropout, dropoutBackward, relu, reluBackward } from './activation.ts';
import { dense, denseBackward, denseGradient, scaleGradient, sumGradient } from './dense.ts';
import { deriveDecay, deriveDecayBackward, spread, spreadBackward } from './derive.ts';
import { countNonzero, encodeDelta, encodeLatency, encodeRate, load } from './encode.ts';
import { loss } from './loss.ts';
import { neuron, neuronBackward } from './neuron-layer.ts';
import { adam, clip, sgd, zero } from './optimizer.ts';
import type { Run } from './run.ts';

type SampleOp = ForwardOp | BackwardOp | GradientOp;
type Kernels<AnyOp extends { kernel: string }, Rest extends unknown[]> = {
  readonly [K in AnyOp['kernel']]: (op: Extract<AnyOp, { kernel: K }>, ...rest: Rest) => void;
};

const SAMPLE_KERNELS: Kernels<SampleOp, [run: Run]> = {
  load,
  'encode-rate': encodeRate,
  'encode-latency': encodeLatency,
  'encode-delta': encodeDelta,
  dense,
  relu,
  dropout,
  neuron,
  count: countNonzero,
  loss,
  'dense-backward': denseBackward,
  'relu-backward': reluBackward,
  'dropout-backward': dropoutBackward,
  'neuron-backward': neuronBackward,
  'dense-gradient': denseGradient,
  'sum-gradient': sumGradient,
  'scale-gradient': scaleGradient,
};

const UPDATE_KERNELS: Kernels<UpdateOp, [parameter: (id: string) => Float64Array, options: UpdateOptions]> = {
  clip,
  sgd,
  adam,
  'derive-decay': deriveDecay,
  'derive-decay-backward': deriveDecayBackward,
  spread,
  'spread-backward': spreadBackward,
  zero,
};

export function runOp(op: SampleOp, run: Run): void {
  (SAMPLE_KERNELS[op.kernel] as (op: SampleOp, run: Run) => void)(op, run);
}

export function updateOp(op: UpdateOp, parameter: (id: string) => Float64Array, options: UpdateOptions): void {
  (UPDATE_KERNELS[op.kernel] as (op: UpdateOp, p: typeof parameter, o: UpdateOptions) => void)(op, parameter, options);
}
