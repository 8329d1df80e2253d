import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFixture } from '../../test/fixtures/record.ts';
import type { RunRecord } from '../store/index.ts';
import { csvTable } from './csv.ts';
import { escapeLatex, latexTable } from './latex.ts';

const named = (name: string): RunRecord => {
  const record = recordFixture({ converted: [] });
  return { ...record, networks: record.networks.map((network, i) => (i === 0 ? { ...network, name } : network)) };
};

/** A CSV parser of its own, after RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.slice(0, -1);
}

test('CSV parses back to the numbers of the record, in SI units', () => {
  const record = named('a "b", c\nd');
  const [header, ...rows] = parseCsv(csvTable(record));
  assert.equal(rows.length, 2);
  const at = (row: number, column: string): string => rows[row]![header!.indexOf(column)]!;
  assert.equal(at(0, 'network'), 'a "b", c\nd');
  assert.equal(Number(at(1, 'acs_per_image')), record.networks[1]!.ledger.total.acs);
  assert.equal(Number(at(1, 'accuracy')), 0.9727);
  assert.equal(Number(at(0, 'infer_seconds_per_image')), 0.061 / 10_000);
  const energy = record.networks[0]!.energy.find(({ profile }) => profile === 'horowitz-45nm-fp32')!;
  assert.equal(Number(at(0, 'estimated_joules_per_image:horowitz-45nm-fp32')), energy.total);
  assert.equal(at(0, 'estimated_joules_per_image:loihi-1-minimum'), '');
  assert.equal(at(0, 'spikes_per_synapse'), '');
  for (const row of rows) assert.equal(row.length, header!.length);
});

test('a name that a spreadsheet would run is made text', () => {
  assert.match(csvTable(named('=1+1')), /\r\n'=1\+1,ann,/);
});

test('LaTeX special characters are written out', () => {
  assert.equal(
    escapeLatex('\\ { } # $ % & _ ^ ~ < > µ –'),
    '\\textbackslash{} \\{ \\} \\# \\$ \\% \\& \\_ \\textasciicircum{} \\textasciitilde{} \\textless{} \\textgreater{} \\ensuremath{\\mu} --',
  );
});

test('the LaTeX table has a row a network and no bare special character', () => {
  const table = latexTable(named('A_1 & 50 % \\input{x}'));
  assert.match(table, /A\\_1 \\& 50 \\% \\textbackslash\{\}input\\\{x\\\} & 98\.12 \{\[\}97\.83, 98\.37\] & 1 &/);
  const rows = table.split('\n').filter((line) => line.endsWith(' \\\\'));
  assert.equal(rows.length, 4);
  const columns = /\\begin\{tabular\}\{([lr]+)\}/.exec(table)![1]!.length;
  for (const row of rows) assert.equal(row.split(/(?<!\\)&/).length, columns);
  assert.match(table, /\\toprule[\s\S]*\\midrule[\s\S]*\\bottomrule/);
  assert.doesNotMatch(table, /[µ–\u00a0]/);
});
