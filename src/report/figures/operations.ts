// Operations of each stage (a layer with weights and what follows it) for one image, stacked by kind.

import type { RunRecord } from '../../store/index.ts';
import { layerWords } from '../layer-words.ts';
import { mergeOrder } from '../merge-order.ts';
import { quantity } from '../quantity.ts';
import { stagesOf } from '../stages.ts';
import { kindColor, type Row, rowsOf } from './operation-rows.ts';
import { deepOperations } from './operations-deep.ts';
import { CONFIG, type Figure, SCHEMA } from './theme.ts';

/** A stage whose largest bar is this many times its smallest is drawn on a logarithmic axis, as dots. */
const LOG_FROM = 60;
const ROW = 22;
/** With more stages than this each is a row, not a panel. */
const MOST_PANELS = 8;

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
