// Writes the tables of docs/energy.md from the data: `node scripts/energy-tables.ts`. A test checks that they are up to date.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONSTANTS, type Constant, PROFILES, THRESHOLDS } from '../src/measure/index.ts';

const DOCUMENT = fileURLToPath(new URL('../docs/energy.md', import.meta.url));

function printedValue({ value, unit }: Constant): string {
  if (value === null) return 'none public';
  return `${typeof value === 'number' ? value : `${value[0]} to ${value[1]}`} ${unit}`;
}

function citation({
  source,
  year,
  reference,
}: Pick<Constant, 'source' | 'reference'> & { year: number | null }): string {
  const link = reference.startsWith('10.') ? `https://doi.org/${reference}` : reference;
  const text = year === null || source.includes(String(year)) ? source : `${source} (${year})`;
  return link === '' ? text : `[${text}](${link})`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const TABLES: Readonly<Record<string, () => string>> = {
  constants: () =>
    table(
      ['id', 'value', 'node', 'grade', 'checked', 'source', 'note'],
      CONSTANTS.map((each) => [
        `\`${each.id}\``,
        printedValue(each),
        each.node,
        each.grade,
        each.verified,
        citation(each),
        each.note,
      ]),
    ),
  profiles: () =>
    table(
      ['profile', 'kind', 'constants', 'caveat'],
      PROFILES.map(({ id, type, constants, caveat }) => [
        `\`${id}\``,
        type,
        constants.map((constant) => `\`${constant}\``).join(', '),
        caveat,
      ]),
    ),
  thresholds: () =>
    table(
      ['spikes a synapse and inference', 'assumes', 'source'],
      THRESHOLDS.map((each) => [
        each.low === each.high ? String(each.low) : `${each.low} to ${each.high}`,
        each.assumes,
        citation(each),
      ]),
    ),
};

/** The document with each table between its markers replaced by the data's. */
export function withTables(document: string): string {
  return Object.entries(TABLES).reduce((text, [name, render]) => {
    const [start, end] = [`<!-- table: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/energy.md: no "${start}" ... "${end}"; put the markers back`);
    return `${text.slice(0, from + start.length)}\n${render()}\n${text.slice(to)}`;
  }, document);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, 'utf8')));
}
