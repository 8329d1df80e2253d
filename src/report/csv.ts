// The comparison as CSV (RFC 4180): SI units, full precision, a network a row. Empty cells where a quantity does not exist.

import type { NetworkRecord, RunRecord } from '../store/index.ts';
import { estimateOf, inferSecondsPerImage, profilesOf, spikesPerSynapse } from './columns.ts';

type Value = string | number | null;
/** A column of a CSV file. */
export type CsvField<Row> = readonly [header: string, of: (row: Row) => Value];
type Field = CsvField<NetworkRecord>;

/** Header line and a line for each network, each ended by CRLF. */
export function csvTable(record: RunRecord): string {
  const official: Field = ['official_test_samples', () => record.data.officialTestSamples];
  const fields: readonly Field[] = [...FIELDS, official, ...energyFields(record)];
  return csvOf(fields, record.networks);
}

/** Header line and a line for each row, each ended by CRLF. */
export function csvOf<Row>(fields: readonly CsvField<Row>[], rows: readonly Row[]): string {
  const lines = [fields.map(([header]) => header), ...rows.map((row) => fields.map(([, of]) => of(row)))];
  return lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

const FIELDS: readonly Field[] = [
  ['network', ({ name }) => name],
  ['kind', ({ kind }) => kind],
  ['timesteps', ({ timesteps }) => timesteps],
  ['accuracy', ({ accuracy }) => accuracy.value],
  ['accuracy_low_95', ({ accuracy }) => accuracy.low],
  ['accuracy_high_95', ({ accuracy }) => accuracy.high],
  ['test_samples', ({ accuracy }) => accuracy.samples],
  ['macs_per_image', ({ ledger }) => ledger.total.macs],
  ['acs_per_image', ({ ledger }) => ledger.total.acs],
  ['dense_macs_per_image', ({ ledger }) => ledger.total.denseMacs],
  ['dense_acs_per_image', ({ ledger }) => ledger.total.denseAcs],
  ['neuron_updates_per_image', ({ ledger }) => ledger.total.neuronUpdates],
  ['spikes_per_synapse', spikesPerSynapse],
  ['infer_seconds_per_image', inferSecondsPerImage],
  ['infer_bytes', ({ inferBytes }) => inferBytes],
  ['train_seconds', ({ trainSeconds }) => trainSeconds],
];

const energyFields = ({ networks }: RunRecord): Field[] =>
  profilesOf(networks).map(({ profile }) => [
    `estimated_joules_per_image:${profile}`,
    (network) => estimateOf(network, profile)?.total ?? null,
  ]);

/** Quoted where it must be. A text a spreadsheet would run as a formula gets a leading apostrophe. */
function cell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
