// Lays cells out for a terminal: one table if it fits; else several below each other, each with the first column; else, on a
// narrow terminal, one block a row.

import type { Paint } from './paint.ts';
import { clip, pad, textWidth, wrap } from './text-width.ts';

/** Header lines from top to bottom, and the cells of each row below it. */
export interface GridColumn {
  readonly header: readonly string[];
  /** The header on one line, for blocks. */
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
}

const GAP = 2;
/** Below this a split table would have one or two columns a part; blocks read better. */
const NARROW = 60;

/** The grid as text of at most `width` cells a line, without a trailing newline. `paintRow` colours a row's first cell. */
export function layoutGrid(
  columns: readonly GridColumn[],
  width: number,
  paint: Paint,
  paintRow: PaintRow = same,
): string {
  const parts = splitColumns(columns, width);
  const tooWide = parts.some((part) => widthOf(part) > width);
  if (tooWide || (parts.length > 1 && width < NARROW)) return stacked(columns, width, paint, paintRow);
  return parts.map((part) => table(part, paint, paintRow)).join('\n\n');
}

export type PaintRow = (text: string, row: number) => string;
const same: PaintRow = (text) => text;

const columnWidth = (column: GridColumn): number => Math.max(...[...column.header, ...column.cells].map(textWidth));
const widthOf = (columns: readonly GridColumn[]): number =>
  columns.reduce((sum, column) => sum + columnWidth(column), GAP * (columns.length - 1));

/** Greedy: as many columns as fit beside the first, then the rest beside the first again. */
function splitColumns(columns: readonly GridColumn[], width: number): GridColumn[][] {
  const [first, ...rest] = columns;
  if (first === undefined) return [];
  const parts: GridColumn[][] = [[first]];
  for (const column of rest) {
    const part = parts.at(-1)!;
    if (part.length === 1 || widthOf([...part, column]) <= width) part.push(column);
    else parts.push([first, column]);
  }
  return parts;
}

function table(columns: readonly GridColumn[], paint: Paint, paintRow: PaintRow): string {
  const widths = columns.map(columnWidth);
  const cell = (text: string, i: number, style: (text: string, i: number) => string): string => {
    const space = ' '.repeat(widths[i]! - textWidth(text));
    return columns[i]!.align === 'left' ? style(text, i) + space : space + style(text, i);
  };
  const line = (texts: readonly string[], style: (text: string, i: number) => string): string =>
    texts
      .map((text, i) => cell(text, i, style))
      .join(' '.repeat(GAP))
      .trimEnd();
  const height = Math.max(...columns.map(({ header }) => header.length));
  const head = Array.from({ length: height }, (_, row) =>
    line(
      columns.map(({ header }) => header[row - height + header.length] ?? ''),
      (text) => (text === '' ? '' : paint(text, 'bold')),
    ),
  );
  const rule = paint(widths.map((n) => '─'.repeat(n)).join(' '.repeat(GAP)), 'dim');
  const body = columns[0]!.cells.map((_, row) =>
    line(
      columns.map(({ cells }) => cells[row]!),
      (text, i) => (i === 0 ? paintRow(text, row) : text),
    ),
  );
  return [...head, rule, ...body].join('\n');
}

function stacked(columns: readonly GridColumn[], width: number, paint: Paint, paintRow: PaintRow): string {
  const [first, ...rest] = columns;
  if (first === undefined) return '';
  const names = rest.map(({ title }) => title);
  const space = Math.max(8, Math.floor(width * 0.6));
  const nameWidth = Math.min(space, Math.max(...names.map(textWidth)));
  const block = (row: number): string =>
    [
      paintRow(paint(clip(first.cells[row]!, width), 'bold'), row),
      ...rest.flatMap((column, i) => field(names[i]!, column.cells[row]!, nameWidth, width, paint)),
    ].join('\n');
  return first.cells.map((_, row) => block(row)).join('\n\n');
}

/** `  name  value`, on two lines where the value does not fit beside the name. */
function field(name: string, value: string, nameWidth: number, width: number, paint: Paint): string[] {
  const room = width - nameWidth - 2 * GAP;
  const lines = wrap(name, nameWidth);
  const indent = ' '.repeat(GAP);
  const head = lines.slice(0, -1).map((line) => indent + paint(line, 'dim'));
  const last = indent + paint(pad(lines.at(-1) ?? '', nameWidth, 'left'), 'dim');
  if (textWidth(value) <= room) return [...head, `${last}${indent}${value}`];
  return [...head, last.trimEnd(), ...wrap(value, Math.max(4, width - 2 * GAP)).map((line) => indent + indent + line)];
}
