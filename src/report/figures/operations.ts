// Operations of each stage (a layer and the neurons after it) for one image, stacked by kind.

import type { OpCounts } from '../../measure/index.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { quantity } from '../quantity.ts';
import { CONFIG, type Figure, OKABE_ITO, SCHEMA } from './theme.ts';

const KINDS: readonly { readonly name: string; readonly color: string; readonly of: (counts: OpCounts) => number }[] = [
  { name: 'multiply-accumulates', color: OKABE_ITO.vermillion, of: ({ macs }) => macs },
  { name: 'accumulations', color: OKABE_ITO.blue, of: ({ acs }) => acs },
  { name: 'neuron updates', color: OKABE_ITO.orange, of: ({ neuronUpdates }) => neuronUpdates },
  {
    name: 'biases, rectifiers, encoder',
    color: '#A0A0A0',
    of: ({ biasAcs, reluOps, encoderOps }) => biasAcs + reluOps + encoderOps,
  },
];

/** A stage whose largest bar is this many times its smallest is drawn on a logarithmic axis, as dots. */
const LOG_FROM = 60;
const ROW = 22;

interface Row {
  readonly network: string;
  readonly stage: string;
  readonly kind: string;
  readonly operations: number;
}

export function operationsPerLayer({ networks }: RunRecord): Figure {
  const all = networks.flatMap(rowsOf);
  const rows = all.filter(({ operations }) => operations > 0);
  const stages = [...new Set(all.map(({ stage }) => stage))].filter((stage) => rows.some((row) => row.stage === stage));
  const names = networks.map(({ name }) => name);
  const log = stages.filter((stage) => needsLog(rows.filter((row) => row.stage === stage)));
  const note =
    log.length === 0 ? '' : ` ${log.join(', ')}: logarithmic axis, a dot a kind, since the networks differ so much.`;
  return {
    id: 'operations',
    title: 'Operations per layer',
    caption: `Operations for one average image over all its time steps. Each stage has its own axis.${note} Kinds differ in price: see the energy figure.`,
    alt: `Bar charts. ${networks.map(({ name, ledger: { total } }) => `${name}: ${quantity(total.macs, 'operations')} MACs, ${quantity(total.acs, 'operations')} ACs, ${quantity(total.neuronUpdates, 'operations')} neuron updates`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      vconcat: stages.map((stage) =>
        panel(
          rows.filter((row) => row.stage === stage),
          stage,
          names,
          log.includes(stage),
        ),
      ),
      spacing: 22,
      resolve: { scale: { color: 'shared', x: 'independent' } },
    },
  };
}

/** Layers of a ledger, each neuron or rectifier layer joined with the one it follows. */
function rowsOf({ name, ledger }: NetworkRecord): Row[] {
  const rows: Row[] = [];
  let stage = '';
  for (const { layer, kind, counts } of ledger.layers) {
    const follows = (kind === 'neuron' || kind === 'relu') && stage !== '';
    if (!follows) stage = layer;
    for (const { name: operation, of } of KINDS)
      rows.push({ network: name, stage, kind: operation, operations: of(counts) });
  }
  return merge(rows);
}

function merge(rows: readonly Row[]): Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.stage}\u0000${row.kind}`;
    const held = sums.get(key);
    sums.set(key, held === undefined ? row : { ...held, operations: held.operations + row.operations });
  }
  return [...sums.values()];
}

function needsLog(rows: readonly Row[]): boolean {
  const totals = new Map<string, number>();
  for (const { network, operations } of rows) totals.set(network, (totals.get(network) ?? 0) + operations);
  return Math.max(...totals.values()) > LOG_FROM * Math.min(...totals.values());
}

function panel(values: Row[], stage: string, names: string[], log: boolean) {
  const x = {
    field: 'operations',
    type: 'quantitative' as const,
    title: null,
    axis: { labelExpr: "format(datum.value, '~s')", tickCount: 6 },
    ...(log ? { scale: { type: 'log' as const } } : { stack: 'zero' as const }),
  };
  return {
    title: { text: stage, anchor: 'start' as const, fontSize: 13, fontWeight: 600 as const, offset: 6 },
    width: 500,
    height: names.length * ROW,
    data: { values },
    mark: log ? { type: 'point' as const, size: 70, opacity: 1 } : { type: 'bar' as const },
    encoding: {
      y: { field: 'network', type: 'nominal' as const, title: null, sort: names, scale: { domain: names } },
      x,
      color: {
        field: 'kind',
        type: 'nominal' as const,
        title: null,
        legend: { columns: 2 },
        scale: { domain: KINDS.map(({ name }) => name), range: KINDS.map(({ color }) => color) },
      },
      order: { field: 'kind', sort: 'descending' as const },
    },
  };
}
