// Accuracy against what it costs in synaptic operations, step by step; the ANN is one point.

import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { percent, quantity } from '../quantity.ts';
import { logTicks, siLabel } from './log-axis.ts';
import { longestRuns, runColors } from './runs.ts';
import { between, percentDomain, spacedLabels } from './spaced-labels.ts';
import { CONFIG, type Figure, HEIGHT, KIND_COLOR, legendColumns, SCHEMA, WIDTH } from './theme.ts';

/** Steps that are marked on a line. */
const MARKED = (t: number, last: number): boolean => t === last || Number.isInteger(Math.log2(t));

/** Null if no spiking network of the record was followed through time for more than one step. */
export function accuracyAgainstOperations(record: RunRecord): Figure | null {
  const runs = longestRuns(record).filter(({ overTime, timesteps }) => overTime !== undefined && timesteps > 1);
  if (runs.length === 0) return null;
  const ann = record.networks.find(({ kind }) => kind === 'ann');
  const values = runs.flatMap(rowsOf);
  const point = ann === undefined ? [] : [annRow(ann)];
  const sizes = [...values, ...point].map(({ operations }) => operations).filter((size) => size > 0);
  if (sizes.length === 0) return null;
  const names = [...runs.map(({ name }) => name), ...point.map(({ network }) => network)];
  const domain: [number, number] = [Math.min(...sizes) / 1.15, Math.max(...sizes) * 1.15];
  const x = {
    field: 'operations',
    type: 'quantitative' as const,
    title: 'Synaptic operations for one image (MACs and ACs, logarithmic)',
    scale: { type: 'log' as const, domain, nice: false },
    axis: { labelExpr: siLabel(''), values: logTicks(domain) },
  };
  const accuracies = percentDomain([...values, ...point].map(({ accuracy }) => accuracy));
  const y = {
    field: 'accuracy',
    type: 'quantitative' as const,
    title: 'Test accuracy (%)',
    scale: { domain: accuracies, nice: false },
  };
  const color = {
    field: 'network',
    type: 'nominal' as const,
    title: null,
    scale: { domain: names, range: [...runColors(runs), KIND_COLOR.ann] },
    legend: { columns: legendColumns(names, 3) },
  };
  const shown = values.filter(({ operations }) => operations > 0);
  const marked = shown.filter(({ mark }) => mark);
  const logs = [Math.log(domain[0]), Math.log(domain[1])] as const;
  const labelled = spacedLabels(marked, ({ operations, accuracy }) => ({
    ...{ x: between(Math.log(operations), logs), y: between(accuracy, accuracies) },
  }));
  return {
    id: 'accuracy-operations',
    title: 'Accuracy against operations',
    caption:
      'Each line runs from the first time step to the last; the numbers beside it are steps. Up and left is better. A multiply-accumulate of the ANN costs more than an accumulation of spikes, so equal operations are not equal energy.',
    alt: `Line chart. ${[...point, ...runs.map((run) => rowsOf(run).at(-1)!)].map(({ network, accuracy, operations }) => `${network}: ${percent(accuracy / 100)} % with ${quantity(operations, 'operations')} operations`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          data: { values: shown },
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: { x, y, color, order: { field: 't', type: 'quantitative' } },
        },
        {
          data: { values: marked },
          mark: { type: 'point', size: 40, opacity: 1 },
          encoding: { x, y, color },
        },
        {
          data: { values: labelled },
          mark: { type: 'text', dy: 14, fontSize: 11, color: '#565656' },
          encoding: { x, y, text: { field: 't', type: 'quantitative' } },
        },
        {
          data: { values: point },
          mark: { type: 'point', shape: 'diamond', size: 150, opacity: 1 },
          encoding: { x, y, color },
        },
      ],
    },
  };
}

function rowsOf({ name, accuracyByStep, overTime }: NetworkRecord) {
  const last = accuracyByStep.length;
  return accuracyByStep.map((share, i) => ({
    ...{ network: name, t: i + 1, mark: MARKED(i + 1, last) },
    ...{ accuracy: 100 * share, operations: overTime!.synops[i] ?? 0 },
  }));
}

const annRow = ({ name, accuracy, ledger: { total } }: NetworkRecord) => ({
  ...{ network: name, t: 1, mark: true },
  ...{ accuracy: 100 * accuracy.value, operations: total.macs + total.acs },
});
