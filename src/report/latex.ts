// The comparison as a LaTeX table (booktabs), ready to be \input: a network a row, units in the header.

import type { NetworkRecord, RunRecord } from '../store/index.ts';
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
  const columns = comparisonColumns(record, options);
  const row = (cells: readonly string[]): string => `    ${cells.join(' & ')} \\\\`;
  const body = record.networks.map((network) => row(columns.map((column) => cell(column, network))));
  return [
    '% Made by Spikewatt; needs \\usepackage{booktabs}.',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex([`Run ${record.id}.`, ...tableNotes(record)].join(' '))}}`,
    `  \\begin{tabular}{${columns.map(({ align }) => align[0]).join('')}}`,
    '    \\toprule',
    row(columns.map(({ header }) => escapeLatex(header))),
    row(
      columns.map(({ unit, kind }) => escapeLatex([PROVENANCE[kind], unit].filter((part) => part !== '').join(', '))),
    ),
    '    \\midrule',
    ...body,
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

const cell = (column: Column, network: NetworkRecord): string => {
  const text = column.text(network);
  return text === NONE ? '--' : escapeLatex(text);
};

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
};

/** Text for LaTeX: every character that would be a command is written out. A bracket could be read as an argument after `\\`. */
export const escapeLatex = (text: string): string =>
  text.replace(/[\\{}#$%&_^~<>[µ–]/g, (character) => SPECIAL[character]!).replaceAll(NO_BREAK, '\\,');
