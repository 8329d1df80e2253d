// A ledger by stages: a layer with weights, and what follows it up to the next (norm, neurons, join, pool). A deep network has
// three or four times as many layers as stages.

import { COLUMNS, countsOf, type Ledger, type OpCounts } from '../measure/index.ts';

export interface Stage {
  /** Name of its first layer. */
  readonly name: string;
  readonly layers: number;
  readonly counts: OpCounts;
}

/** Layers that begin a stage. */
const FIRST = new Set(['encoder', 'dense', 'conv']);

export function stagesOf({ layers }: Ledger): readonly Stage[] {
  const stages: Stage[] = [];
  for (const { layer, kind, counts } of layers) {
    const last = stages.at(-1);
    if (last === undefined || FIRST.has(kind)) stages.push({ name: layer, layers: 1, counts });
    else stages[stages.length - 1] = { ...last, layers: last.layers + 1, counts: plus(last.counts, counts) };
  }
  return stages;
}

const plus = (a: OpCounts, b: OpCounts): OpCounts =>
  countsOf(Object.fromEntries(COLUMNS.map((column) => [column, a[column] + b[column]])));

/** Operations that are neither a synapse's nor a neuron's. */
export const otherOperations = (counts: OpCounts): number => OTHER.reduce((sum, column) => sum + counts[column], 0);

const OTHER = [
  'biasAcs',
  'reluOps',
  'activationOps',
  'activationMuls',
  'softmaxOps',
  'poolAcs',
  'poolMuls',
  'poolCompares',
  'normMacs',
  'joinOps',
  'encoderOps',
] as const;
