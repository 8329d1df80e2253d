// One column of a CSV file as a time series (RFC 4180: quotes, doubled quotes, line breaks inside quotes; CRLF or LF; commas,
// semicolons or tabs). Strict: a cell that is no plain decimal number is an error that says where, and nothing is filled in.

import { DataError } from '../core/index.ts';
import type { Series } from './series.ts';

export interface SeriesCsvOptions {
  /** Of the file, for errors and the record. */
  readonly path: string;
  /** The column by its name in the first line, or its number from 1; default: the only column of numbers. */
  readonly column?: string;
}

interface Line {
  /** In the file, from 1; the first of those a quoted line break joins. */
  readonly number: number;
  readonly cells: readonly string[];
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const isNumber = (text: string): boolean => NUMBER.test(text) && Number.isFinite(Number(text));

/** The delimiter that occurs most in the first line, outside quotes. */
function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const first = (end < 0 ? text : text.slice(0, end)).replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => first.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Cells of every line that is not empty. */
function linesOf(text: string, path: string): Line[] {
  const delimiter = delimiterOf(text);
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|\\r|$)`, 'y');
  const lines: Line[] = [];
  let [number, started, cells] = [1, 1, [] as string[]];
  for (let at = 0; at < text.length || cells.length > 0; ) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (found === null)
      throw new DataError(
        path,
        `line ${number}: a quote stands where none may, or is never closed; quote whole cells ("...") and double quotes inside`,
      );
    const [whole, quoted, plain, end] = found;
    cells.push((quoted === undefined ? plain! : quoted.replaceAll('""', '"')).trim());
    number += whole.split(/\r\n|\r|\n/).length - 1;
    at = cell.lastIndex;
    if (end === delimiter) continue;
    if (cells.length > 1 || cells[0] !== '') lines.push({ number: started, cells });
    [started, cells] = [number, []];
  }
  return lines;
}

interface Chosen {
  readonly index: number;
  readonly label: string;
}

const listed = (names: readonly string[]): string => names.map((name, i) => `${i + 1} "${name}"`).join(', ');

/** The column asked for, or the only one of numbers. */
function choose(path: string, asked: string | undefined, first: Line, header: readonly string[] | null): Chosen {
  const names = header ?? first.cells.map(() => '');
  const of = (index: number): Chosen => ({ index, label: names[index] ? `"${names[index]}"` : `${index + 1}` });
  const all = header === null ? `columns 1 to ${names.length}` : `columns ${listed(names)}`;
  if (asked !== undefined) {
    const named = names.indexOf(asked);
    if (named >= 0) return of(named);
    const number = Number(asked);
    if (Number.isInteger(number) && number >= 1 && number <= names.length) return of(number - 1);
    throw new DataError(path, `has no column "${asked}"; it has ${all}`);
  }
  const numeric = [...first.cells.keys()].filter((i) => isNumber(first.cells[i]!));
  if (numeric.length === 1) return of(numeric[0]!);
  if (numeric.length === 0 && first.cells.length === 1) return of(0);
  const why = numeric.length === 0 ? 'no column has a number' : `${numeric.length} columns have numbers`;
  throw new DataError(path, `line ${first.number}: ${why}; choose one of ${all} with --column`);
}

function numberAt(path: string, { number, cells }: Line, { index, label }: Chosen): number {
  const text = cells[index]!;
  if (isNumber(text)) return Number(text);
  const got = text === '' ? 'an empty cell' : `"${text.slice(0, 40)}"`;
  const remedy = /^[+-]?\d+,\d+$/.test(text)
    ? '; write it with a decimal point'
    : '; fill gaps before, a forecast needs every step';
  throw new DataError(
    path,
    `line ${number}, column ${label}: got ${got}, expected a number such as 0.5 or -1e3${remedy}`,
  );
}

/**
 * Reads one column. The first line is a header if it has no number in it. Throws DataError with line and column for a cell that is
 * no finite number, a line of another length, a column that is not there or has to be chosen.
 */
export function parseSeriesCsv(text: string, { path, column }: SeriesCsvOptions): Series {
  const lines = linesOf(text.replace(/^\ufeff/, ''), path);
  const header = lines[0]?.cells.some(isNumber) ? null : (lines[0]?.cells ?? null);
  const body = header === null ? lines : lines.slice(1);
  const [first] = body;
  if (first === undefined) throw new DataError(path, 'has no values; expected a column of numbers, one a line');
  const expected = header?.length ?? first.cells.length;
  for (const { number, cells } of body)
    if (cells.length !== expected)
      throw new DataError(
        path,
        `line ${number}: got ${cells.length} cells, expected ${expected} as in line ${lines[0]!.number}`,
      );
  const chosen = choose(path, column, first, header);
  const values = Float64Array.from(body, (line) => numberAt(path, line, chosen));
  return { name: seriesName(path), source: `${path}, column ${chosen.label}`, values };
}

const seriesName = (path: string): string =>
  path
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.[^.]*$/, '') || path;
