// Operations of a deep network: a row a stage, a column a network.

import type { RunRecord } from '../../store/index.ts';
import { contendersOf, featured } from '../contest.ts';
import { siLabel } from './log-axis.ts';
import { kindColor, merge, type Row } from './operation-rows.ts';
import { CONFIG, type Figure, SCHEMA } from './theme.ts';

/** Rows of a deep network; the smallest stages beyond are summed up in a last row. */
const MOST_ROWS = 24;
const DEEP_ROW = 17;
const DEEP_WIDTH = 480;
/** Networks whose largest layers differ more than this have an axis each. */
const APART_FROM = 4;

/** `all` of the rows, of which the networks are drawn that the verdict talks about; `stages` in order. */
export function deepOperations(
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
