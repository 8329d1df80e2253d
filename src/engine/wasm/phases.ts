// The phases of a program: which operations run in which order, with a barrier between phases, and their tables in memory; see
// kernels/scheduler.ts.

import type { TimedOperation } from '../backend.ts';
import type { BackwardOp, ForwardOp, GradientOp, Plan, UpdateOp } from '../plan.ts';
import type { Allocator } from './allocator.ts';
import { barriersOf } from './barriers.ts';
import { convBackwardWords, convGradientWords, convWords } from './conv-words.ts';
import { backwardDescriptor, forwardDescriptor, gradientDescriptor, updateDescriptor } from './descriptors.ts';
import { panelsOf } from './layout.ts';
import { type Norm, type NormBackward, normCombine, normPartial } from './norm-words.ts';
import type { Places } from './places.ts';
import { OPCODE } from './words.ts';

/** One operation of a phase: opcode, descriptor words, items (pool phases), and what it is of. */
interface PhaseOp {
  readonly opcode: number;
  readonly words: readonly number[];
  readonly items: number;
  readonly of: PhaseOpOrigin;
}

export type PhaseOpOrigin = Omit<TimedOperation, 'kernel'>;

export interface PhaseSpec {
  readonly kind: 'chunks' | 'pool';
  readonly ops: readonly PhaseOp[];
}

/** Bytes one item of an optimiser works on; the same number as in kernels/update.ts. */
const BLOCK_BYTES = 16384;

/** Three backward kernels are forward ones. */
function backwardOpcode(kernel: BackwardOp['kernel']): number {
  if (kernel === 'dropout-backward') return OPCODE.dropout;
  if (kernel === 'running-norm-backward') return OPCODE['batch-norm'];
  return kernel === 'reshape-backward' ? OPCODE.reshape : OPCODE[kernel];
}

function forwardPhaseOp(op: ForwardOp, index: number, places: Places): PhaseOp {
  const of = { layer: op.layer, stage: 'forward', index } as const;
  if (op.kernel === 'conv') return { ...convWords(op, places), items: 0, of };
  return { opcode: OPCODE[op.kernel], words: forwardDescriptor(op, places), items: 0, of };
}

function backwardPhaseOp(op: BackwardOp, index: number, places: Places): PhaseOp {
  const of = { layer: op.layer, stage: 'backward', index } as const;
  if (op.kernel === 'conv-backward') return { ...convBackwardWords(op, places), items: 0, of };
  return { opcode: backwardOpcode(op.kernel), words: backwardDescriptor(op, places), items: 0, of };
}

function gradientPhaseOp(op: GradientOp, index: number, places: Places): PhaseOp {
  const of = { layer: op.layer, stage: 'gradients', index } as const;
  if (op.kernel === 'conv-gradient') return { ...convGradientWords(op, places), of };
  return { opcode: OPCODE[op.kernel], ...gradientDescriptor(op, places), of };
}

/** Sums that a norm takes of each chunk, and their combination, are steps of their own. */
const normOf = ({ kernel, layer }: Norm | NormBackward): PhaseOpOrigin => ({
  layer,
  stage: kernel === 'batch-norm' ? 'forward' : 'backward',
});

/** Chunk phases, cut where a batch norm takes statistics of the batch, and then the gradients. */
export function runPhases(plan: Plan, places: Places): PhaseSpec[] {
  const { partials, combinations, last } = barriersOf(plan);
  const phases: PhaseSpec[] = [];
  let ops: PhaseOp[] = [];
  const combine = (norm: Norm | NormBackward): PhaseOp => ({ ...normCombine(norm, places), of: normOf(norm) });
  const add = (op: PhaseOp, step: number): void => {
    const combined = combinations.get(step);
    if (combined !== undefined) {
      phases.push({ kind: 'chunks', ops }, { kind: 'pool', ops: combined.map(combine) });
      ops = [];
    }
    if (op.words.length > 0) ops.push(op);
    for (const norm of partials.get(step) ?? []) ops.push({ ...normPartial(norm, places), of: normOf(norm) });
  };
  const { forward, backward, gradients } = plan;
  for (const [step, op] of forward.entries()) add(forwardPhaseOp(op, step, places), step);
  for (const [step, op] of backward.entries()) add(backwardPhaseOp(op, step, places), forward.length + step);
  phases.push({ kind: 'chunks', ops });
  const pooled = [...last.map(combine), ...gradients.map((op, index) => gradientPhaseOp(op, index, places))];
  if (pooled.length > 0) phases.push({ kind: 'pool', ops: pooled });
  return phases;
}

export function transposes(ids: ReadonlySet<string>, places: Places): PhaseOp[] {
  return [...ids].map((id) => {
    const { spec, conv } = places.parameter(id);
    const { rows, columns } = spec;
    const of = { layer: spec.layer, stage: 'refresh' } as const;
    if (conv?.winograd)
      return {
        opcode: OPCODE['winograd-weights'],
        words: [places.address(id), places.transposed(id), conv.channels, columns],
        items: panelsOf(conv.channels),
        of,
      };
    if (conv !== undefined)
      return {
        opcode: OPCODE['conv-transpose'],
        words: [places.address(id), places.transposed(id), conv.channels, columns, conv.taps],
        items: panelsOf(conv.channels),
        of,
      };
    return {
      opcode: OPCODE.transpose,
      words: [places.address(id), places.transposed(id), rows, columns],
      items: panelsOf(rows),
      of,
    };
  });
}

const blocks = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES);

/** Stages whose operations do not depend on each other: derived gradients, clipping (3), optimisers, what follows from them. */
export function updatePhases(
  plan: Plan,
  places: Places,
  refresh: readonly PhaseOp[],
  allocate: (size: number) => number,
): PhaseSpec[] {
  const stages: PhaseOp[][] = [[], [], [], [], [], []];
  for (const op of plan.update) {
    if (op.kernel === 'clip') addClip(op, places, allocate, stages[1]!, stages[2]!, stages[3]!);
    else if (op.kernel === 'zero')
      for (const id of op.parameters) {
        const { bytes } = places.parameter(id);
        const of = updateOf(places, id);
        stages[5]!.push({ opcode: OPCODE.zero, words: [places.address(id), bytes], items: blocks(bytes), of });
      }
    else {
      const words = updateDescriptor(op, places);
      const optimiser = op.kernel === 'sgd' || op.kernel === 'adam';
      const items = optimiser ? blocks(places.parameter(op.parameter).bytes) : 1;
      const stage = optimiser ? 4 : op.kernel === 'derive-decay' || op.kernel === 'spread' ? 5 : 0;
      stages[stage]!.push({
        opcode: OPCODE[op.kernel],
        words,
        items,
        of: updateOf(places, 'raw' in op ? op.raw : 'dRaw' in op ? op.dRaw : op.parameter),
      });
    }
  }
  stages[5]!.push(...refresh);
  return stages.filter((ops) => ops.length > 0).map((ops) => ({ kind: 'pool', ops }));
}

const updateOf = (places: Places, parameter: string): PhaseOpOrigin => ({
  layer: places.parameter(parameter).spec.layer,
  stage: 'update',
});

function addClip(
  op: UpdateOp & { kernel: 'clip' },
  places: Places,
  allocate: (size: number) => number,
  partial: PhaseOp[],
  combine: PhaseOp[],
  scale: PhaseOp[],
): void {
  const sizes = op.gradients.map((id) => places.parameter(id).bytes);
  const total = sizes.reduce((sum, bytes) => sum + blocks(bytes), 0);
  const sums = allocate(total * 8);
  let first = 0;
  op.gradients.forEach((id, k) => {
    const [address, bytes] = [places.address(id), sizes[k]!];
    const own = { items: blocks(bytes), of: updateOf(places, id) };
    partial.push({ opcode: OPCODE['clip-partial'], words: [address, bytes, sums + first * 8], ...own });
    scale.push({ opcode: OPCODE['clip-scale'], words: [address, bytes], ...own });
    first += blocks(bytes);
  });
  combine.push({ opcode: OPCODE['clip-combine'], words: [sums, total], items: 1, of: { layer: '', stage: 'update' } });
}

/** Writes phases, operations and descriptors into memory; returns the table's address. */
export function tableWriter(
  allocator: Allocator,
  allocate: (size: number) => number,
): (phases: readonly PhaseSpec[]) => number {
  const put = (words: readonly number[]): number => {
    const address = allocate(Math.max(4, words.length * 4));
    new Uint32Array(allocator.memory.buffer, address, words.length).set(words);
    return address;
  };
  return (phases) => {
    const addresses = phases.map(({ kind, ops }) => {
      let items = 0;
      const encoded = ops.flatMap((op) => {
        items += op.items;
        return kind === 'chunks' ? [op.opcode, put(op.words)] : [op.opcode, put(op.words), items];
      });
      return put([kind === 'chunks' ? 0 : 1, items, ops.length, ...encoded]);
    });
    return put([phases.length, ...addresses]);
  };
}
