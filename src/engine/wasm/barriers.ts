// Where a plan's chunk phases end: a batch norm that takes statistics of the batch needs the sums of every chunk before any chunk
// may go on. Steps are the forward operations, then the backward ones, by number.

import type { BackwardOp, ForwardOp, Plan } from '../plan.ts';
import { tensorsOf } from './liveness.ts';
import type { Norm, NormBackward } from './norm-words.ts';

export interface Barriers {
  /** Norms whose sums over a chunk are taken right after this step, its data still being in cache. */
  readonly partials: ReadonlyMap<number, readonly (Norm | NormBackward)[]>;
  /** Norms whose sums are combined, with a barrier on both sides, before this step. */
  readonly combinations: ReadonlyMap<number, readonly (Norm | NormBackward)[]>;
  /** Norms of which only the parameters' gradients are asked: combined at the end. */
  readonly last: readonly NormBackward[];
  /** Tensors written before a barrier and read after it: each chunk has a place for its own. */
  readonly kept: ReadonlySet<string>;
}

export function barriersOf(plan: Plan): Barriers {
  const steps = [...plan.forward, ...plan.backward];
  const known = new Map(plan.tensors.map(({ id }) => [id, 0]));
  const named = steps.map((op) => tensorsOf(op, known));
  const norms = steps.flatMap((op, at) => {
    const norm = takesStatistics(op);
    return norm === undefined ? [] : [{ norm, at, ready: readyAfter(norm, at, steps, named) }];
  });
  const partials = new Map<number, (Norm | NormBackward)[]>();
  for (const { norm, ready } of norms) partials.set(ready, [...(partials.get(ready) ?? []), norm]);
  const combinations = new Map<number, (Norm | NormBackward)[]>();
  const done = new Set<Norm | NormBackward>();
  for (const { norm, at } of norms) {
    if (done.has(norm) || isLast(norm)) continue;
    // All whose sums are there by now share the barrier.
    const together = norms.filter((other) => !done.has(other.norm) && !isLast(other.norm) && other.ready < at);
    for (const other of together) done.add(other.norm);
    combinations.set(
      at,
      together.map((other) => other.norm),
    );
  }
  const last = norms.map(({ norm }) => norm).filter(isLast);
  return { partials, combinations, last, kept: across([...combinations.keys()], named) };
}

function takesStatistics(op: ForwardOp | BackwardOp): Norm | NormBackward | undefined {
  if (op.kernel === 'batch-norm-backward') return op;
  return op.kernel === 'batch-norm' && op.statistics === 'batch' ? op : undefined;
}

const isLast = (op: Norm | NormBackward): op is NormBackward =>
  op.kernel === 'batch-norm-backward' && op.dx === undefined;

/** The step after which all that a norm's sums need is there. */
function readyAfter(
  norm: Norm | NormBackward,
  at: number,
  steps: readonly (ForwardOp | BackwardOp)[],
  named: readonly ReadonlySet<string>[],
): number {
  const summed = norm.kernel === 'batch-norm' ? norm.x : norm.dy;
  const writesMean = (op: ForwardOp | BackwardOp): boolean =>
    norm.kernel === 'batch-norm-backward' && op.kernel === 'batch-norm' && op.batchMean === norm.batchMean;
  return steps.findLastIndex((op, step) => step < at && (named[step]!.has(summed) || writesMean(op)));
}

/** Tensors that outlive a barrier. */
function across(barriers: readonly number[], named: readonly ReadonlySet<string>[]): Set<string> {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  named.forEach((ids, step) => {
    for (const id of ids) {
      if (!first.has(id)) first.set(id, step);
      last.set(id, step);
    }
  });
  const outlives = (id: string): boolean => barriers.some((at) => first.get(id)! < at && last.get(id)! >= at);
  return new Set([...first.keys()].filter(outlives));
}
