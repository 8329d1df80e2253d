// The work of a whole plan by row of the profile: what ran under one name in one layer and stage.

import type { BackwardOp, ForwardOp, Plan, TimedOperation, UpdateOp } from '../engine/index.ts';
import { addWork, NO_WORK, NOTHING, type Work } from './work.ts';
import { parameterBytes, parameterOf, valuesOf, type WorkContext } from './work-context.ts';
import { workOf } from './work-of.ts';

/** What a row of the profile is called by. */
export type RowName = Pick<TimedOperation, 'stage' | 'layer' | 'kernel'>;

export const rowKey = ({ stage, layer, kernel }: RowName): string => `${stage} ${layer} ${kernel}`;

/** Work for one batch (and one update) of each row, by `rowKey`; rows whose work is too small to count have none. */
export function planWork(operations: readonly TimedOperation[], context: WorkContext): ReadonlyMap<string, Work> {
  const works = new Map<string, Work>();
  const add = (name: RowName, work: Work): void => {
    works.set(rowKey(name), addWork(works.get(rowKey(name)) ?? NO_WORK, work));
  };
  for (const operation of operations) {
    const op = plannedOf(context.plan, operation);
    if (op !== undefined) add(operation, workOf(op, context, operation.kernel));
  }
  for (const op of context.plan.update) for (const [name, work] of updateWork(op, context)) add(name, work);
  for (const op of [...context.plan.forward, ...context.plan.backward])
    for (const [name, work] of normSums(op, context)) add(name, work);
  for (const name of new Map(operations.map((operation) => [rowKey(operation), operation])).values())
    if (name.stage === 'refresh') add(name, refreshWork(name, context));
  return works;
}

/** The operation of the plan that a timed one stands for. */
export function plannedOf(plan: Plan, { stage, index }: TimedOperation) {
  if (index === undefined || stage === 'update' || stage === 'refresh') return undefined;
  return plan[stage][index];
}

type Named = readonly [RowName, Work];

const arithmetic = (values: number, multiplyAdds: number, additions: number): Pick<Work, 'dense' | 'done'> => {
  const work = { multiplyAdds: values * multiplyAdds, additions: values * additions };
  return { dense: work, done: work };
};

/** Optimisers walk over parameter, gradient and state, padding included. */
function updateWork(op: UpdateOp, context: WorkContext): readonly Named[] {
  const bytes = (id: string): number => parameterBytes(context, id);
  const size = (id: string): number => parameterOf(context, id).rows * parameterOf(context, id).columns;
  const named = (id: string, kernel: string, work: Work): Named => [
    { stage: 'update', layer: parameterOf(context, id).layer, kernel },
    work,
  ];
  switch (op.kernel) {
    case 'clip':
      return op.gradients.flatMap((id) => [
        named(id, 'clip-partial', { ...arithmetic(size(id), 1, 0), read: bytes(id), written: 0 }),
        named(id, 'clip-scale', { ...arithmetic(size(id), 0, 1), read: bytes(id), written: bytes(id) }),
      ]);
    case 'zero':
      return op.parameters.map((id) => named(id, 'zero', { ...NO_WORK, written: bytes(id) }));
    case 'sgd': {
      const states = op.velocity === undefined ? 0 : 1;
      const work = arithmetic(size(op.parameter), 1 + states + (op.decay ? 1 : 0), 0);
      const moved = bytes(op.parameter);
      return [named(op.parameter, 'sgd', { ...work, read: (2 + states) * moved, written: (1 + states) * moved })];
    }
    case 'adam': {
      // m, v, decay; bias correction, root, division and step.
      const work = arithmetic(size(op.parameter), 2 + (op.decay ? 1 : 0), 5);
      const moved = bytes(op.parameter);
      return [named(op.parameter, 'adam', { ...work, read: 4 * moved, written: 3 * moved })];
    }
    default:
      // A few operations on a vector.
      return [];
  }
}

/** Sums that a batch norm takes of each chunk: of x and x², or of dy and dy xhat. */
function normSums(op: ForwardOp | BackwardOp, context: WorkContext): readonly Named[] {
  if (op.kernel === 'batch-norm' && op.statistics === 'batch') {
    const { read } = workOf({ ...op, kernel: 'relu', y: op.x }, context);
    const work = { ...arithmetic(valuesOf(context, op.x), 1, 1), read, written: 0 };
    return [[{ stage: 'forward', layer: op.layer, kernel: 'norm-partial' }, work]];
  }
  if (op.kernel !== 'batch-norm-backward') return [];
  const { read } = workOf({ kernel: 'relu-backward', layer: op.layer, y: op.x, dy: op.dy, dx: op.dy }, context);
  const work = { ...arithmetic(valuesOf(context, op.x), 2, 1), read, written: 0 };
  return [[{ stage: 'backward', layer: op.layer, kernel: 'norm-backward-partial' }, work]];
}

/** Weights copied in transposed form for the backward pass. */
function refreshWork({ layer }: RowName, context: WorkContext): Work {
  const transposed = context.plan.backward.flatMap((op) => {
    if (op.kernel === 'dense-backward' || op.kernel === 'conv-backward') return [op.weight];
    return op.kernel === 'neuron-backward' ? [op.dynamics.recurrent?.weight ?? []].flat() : [];
  });
  const ids = new Set(transposed.filter((id) => parameterOf(context, id).layer === layer));
  const moved = [...ids].reduce((sum, id) => sum + parameterBytes(context, id), 0);
  return { dense: NOTHING, done: NOTHING, read: moved, written: moved };
}
