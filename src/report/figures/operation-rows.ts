// Operations of stages by kind: the rows that figures of operations draw.

import type { OpCounts } from '../../measure/index.ts';
import type { NetworkRecord } from '../../store/index.ts';
import { otherOperations, stagesOf } from '../stages.ts';
import { OKABE_ITO } from './theme.ts';

const KINDS: readonly { readonly name: string; readonly color: string; readonly of: (counts: OpCounts) => number }[] = [
  { name: 'multiply-accumulates', color: OKABE_ITO.vermillion, of: ({ macs }) => macs },
  { name: 'accumulations', color: OKABE_ITO.blue, of: ({ acs }) => acs },
  { name: 'neuron updates', color: OKABE_ITO.orange, of: ({ neuronUpdates }) => neuronUpdates },
  { name: 'biases, pools, other', color: '#A0A0A0', of: otherOperations },
];

export interface Row {
  readonly network: string;
  readonly stage: string;
  readonly kind: string;
  readonly operations: number;
}

export const rowsOf = ({ name, ledger }: NetworkRecord): Row[] =>
  merge(
    stagesOf(ledger).flatMap(({ name: stage, counts }) =>
      KINDS.map(({ name: kind, of }) => ({ network: name, stage, kind, operations: of(counts) })),
    ),
  );

/** Rows of the same network, stage and kind as one. */
export function merge(rows: readonly Row[]): Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.network}\u0000${row.stage}\u0000${row.kind}`;
    const held = sums.get(key);
    sums.set(key, held === undefined ? row : { ...held, operations: held.operations + row.operations });
  }
  return [...sums.values()];
}

export const kindColor = () => ({
  field: 'kind',
  type: 'nominal' as const,
  title: null,
  legend: { columns: 2 },
  scale: { domain: KINDS.map(({ name }) => name), range: KINDS.map(({ color }) => color) },
});
