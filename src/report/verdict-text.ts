// The verdict for a terminal.

import type { RunRecord } from '../store/index.ts';
import { painter } from './paint.ts';
import type { TableOptions } from './table.ts';
import { wrap } from './text-width.ts';
import { verdictOf } from './verdict.ts';

/** Lines longer than this are hard to read, however wide the terminal. */
const LONGEST_LINE = 100;

/** What a terminal has room for; the page has the rest. */
const SHOWN: ReadonlySet<string> = new Set(['accuracy', 'operations', 'energy', 'measured', 'limits']);

/** The headline, then a paragraph for each of the main reasons; no trailing newline. */
export function verdictText(record: RunRecord, options: Pick<TableOptions, 'width' | 'color'>): string {
  const paint = painter(options.color);
  const width = Math.min(LONGEST_LINE, options.width);
  const verdict = verdictOf(record);
  const headline = wrap(verdict.headline, width).map((line) => paint(line, 'bold'));
  const reasons = verdict.points
    .filter(({ topic }) => SHOWN.has(topic))
    .map(({ title, text }) =>
      wrap(`${title}: ${text}`, width)
        .map((line, i) => (i === 0 ? paint(line.slice(0, title.length), 'bold') + line.slice(title.length) : line))
        .join('\n'),
    );
  return [headline.join('\n'), ...reasons].join('\n\n');
}
