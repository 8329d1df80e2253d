// Which function runs which operation of a plan.

import type { UpdateOptions } from '../backend.ts';
import type { BackwardOp, ForwardOp, GradientOp, UpdateOp } from '../plan.ts';
import { activation, activationBackward, relu, reluBackward } from './activation.ts';
import { batchNorm, batchNormBackward, runningNormBackward } from './batch-norm.ts';
import { conv, convBackward, convGradient } from './conv.ts';
import { countNonzero } from './count.ts';
import { dense, denseBackward, denseGradient, scaleGradient, sumGradient } from './dense.ts';
import { deriveDecay, deriveDecayBackward, spread, spreadBackward } from './derive.ts';
import { dropout, dropoutBackward } from './dropout.ts';
import { encodeDelta, encodeLatency, encodeRate, load } from './encode.ts';
import { accumulate, join, joinBackward } from './join.ts';
import { loss } from './loss.ts';
import { neuron, neuronBackward } from './neuron-layer.ts';
import { adam, clip, sgd, zero } from './optimizer.ts';
import { pool, poolBackward } from './pool.ts';
import { reshape, reshapeBackward } from './reshape.ts';
import type { Run } from './run.ts';
import { softmax, softmaxBackward } from './softmax.ts';

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
  conv,
  pool,
  'batch-norm': batchNorm,
  activation,
  softmax,
  join,
  reshape,
  relu,
  dropout,
  neuron,
  count: countNonzero,
  loss,
  'dense-backward': denseBackward,
  'conv-backward': convBackward,
  'pool-backward': poolBackward,
  'batch-norm-backward': batchNormBackward,
  'running-norm-backward': runningNormBackward,
  'activation-backward': activationBackward,
  'softmax-backward': softmaxBackward,
  'join-backward': joinBackward,
  accumulate,
  'reshape-backward': reshapeBackward,
  'relu-backward': reluBackward,
  'dropout-backward': dropoutBackward,
  'neuron-backward': neuronBackward,
  'dense-gradient': denseGradient,
  'conv-gradient': convGradient,
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
