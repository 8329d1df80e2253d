// The comparison table as data: which columns, and each network's cell in them. The terminal, HTML, CSV and LaTeX tables are
// four ways to print it. Estimated and measured quantities are never in one column, and the header says which it is.

import { type EnergyEstimate, synapticActivity } from '../measure/index.ts';
import type { NetworkRecord, RunRecord } from '../store/index.ts';
import { type Dimension, percent, type Scale, scaleOf, significant } from './quantity.ts';

/** A column of a table whose rows are networks, or something else. */
export interface Column<Row = NetworkRecord> {
  readonly key: string;
  /** Header in words, in one or more parts a narrow table may put on lines of their own. */
  readonly header: string;
  /** `%`, `nJ`, `k per image`; empty where there is none. */
  readonly unit: string;
  readonly kind: 'label' | 'counted' | 'estimated' | 'measured';
  readonly align: 'left' | 'right';
  /** A cell as text in the column's unit. */
  readonly text: (row: Row) => string;
  /** The same as an SI number for CSV; null where there is none, and for labels. */
  readonly value: (row: Row) => number | null;
}

/** Printed where a quantity does not exist for a network. */
export const NONE = '–';

export interface ColumnOptions {
  /** Ids of energy profiles to show; by default up to three that price the most networks, of different types. */
  readonly profiles?: readonly string[];
}

/** Columns of the comparison, in order. */
export function comparisonColumns(record: RunRecord, options: ColumnOptions = {}): readonly Column[] {
  const { networks } = record;
  const profiles = options.profiles ?? chosenProfiles(networks);
  const counted = (key: string, header: string, of: (network: NetworkRecord) => number | null): Column =>
    scaled({ key, header, kind: 'counted' }, 'operations', networks, of, '/image');
  return [
    label('network', 'Network', (network) => network.name),
    accuracyColumn(),
    {
      ...label('timesteps', 'T', (network) => String(network.timesteps)),
      unit: 'steps',
      align: 'right',
      value: (network) => network.timesteps,
    },
    counted('macs', 'MACs', (network) => network.ledger.total.macs),
    counted('acs', 'ACs', (network) => network.ledger.total.acs),
    counted('neuronUpdates', 'Neuron updates', (network) => network.ledger.total.neuronUpdates),
    plain({ key: 'spikesPerSynapse', header: 'Spikes', unit: '/synapse', kind: 'counted' }, spikesPerSynapse),
    ...profiles.map((profile) => energyColumn(profile, networks)),
    scaled(
      { key: 'inferSecondsPerImage', header: 'Inference', kind: 'measured' },
      'seconds',
      networks,
      inferSecondsPerImage,
      '/image',
    ),
    scaled(
      { key: 'inferBytes', header: 'Memory', kind: 'measured' },
      'bytes',
      networks,
      (network) => network.inferBytes,
    ),
    ...trainingColumn(networks),
  ];
}

/** Absent where nothing was trained in this run: a column of dashes says nothing. */
function trainingColumn(networks: readonly NetworkRecord[]): Column[] {
  if (networks.every(({ trainSeconds }) => trainSeconds === null)) return [];
  const about = { key: 'trainSeconds', header: 'Training', kind: 'measured' } as const;
  return [scaled(about, 'seconds', networks, (network) => network.trainSeconds)];
}

/** Spikes a spiking synapse carries during one inference; null for an ANN, and where no layer receives spikes. */
export const spikesPerSynapse = ({ ledger, trace }: NetworkRecord): number | null =>
  synapticActivity(ledger, trace).spikesPerSynapse;

/** Measured on this machine, in batches, on all its threads. */
export const inferSecondsPerImage = (network: NetworkRecord): number => network.inferSeconds / network.inferSamples;

/** A network's estimate by a profile; undefined where there is none or the chip cannot run it. */
export function estimateOf(network: NetworkRecord, profile: string): EnergyEstimate | undefined {
  return network.energy.find((estimate) => estimate.profile === profile && estimate.notApplicable === undefined);
}

/** Every profile of the record once, in the order of first mention. */
export function profilesOf(networks: readonly NetworkRecord[]): readonly EnergyEstimate[] {
  const seen = new Map<string, EnergyEstimate>();
  for (const estimate of networks.flatMap((network) => network.energy)) {
    if (!seen.has(estimate.profile)) seen.set(estimate.profile, estimate);
  }
  return [...seen.values()];
}

/** The first of each type (at most three); those that price every network come before those that do not. */
export function chosenProfiles(networks: readonly NetworkRecord[]): readonly string[] {
  const all = profilesOf(networks);
  const priced = ({ profile }: EnergyEstimate): number =>
    networks.filter((network) => estimateOf(network, profile)).length;
  const order = all.toSorted((a, b) => priced(b) - priced(a));
  const firsts = order.filter((estimate, i) => order.findIndex(({ type }) => type === estimate.type) === i).slice(0, 3);
  return all.filter((estimate) => firsts.includes(estimate)).map(({ profile }) => profile);
}

const label = (key: string, header: string, text: Column['text']): Column => ({
  key,
  header,
  unit: '',
  kind: 'label',
  align: 'left',
  text,
  value: () => null,
});

function accuracyColumn(): Column {
  return {
    key: 'accuracy',
    header: 'Accuracy [95 % interval]',
    unit: '%',
    kind: 'measured',
    align: 'right',
    text: ({ accuracy }) => `${percent(accuracy.value)} [${percent(accuracy.low)}, ${percent(accuracy.high)}]`,
    value: ({ accuracy }) => accuracy.value,
  };
}

function plain(about: Pick<Column, 'key' | 'header' | 'unit' | 'kind'>, of: Column['value']): Column {
  const text = (network: NetworkRecord): string => {
    const value = of(network);
    return value === null ? NONE : significant(value);
  };
  return { ...about, align: 'right', text, value: of };
}

function scaled(
  about: Pick<Column, 'key' | 'header' | 'kind'>,
  dimension: Dimension,
  networks: readonly NetworkRecord[],
  of: Column['value'],
  per = '',
): Column {
  const values = networks.map(of).filter((value) => value !== null);
  const scale: Scale = scaleOf(values, dimension);
  const text = (network: NetworkRecord): string => {
    const value = of(network);
    return value === null ? NONE : significant(value / scale.factor);
  };
  return { ...about, unit: `${scale.unit}${per}`.trim(), align: 'right', text, value: of };
}

function energyColumn(profile: string, networks: readonly NetworkRecord[]): Column {
  const title = profilesOf(networks).find((estimate) => estimate.profile === profile)?.label ?? profile;
  const of = (network: NetworkRecord): number | null => estimateOf(network, profile)?.total ?? null;
  return scaled(
    { key: `energy:${profile}`, header: `Energy, ${title}`, kind: 'estimated' },
    'joules',
    networks,
    of,
    '/image',
  );
}
