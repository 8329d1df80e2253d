// The columns of a measured comparison. Every number is a median of trials, with its interval beside it; what could not be measured, or
// was refused, says so in words.

import type { ContestantAtBatch, ContestSummary } from '../../timing/index.ts';
import { isMeasured, type Median, type SubjectEnergy, type SubjectResult } from '../../trials/index.ts';
import { type Column, NONE } from '../columns.ts';
import { type Dimension, scaleOf, significant, whole } from '../quantity.ts';

/** A line of the table. */
export interface MeasuredRow {
  readonly subject: SubjectResult;
  readonly contestant: ContestantAtBatch;
}

export const rowsOf = ({ contestants, result }: ContestSummary): readonly MeasuredRow[] =>
  result.subjects.map((subject, i) => ({ subject, contestant: contestants[i]! }));

/** Printed for a value that is none. */
export const WORDS = { unavailable: 'not measurable', rejected: 'rejected' } as const;

type Of = (row: MeasuredRow) => Median | undefined;

export function measuredColumns(contest: ContestSummary): readonly Column<MeasuredRow>[] {
  const rows = rowsOf(contest);
  const { sources, noEnergy } = contest.result;
  const first = rows[0]!.subject.name;
  // what was added up is not shown in parts
  const summed = sources.flatMap(({ meters }) => (meters.length > 1 ? meters : []));
  const shown = sources.filter(({ id, within }) => within === undefined && !summed.includes(id));
  const energies = shown.flatMap(({ id, label }) => {
    const of = ({ subject }: MeasuredRow): SubjectEnergy => subject.energy.find(({ source }) => source === id)!;
    const name = shown.length > 1 ? `Energy, ${label}` : 'Energy';
    return [
      ...pair(rows, `energy/${id}`, name, 'joules', (row) => of(row).total.perInference),
      ratio(`energy-ratio/${id}`, `${name} × ${first}`, (row) => of(row).total.ratio),
      one(rows, `energy-correct/${id}`, `${name}/correct`, 'joules', (row) => of(row).perCorrect),
      one(rows, `energy-above-idle/${id}`, `${name} above idle`, 'joules', (row) => of(row).aboveIdle.perInference),
      ratio(`energy-above-idle-ratio/${id}`, `${name} above idle × ${first}`, (row) => of(row).aboveIdle.ratio),
    ];
  });
  return [
    label('network', 'Network', ({ subject }) => subject.name),
    number('batch', 'Batch', ({ contestant }) => contestant.batch, whole),
    ...pair(rows, 'time', 'Time', 'seconds', ({ subject }) => subject.time.perInference),
    ratio('time-ratio', `Time × ${first}`, ({ subject }) => subject.time.ratio),
    one(rows, 'cpu', 'CPU time', 'seconds', ({ subject }) => subject.cpuTime.perInference),
    memory(rows),
    ...(noEnergy === undefined ? energies : [label('energy', 'Energy', () => WORDS.unavailable)]),
    number('used', 'Trials', ({ subject }) => subject.used, whole),
  ];
}

const label = (key: string, header: string, text: (row: MeasuredRow) => string): Column<MeasuredRow> => ({
  ...{ key, header, unit: '', kind: 'label', align: key === 'energy' ? 'right' : 'left', text },
  value: () => null,
});

const number = (
  key: string,
  header: string,
  value: (row: MeasuredRow) => number,
  print: (value: number) => string,
): Column<MeasuredRow> => ({
  ...{ key, header, unit: '', kind: 'counted', align: 'right', value },
  text: (row) => print(value(row)),
});

function memory(rows: readonly MeasuredRow[]): Column<MeasuredRow> {
  const scale = scaleOf(
    rows.map(({ contestant }) => contestant.bytes ?? 0),
    'bytes',
  );
  return {
    ...{ key: 'memory', header: 'Memory', unit: scale.unit, kind: 'counted', align: 'right' },
    value: ({ contestant }) => contestant.bytes,
    text: ({ contestant: { bytes } }) => (bytes === null ? NONE : significant(bytes / scale.factor)),
  };
}

/** A median an image, and its interval. */
function pair(
  rows: readonly MeasuredRow[],
  key: string,
  header: string,
  dimension: Dimension,
  of: Of,
): readonly Column<MeasuredRow>[] {
  const { factor } = scaleFor(rows, dimension, of);
  const interval: Column<MeasuredRow> = {
    ...{ key: `${key}-interval`, header: '', unit: '95 %', kind: 'measured', align: 'right', value: () => null },
    text: (row) => between(of(row), factor),
  };
  return [one(rows, key, header, dimension, of), interval];
}

function one(
  rows: readonly MeasuredRow[],
  key: string,
  header: string,
  dimension: Dimension,
  of: Of,
): Column<MeasuredRow> {
  const { factor, unit } = scaleFor(rows, dimension, of);
  return {
    ...{ key, header, unit: `${unit}/image`, kind: 'measured', align: 'right' },
    value: (row) => measuredValue(of(row)),
    text: (row) => shown(of(row), (value) => significant(value / factor)),
  };
}

function ratio(key: string, header: string, of: Of): Column<MeasuredRow> {
  return {
    ...{ key, header, unit: '95 %', kind: 'measured', align: 'right' },
    value: (row) => measuredValue(of(row)),
    text: (row) => shown(of(row), (value) => `${significant(value)} ${between(of(row), 1)}`.trim()),
  };
}

const scaleFor = (rows: readonly MeasuredRow[], dimension: Dimension, of: Of) =>
  scaleOf(
    rows.map((row) => measuredValue(of(row)) ?? 0),
    dimension,
  );

const measuredValue = (median: Median | undefined): number | null =>
  median !== undefined && isMeasured(median) ? median.value : null;

function shown(median: Median | undefined, print: (value: number) => string): string {
  if (median === undefined) return NONE;
  return isMeasured(median) ? print(median.value) : WORDS[median.kind];
}

/** `(0.98–1.03)`; nothing for the first's ratio to itself. */
function between(median: Median | undefined, factor: number): string {
  if (median === undefined || !isMeasured(median) || median.low === median.high) return '';
  return `(${significant(median.low / factor)}–${significant(median.high / factor)})`;
}
