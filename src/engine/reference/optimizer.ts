// One optimiser step, as torch.optim does it: gradient clipping by the total norm, SGD with momentum, Adam and AdamW.
// p parameter, g its gradient. Kingma and Ba 2015, arXiv 1412.6980; Loshchilov and Hutter 2019, arXiv 1711.05101.

import type { UpdateOptions } from '../backend.ts';
import type { UpdateOp } from '../plan.ts';

type Update<Kernel extends UpdateOp['kernel']> = Extract<UpdateOp, { kernel: Kernel }>;
type Parameters = (id: string) => Float64Array;

/** Defaults of the hyperparameters an update may leave out; those of PyTorch. */
export const UPDATE_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0, weightDecay: 0 } as const;

export function clip(op: Update<'clip'>, parameter: Parameters, { clipNorm }: UpdateOptions): void {
  if (clipNorm === undefined) return;
  let squares = 0;
  for (const id of op.gradients) for (const value of parameter(id)) squares += value * value;
  const scale = Math.min(1, clipNorm / (Math.sqrt(squares) + 1e-6));
  for (const id of op.gradients) {
    const gradient = parameter(id);
    for (let k = 0; k < gradient.length; k++) gradient[k]! *= scale;
  }
}

export function sgd(op: Update<'sgd'>, parameter: Parameters, options: UpdateOptions): void {
  const { learningRate, step, momentum, weightDecay } = { ...UPDATE_DEFAULTS, ...options };
  const p = parameter(op.parameter);
  const gradient = parameter(op.gradient);
  const velocity = op.velocity === undefined ? undefined : parameter(op.velocity);
  for (let k = 0; k < p.length; k++) {
    let change = gradient[k]! + (op.decay ? weightDecay * p[k]! : 0);
    if (velocity !== undefined) {
      if (step > 1) change += momentum * velocity[k]!;
      velocity[k] = change;
    }
    p[k]! -= learningRate * change;
  }
}

export function adam(op: Update<'adam'>, parameter: Parameters, options: UpdateOptions): void {
  const { learningRate, step, beta1, beta2, epsilon, weightDecay } = { ...UPDATE_DEFAULTS, ...options };
  const p = parameter(op.parameter);
  const gradient = parameter(op.gradient);
  const m = parameter(op.m);
  const v = parameter(op.v);
  const decay = op.decay ? weightDecay : 0;
  const correct1 = 1 - beta1 ** step;
  const correct2 = 1 - beta2 ** step;
  for (let k = 0; k < p.length; k++) {
    if (op.decoupled) p[k]! *= 1 - learningRate * decay;
    const g = gradient[k]! + (op.decoupled ? 0 : decay * p[k]!);
    m[k] = beta1 * m[k]! + (1 - beta1) * g;
    v[k] = beta2 * v[k]! + (1 - beta2) * g * g;
    p[k]! -= (learningRate * (m[k]! / correct1)) / (Math.sqrt(v[k]! / correct2) + epsilon);
  }
}

export function zero(op: Update<'zero'>, parameter: Parameters): void {
  for (const id of op.parameters) parameter(id).fill(0);
}
