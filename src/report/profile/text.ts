// A profile on a terminal.

import type { Profile } from '../../profile/index.ts';
import { layoutGrid } from '../grid.ts';
import { painter } from '../paint.ts';
import { gridColumn, type TableOptions } from '../table.ts';
import { wrap } from '../text-width.ts';
import { profileColumns } from './columns.ts';
import { shownRows } from './rows.ts';
import { memoryWords, profileHeadline, profileNotes, roofWords } from './words.ts';

/** Headline, table, roof, memory, and how to read it; no trailing newline. */
export function profileText(profile: Profile, { width, color }: Pick<TableOptions, 'width' | 'color'>): string {
  const paint = painter(color);
  const rows = shownRows(profile, { few: true });
  const columns = profileColumns(rows, { stages: false }).map((column) => gridColumn(column, rows));
  const lines = (text: string): readonly string[] => wrap(text, width);
  return [
    ...lines(profileHeadline(profile)).map((line) => paint(line, 'bold')),
    '',
    layoutGrid(columns, width, paint),
    '',
    ...lines(roofWords(profile)),
    ...lines(memoryWords(profile)),
    '',
    ...profileNotes(profile).flatMap((note) => lines(note).map((line) => paint(line, 'dim'))),
  ].join('\n');
}
