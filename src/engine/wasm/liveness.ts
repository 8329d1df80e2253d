// Places for a chunk's scratch tensors: two tensors share bytes when no operation needs both.

import type { BackwardOp, ForwardOp, Plan } from '../plan.ts';

export interface Placement {
  /** Byte offset of each scratch tensor within a thread's arena. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly bytes: number;
}

/** Every tensor that an operation's kernel reads or writes. */
export function tensorsOf(op: ForwardOp | BackwardOp, known: ReadonlyMap<string, unknown>): Set<string> {
  const found = new Set<string>();
  const skipped = ['kernel', 'layer', ...unread(op)];
  for (const [role, id] of Object.entries(op))
    if (!skipped.includes(role) && typeof id === 'string' && known.has(id)) found.add(id);
  return found;
}

/** Operands an operation names for their shape, or that its kernel does without. */
function unread(op: ForwardOp | BackwardOp): readonly string[] {
  if (op.kernel === 'pool-backward') return op.mode === 'average' ? ['x'] : [];
  if (op.kernel !== 'neuron-backward') return [];
  const learns = [op.dA, op.dB, op.dC, op.dThreshold, op.dAlpha].some((id) => id !== undefined);
  if (learns || op.dynamics.recurrent !== undefined) return [];
  return op.dynamics.moment === 'both-steps'
    ? ['current', 'synapse', 'spikes']
    : ['current', 'synapse', 'spikes', 'membrane'];
}

/** First-fit by first use; `sizes`: bytes of each scratch tensor. */
export function placeScratch(plan: Plan, sizes: ReadonlyMap<string, number>): Placement {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  [...plan.forward, ...plan.backward].forEach((op, step) => {
    for (const id of tensorsOf(op, sizes)) {
      if (!first.has(id)) first.set(id, step);
      last.set(id, step);
    }
  });
  const placed: { begin: number; end: number; from: number; to: number }[] = [];
  const offsets = new Map<string, number>();
  for (const id of [...first.keys()].sort((a, b) => first.get(a)! - first.get(b)!)) {
    const [from, to, size] = [first.get(id)!, last.get(id)!, sizes.get(id)!];
    const rivals = placed.filter((other) => other.from <= to && from <= other.to).sort((a, b) => a.begin - b.begin);
    let begin = 0;
    for (const rival of rivals) if (begin + size > rival.begin) begin = Math.max(begin, rival.end);
    placed.push({ begin, end: begin + size, from, to });
    offsets.set(id, begin);
  }
  return { offsets, bytes: placed.reduce((most, { end }) => Math.max(most, end), 0) };
}
