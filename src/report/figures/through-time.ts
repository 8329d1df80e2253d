// Accuracy, synaptic operations and energy had the run been stopped after each step, with the ANN as a line across each.

import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { chosenProfiles, estimateOf } from '../columns.ts';
import { percent, quantity } from '../quantity.ts';
import { wrap } from '../text-width.ts';
import { logTicks, siLabel } from './log-axis.ts';
import { longestRuns, runColors } from './runs.ts';
import { CONFIG, type Figure, KIND_COLOR, legendColumns, SCHEMA } from './theme.ts';

const PANEL = { width: 270, height: 190 };
/** Energies shown: each is a panel. */
const MOST_ENERGIES = 2;
/** Characters of a panel's title on one line. */
const TITLE = 38;

interface Quantity {
  readonly title: string;
  readonly axis: string;
  /** Unit of a cost, which has a logarithmic axis; null for a share in percent. */
  readonly unit: string | null;
  /** After each step. */
  readonly of: (network: NetworkRecord) => readonly number[];
  readonly ann: number | null;
}

/** Null if no spiking network of the record was followed through time for more than one step. */
export function throughTime(record: RunRecord): Figure | null {
  const runs = longestRuns(record).filter(({ overTime, timesteps }) => overTime !== undefined && timesteps > 1);
  if (runs.length === 0) return null;
  const ann = record.networks.find(({ kind }) => kind === 'ann');
  const quantities = [accuracy(ann), operations(ann), ...energies(record, runs, ann)];
  return {
    id: 'through-time',
    title: 'Through time: accuracy, operations and energy',
    caption: `For one average image, had the run been stopped after T steps; operations and energy add up from the first step on. The dashed line is the ANN${ann === undefined ? ', which this record lacks' : ''}: a spiking network pays off while it is above that line in accuracy and below it in cost. Steps and costs are logarithmic.`,
    alt: `Line charts. ${runs.map(altOf).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      concat: quantities.map((each) => panel(each, runs, ann)),
      columns: 2,
      spacing: { row: 24, column: 34 },
      resolve: { scale: { color: 'shared' } },
    },
  };
}

function altOf({ name, accuracyByStep, overTime }: NetworkRecord): string {
  const last = overTime!.synops.at(-1) ?? 0;
  return `${name}: ${percent(accuracyByStep.at(-1)!)} % and ${quantity(last, 'operations')} synaptic operations after ${accuracyByStep.length} steps`;
}

const accuracy = (ann: NetworkRecord | undefined): Quantity => ({
  ...{ title: 'Accuracy', axis: 'Test accuracy (%)', unit: null },
  of: ({ accuracyByStep }) => accuracyByStep.map((share) => 100 * share),
  ann: ann === undefined ? null : 100 * ann.accuracy.value,
});

const operations = (ann: NetworkRecord | undefined): Quantity => ({
  ...{ title: 'Synaptic operations (counted)', axis: 'MACs and ACs', unit: '' },
  of: ({ overTime }) => overTime!.synops,
  ann: ann === undefined ? null : ann.ledger.total.macs + ann.ledger.total.acs,
});

/** A panel each of the profiles that the tables show; an arithmetic one and one with memory, if there are such. */
function energies(
  record: RunRecord,
  runs: readonly NetworkRecord[],
  ann: NetworkRecord | undefined,
): readonly Quantity[] {
  const known = new Set(runs.flatMap(({ overTime }) => overTime!.energy.map(({ profile }) => profile)));
  const shown = chosenProfiles(record.networks).filter((profile) => known.has(profile));
  return shown.slice(0, MOST_ENERGIES).map((id) => {
    const entry = ({ overTime }: NetworkRecord) => overTime!.energy.find(({ profile }) => profile === id);
    const label = runs.map(entry).find((found) => found !== undefined)!.label;
    const own = ann === undefined ? undefined : estimateOf(ann, id);
    return {
      ...{ title: `Energy (estimated), ${label}`, axis: 'Energy', unit: 'J' },
      of: (network: NetworkRecord) => entry(network)?.joules ?? [],
      ann: own?.total ?? null,
    };
  });
}

function panel(quantity: Quantity, runs: readonly NetworkRecord[], annNetwork?: NetworkRecord) {
  const { title, of, ann } = quantity;
  const names = runs.map(({ name }) => name);
  const values = runs
    .flatMap((run) => of(run).map((value, i) => ({ network: run.name, t: i + 1, value })))
    .filter(({ value }) => quantity.unit === null || value > 0);
  const longest = Math.max(...runs.map(({ timesteps }) => timesteps));
  const x = {
    field: 't',
    type: 'quantitative' as const,
    title: 'Time steps T',
    scale: { type: 'log' as const, base: 2, domain: [1, longest], nice: false },
    axis: { format: 'd', values: powersOfTwo(longest), grid: false },
  };
  const y = { field: 'value', type: 'quantitative' as const, title: quantity.axis, ...axisOf(quantity, values) };
  const color = {
    field: 'network',
    type: 'nominal' as const,
    title: null,
    scale: {
      domain: [...names, ...(annNetwork ? [annNetwork.name] : [])],
      range: [...runColors(runs), KIND_COLOR.ann],
    },
    legend: { columns: legendColumns(names, 3) },
  };
  return {
    title: { text: wrap(title, TITLE), anchor: 'start' as const, fontSize: 13, fontWeight: 600 as const, offset: 8 },
    ...PANEL,
    layer: [
      ...(ann === null || ann <= 0 || annNetwork === undefined ? [] : [annRule(annNetwork.name, ann, y, color)]),
      { data: { values }, mark: { type: 'line' as const, clip: true }, encoding: { x, y, color } },
    ],
  };
}

function axisOf({ unit, ann }: Quantity, values: readonly { readonly value: number }[]) {
  if (unit === null) return { scale: { domain: [0, 100], nice: false }, axis: { tickCount: 5 } };
  const sizes = [...values.map(({ value }) => value), ...(ann === null || ann <= 0 ? [] : [ann])];
  const domain: [number, number] = [Math.min(...sizes) / 1.3, Math.max(...sizes) * 1.3];
  return {
    scale: { type: 'log' as const, domain, nice: false },
    axis: { values: logTicks(domain), labelExpr: siLabel(unit) },
  };
}

const annRule = <Y, C>(network: string, value: number, y: Y, color: C) => ({
  data: { values: [{ network, value }] },
  mark: { type: 'rule' as const, strokeDash: [6, 4], strokeWidth: 1.5 },
  encoding: { y, color },
});

const powersOfTwo = (most: number): number[] =>
  Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, i) => 2 ** i);
