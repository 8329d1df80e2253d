// The comparison as a terminal table: a network a row, units and provenance (counted, estimated, measured) in the header.

import type { RunRecord } from '../store/index.ts';
import { type Column, type ColumnOptions, comparisonColumns } from './columns.ts';
import { type GridColumn, layoutGrid, type PaintRow } from './grid.ts';
import { painter } from './paint.ts';
import { whole } from './quantity.ts';
import { textWidth, wrap } from './text-width.ts';

export interface TableOptions extends ColumnOptions {
  /** Width of the terminal in cells. */
  readonly width: number;
  /** False where NO_COLOR is set or the output is not a terminal. */
  readonly color: boolean;
}

const HEADER_WIDTH = 10;
/** A word of a header is cut only beyond this. */
const LONGEST_WORD = 16;

/** The comparison table, with a line below it on how to read it; no trailing newline. */
export function comparisonTable(record: RunRecord, options: TableOptions): string {
  const paint = painter(options.color);
  const columns = comparisonColumns(record, options).map((column) => gridColumn(column, record.networks));
  const paintRow: PaintRow = (text, row) => {
    const kind = record.networks[row]!.kind;
    return kind === 'ann' ? text : paint(text, kind === 'snn' ? 'blue' : 'yellow');
  };
  const grid = layoutGrid(columns, options.width, paint, paintRow);
  const notes = tableNotes(record).flatMap((note) => wrap(note, options.width));
  return [grid, '', ...notes.map((note) => paint(note, 'dim'))].join('\n');
}

/** What a reader must know to read the table, a sentence each. */
export function tableNotes(record: RunRecord): readonly string[] {
  const { environment, networks } = record;
  const threads = `${environment.threads} ${environment.threads === 1 ? 'thread' : 'threads'}`;
  const skipped = networks.every(({ ledger }) => ledger.zeroSkipping);
  return [
    testedWords(record),
    `Operations are counted, for one average image over all its time steps, zeros ${skipped ? 'skipped' : 'not skipped'} on both sides.`,
    'est.: estimated from the counts and published constants, measured on no chip.',
    `meas.: measured on this machine (${environment.backend}, ${threads}), images in batches.`,
  ];
}

/** `Tested on 1000 images of cifar10, not on all 10 000 of its official test set.` Under every table. */
export function testedWords({ data, networks }: RunRecord): string {
  const tested = Math.min(...networks.map(({ accuracy }) => accuracy.samples));
  const short = tested < data.officialTestSamples;
  const official = short ? `, not on all ${whole(data.officialTestSamples)} of its official test set` : '';
  return `Tested on ${whole(tested)} images of ${data.name}${official}.`;
}

const PROVENANCE: Record<Column['kind'], string> = { label: '', counted: '', estimated: 'est.', measured: 'meas.' };

/** A column as a terminal shows it: its name over its unit, and a cell for each row. */
export function gridColumn<Row>(column: Column<Row>, rows: readonly Row[]): GridColumn {
  const unit = [PROVENANCE[column.kind], column.unit].filter((part) => part !== '').join(' ');
  const longest = Math.max(...column.header.split(' ').map(textWidth));
  const words = wrap(column.header, Math.max(HEADER_WIDTH, textWidth(unit), Math.min(longest, LONGEST_WORD)));
  const name = column.key === 'accuracy' ? ['Accuracy', '[95 % interval]'] : words;
  return {
    header: unit === '' ? name : [...name, unit],
    title: unit === '' ? column.header : `${column.header} (${unit})`,
    align: column.align,
    cells: rows.map(column.text),
  };
}
