// A crossover on a terminal.

import type { Crossover } from '../../timing/index.ts';
import { layoutGrid } from '../grid.ts';
import { painter } from '../paint.ts';
import { gridColumn, type TableOptions } from '../table.ts';
import { wrap } from '../text-width.ts';
import { crossoverColumns, crossoverRows } from './columns.ts';
import { crossoverHeadline, crossoverNotes } from './words.ts';

/** Headline, table, and how to read it; no trailing newline. */
export function crossoverText(crossover: Crossover, { width, color }: Pick<TableOptions, 'width' | 'color'>): string {
  const paint = painter(color);
  const rows = crossoverRows(crossover);
  return [
    ...wrap(crossoverHeadline(crossover), width).map((line) => paint(line, 'bold')),
    '',
    layoutGrid(
      crossoverColumns(crossover).map((column) => gridColumn(column, rows)),
      width,
      paint,
    ),
    '',
    ...crossoverNotes(crossover).flatMap((note) => wrap(note, width)),
  ].join('\n');
}
