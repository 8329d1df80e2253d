// Which operands an operation reads and writes, and the bytes of all of them.

import type { BackwardOp, ForwardOp, GradientOp } from '../engine/index.ts';
import { parameterBytes, tensorBytes, type WorkContext } from './work-context.ts';

type Op = ForwardOp | BackwardOp | GradientOp;

/** Fields of tensors that a kernel writes; the others that name tensors are read. */
const WRITTEN: Readonly<Record<Op['kernel'], readonly string[]>> = {
  load: ['x'],
  'encode-rate': ['spikes'],
  'encode-latency': ['spikes'],
  'encode-delta': ['y'],
  dense: ['y'],
  conv: ['y'],
  pool: ['y'],
  'batch-norm': ['y'],
  activation: ['y'],
  softmax: ['y'],
  join: ['y'],
  reshape: ['y'],
  relu: ['y'],
  dropout: ['y'],
  neuron: ['spikes', 'charge', 'membrane', 'synapse'],
  count: ['counts'],
  loss: ['losses', 'dOutput'],
  'dense-backward': ['dx'],
  'conv-backward': ['dx'],
  'pool-backward': ['dx'],
  'batch-norm-backward': ['dx'],
  'running-norm-backward': ['dx'],
  'activation-backward': ['dx', 'dCeiling'],
  'softmax-backward': ['dx'],
  'join-backward': ['da', 'db'],
  accumulate: ['y'],
  'reshape-backward': ['dx'],
  'relu-backward': ['dx'],
  'dropout-backward': ['dx'],
  'neuron-backward': ['dCurrent', 'dA', 'dB', 'dC', 'dThreshold', 'dAlpha'],
  'dense-gradient': [],
  'conv-gradient': [],
  'sum-gradient': [],
  'scale-gradient': [],
};

/** Named for its shape alone: an average's gradient does not look at the input. */
const unread = (op: Op): readonly string[] => (op.kernel === 'pool-backward' && op.mode === 'average' ? ['x'] : []);

/** [field, id] of every operand, those of the neuron's dynamics too. */
function namesIn(value: object): [string, string][] {
  return Object.entries(value).flatMap(([field, inner]): [string, string][] => {
    if (field === 'kernel' || field === 'layer') return [];
    if (typeof inner === 'string') return [[field, inner]];
    return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? namesIn(inner) : [];
  });
}

const isGradient = (field: string): boolean => /^d[A-Z]/.test(field);

/**
 * Bytes of every operand once; parameters once a chunk, and for gradients (which go over the whole batch) once a round. A
 * gradient of a parameter is read and written.
 */
export function trafficOf(op: Op, context: WorkContext): { readonly read: number; readonly written: number } {
  const [tensors, parameters] = [context.plan.tensors, context.plan.parameters].map(
    (specs) => new Set(specs.map(({ id }) => id)),
  );
  const overBatch = ['dense-gradient', 'conv-gradient', 'sum-gradient', 'scale-gradient'].includes(op.kernel);
  const times = overBatch ? context.rounds : context.chunks;
  let [read, written] = [op.kernel === 'load' ? stagedBytes(op, context) : 0, 0];
  for (const [field, id] of namesIn(op)) {
    if (tensors!.has(id)) {
      if (WRITTEN[op.kernel].includes(field)) written += tensorBytes(context, id);
      else if (!unread(op).includes(field)) read += tensorBytes(context, id);
    } else if (parameters!.has(id)) {
      read += times * parameterBytes(context, id);
      if (isGradient(field)) written += times * parameterBytes(context, id);
    }
  }
  return { read, written };
}

/** Staged values are row-major and without padding. */
function stagedBytes({ source, x }: ForwardOp & { kernel: 'load' }, { plan, samples }: WorkContext): number {
  const { rows, features } = plan.tensors.find(({ id }) => id === x)!;
  return samples * (rows === 'step' ? plan.timesteps : 1) * features * (source === 'bytes' ? 1 : 4);
}
