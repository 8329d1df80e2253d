// Operations of each stage (a layer and the neurons after it) for one image, stacked by kind.

import type { OpCounts } from '../../measure/index.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { contendersOf, featured } from '../contest.ts';
import { layerWords } from '../layer-words.ts';
import { mergeOrder } from '../merge-order.ts';
import { quantity } from '../quantity.ts';
import { otherOperations, stagesOf } from '../stages.ts';
import { siLabel } from './log-axis.ts';
import { CONFIG, type Figure, OKABE_ITO, SCHEMA } from './theme.ts';

const KINDS: readonly { readonly name: string; readonly color: string; readonly of: (counts: OpCounts) => number }[] = [
  { name: 'multiply-accumulates', color: OKABE_ITO.vermillion, of: ({ macs }) => macs },
  { name: 'accumulations', color: OKABE_ITO.blue, of: ({ acs }) => acs },
  { name: 'neuron updates', color: OKABE_ITO.orange, of: ({ neuronUpdates }) => neuronUpdates },
  { name: 'biases, pools, other', color: '#A0A0A0', of: otherOperations },
];

/** A stage whose largest bar is this many times its smallest is drawn on a logarithmic axis, as dots. */
const LOG_FROM = 60;
const ROW = 22;
/** With more stages than this each is a row, not a panel. */
const MOST_PANELS = 8;
/** Rows of a deep network; the smallest stages beyond are summed up in a last row. */
const MOST_ROWS = 24;
const DEEP_ROW = 17;
const DEEP_WIDTH = 480;
/** Networks whose largest layers differ more than this have an axis each. */
const APART_FROM = 4;

interface Row {
  readonly network: string;
  readonly stage: string;
  readonly kind: string;
  readonly operations: number;
}

export function operationsPerLayer(record: RunRecord): Figure {
  const { networks } = record;
  const all = networks.flatMap(rowsOf);
  const rows = all.filter(({ operations }) => operations > 0);
  const orders = networks.map(({ ledger }) => stagesOf(ledger).map(({ name }) => name));
  const stages = mergeOrder(orders).filter((stage) => rows.some((row) => row.stage === stage));
  const common = {
    id: 'operations',
    title: 'Operations per layer',
    alt: `Bar charts. ${networks.map(({ name, ledger: { total } }) => `${name}: ${quantity(total.macs, 'operations')} MACs, ${quantity(total.acs, 'operations')} ACs, ${quantity(total.neuronUpdates, 'operations')} neuron updates`).join('; ')}.`,
  };
  if (stages.length > MOST_PANELS) return { ...common, ...deepOperations(record, rows, stages) };
  const log = stages.filter((stage) => needsLog(rows.filter((row) => row.stage === stage)));
  const note =
    log.length === 0 ? '' : ` ${log.join(', ')}: logarithmic axis, a dot a kind, since the networks differ so much.`;
  return {
    ...common,
    caption: `Operations for one average image over all its time steps; a layer with what follows it up to the next with weights. Each stage has its own axis.${note} Kinds differ in price: see the energy figure.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      vconcat: stages.map((stage) =>
        panel(
          rows.filter((row) => row.stage === stage),
          stageTitle(record, stage),
          networks.map(({ name }) => name),
          log.includes(stage),
        ),
      ),
      spacing: 22,
      resolve: { scale: { color: 'shared', x: 'independent' } },
    },
  };
}

function stageTitle({ networks }: RunRecord, stage: string): string {
  const words = networks.map(({ spec }) => layerWords(spec, stage)).find((found) => found !== '');
  return words === undefined ? stage : `${stage} (${words})`;
}

const rowsOf = ({ name, ledger }: NetworkRecord): Row[] =>
  merge(
    stagesOf(ledger).flatMap(({ name: stage, counts }) =>
      KINDS.map(({ name: kind, of }) => ({ network: name, stage, kind, operations: of(counts) })),
    ),
  );

function merge(rows: readonly Row[]): Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.network}\u0000${row.stage}\u0000${row.kind}`;
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
      color: kindColor(),
      order: { field: 'kind', sort: 'descending' as const },
    },
  };
}

/** A deep network: a row a stage, a column a network, of the networks that the verdict talks about. */
function deepOperations(
  record: RunRecord,
  all: readonly Row[],
  stages: readonly string[],
): Pick<Figure, 'caption' | 'spec'> {
  const names = shownNames(record);
  const rows = all.filter(({ network }) => names.includes(network));
  const total = (stage: string): number =>
    rows.reduce((sum, row) => (row.stage === stage ? sum + row.operations : sum), 0);
  const kept = stages.length <= MOST_ROWS ? stages : largest(stages, total);
  const rest = `${stages.length - kept.length} smaller layers`;
  const values = merge(rows.map((row) => (kept.includes(row.stage) ? row : { ...row, stage: rest })));
  const order = [...kept, ...(kept.length < stages.length ? [rest] : [])];
  const most = names.map((name) => Math.max(...kept.map((stage) => totalOf(values, name, stage))));
  const apart = Math.max(...most) > APART_FROM * Math.min(...most);
  const folded = kept.length < stages.length ? ` The last row sums up the ${rest}.` : '';
  return {
    caption: `Operations for one average image over all its time steps, from the first layer down; a row is a layer with what follows it up to the next with weights. ${apart ? 'Each column has its own axis' : 'All columns have one axis'}.${folded} Kinds differ in price: see the energy figure.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      data: { values },
      ...(apart && { resolve: { scale: { x: 'independent' as const } } }),
      facet: { column: { field: 'network', type: 'nominal' as const, title: null, sort: [...names] } },
      spacing: 16,
      spec: {
        width: Math.floor(DEEP_WIDTH / names.length),
        height: order.length * DEEP_ROW,
        mark: { type: 'bar' as const },
        encoding: {
          y: {
            field: 'stage',
            type: 'nominal' as const,
            title: null,
            sort: order,
            axis: { ticks: false, labelFontSize: 12 },
          },
          x: {
            field: 'operations',
            type: 'quantitative' as const,
            title: null,
            stack: 'zero' as const,
            axis: { labelExpr: siLabel(''), tickCount: 3 },
          },
          color: kindColor(),
          order: { field: 'kind', sort: 'descending' as const },
        },
      },
    },
  };
}

const totalOf = (rows: readonly Row[], network: string, stage: string): number =>
  rows.reduce((sum, row) => (row.network === network && row.stage === stage ? sum + row.operations : sum), 0);

function shownNames(record: RunRecord): readonly string[] {
  const shown = featured(contendersOf(record));
  const [first] = shown;
  if (first === undefined) return record.networks.slice(0, MOST_COLUMNS).map(({ name }) => name);
  return [first.ann, ...shown.map(({ network }) => network)].slice(0, MOST_COLUMNS).map(({ name }) => name);
}

const MOST_COLUMNS = 4;

/** The largest, in the order of the network. */
function largest(stages: readonly string[], total: (stage: string) => number): readonly string[] {
  const chosen = stages.toSorted((a, b) => total(b) - total(a)).slice(0, MOST_ROWS - 1);
  return stages.filter((stage) => chosen.includes(stage));
}

const kindColor = () => ({
  field: 'kind',
  type: 'nominal' as const,
  title: null,
  legend: { columns: 2 },
  scale: { domain: KINDS.map(({ name }) => name), range: KINDS.map(({ color }) => color) },
});
