// Places for a chunk's scratch tensors: two tensors share bytes when no operation needs both.

import type { Plan } from '../plan.ts';

export interface Placement {
  /** Byte offset of each scratch tensor within a thread's arena. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly bytes: number;
}

/** Every tensor id an operation names, at any depth; its layer may be called as a tensor is. */
export function tensorsNamed(op: unknown, known: ReadonlyMap<string, unknown>, found = new Set<string>()): Set<string> {
  if (typeof op === 'string') {
    if (known.has(op)) found.add(op);
  } else if (typeof op === 'object' && op !== null)
    for (const [role, part] of Object.entries(op)) if (role !== 'layer') tensorsNamed(part, known, found);
  return found;
}

/** First-fit by first use; `sizes`: bytes of each scratch tensor. */
export function placeScratch(plan: Plan, sizes: ReadonlyMap<string, number>): Placement {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  [...plan.forward, ...plan.backward].forEach((op, step) => {
    for (const id of tensorsNamed(op, sizes)) {
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
