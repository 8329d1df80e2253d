// The comparison as a LaTeX table (booktabs), ready to be \input: a network a row, units in the header.

import type { RunRecord } from '../store/index.ts';
import { type Column, type ColumnOptions, comparisonColumns, NONE } from './columns.ts';
import { NO_BREAK } from './quantity.ts';
import { tableNotes } from './table.ts';

const PROVENANCE: Record<Column['kind'], string> = {
  label: '',
  counted: 'counted',
  estimated: 'estimated',
  measured: 'measured',
};

/** Needs \usepackage{booktabs}; compiles with pdfTeX, XeTeX and LuaTeX. */
export function latexTable(record: RunRecord, options: ColumnOptions = {}): string {
  const caption = [`Run ${record.id}.`, ...tableNotes(record)].join(' ');
  return latexOf(caption, comparisonColumns(record, options), record.networks);
}

/** Any table of columns and rows, with a caption. */
export function latexOf<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `    ${cells.join(' & ')} \\\\`;
  const units = columns.map(({ unit, kind }) => [PROVENANCE[kind], unit].filter((part) => part !== '').join(', '));
  return [
    '% Made by Spikewatt; needs \\usepackage{booktabs}.',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\begin{tabular}{${columns.map(({ align }) => align[0]).join('')}}`,
    '    \\toprule',
    line(columns.map(({ header }) => escapeLatex(header))),
    line(units.map(escapeLatex)),
    '    \\midrule',
    ...rows.map((row) => line(columns.map((column) => cell(column.text(row))))),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

const cell = (text: string): string => (text === NONE ? '--' : escapeLatex(text));

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '#': '\\#',
  $: '\\$',
  '%': '\\%',
  '&': '\\&',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '[': '{[}',
  µ: '\\ensuremath{\\mu}',
  '–': '--',
  '−': '\\ensuremath{-}',
  '±': '\\ensuremath{\\pm}',
  ε: '\\ensuremath{\\varepsilon}',
  '↑': '\\ensuremath{\\uparrow}',
  '↓': '\\ensuremath{\\downarrow}',
};

/** Text for LaTeX: every character that would be a command is written out. A bracket could be read as an argument after `\\`. */
export const escapeLatex = (text: string): string =>
  text.replace(/[\\{}#$%&_^~<>[µ–−±ε↑↓]/g, (character) => SPECIAL[character]!).replaceAll(NO_BREAK, '\\,');
