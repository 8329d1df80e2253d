import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { recordFixture } from '../../test/fixtures/record.ts';
import type { RunRecord, RunSummary } from '../store/index.ts';
import { runsTable } from './runs-table.ts';
import { comparisonTable } from './table.ts';
import { textWidth } from './text-width.ts';

const record = recordFixture();
const plain = (width: number, of: RunRecord = record) => comparisonTable(of, { width, color: false });

for (const width of [80, 120, 200]) {
  test(`the table at ${width} columns is the agreed one`, () => {
    const file = new URL(`../../test/fixtures/tables/comparison-${width}.txt`, import.meta.url);
    assert.equal(`${plain(width)}\n`, readFileSync(file, 'utf8'));
  });
}

test('no line is wider than the terminal, at any width', () => {
  for (let width = 24; width <= 220; width += 7) {
    for (const line of plain(width).split('\n')) assert.ok(textWidth(line) <= width, `${width}: "${line}"`);
  }
});

test('every network and every number is there, whatever the layout', () => {
  for (const width of [30, 59, 80, 120, 200]) {
    const text = plain(width);
    for (const { name } of record.networks) assert.ok(text.includes(name), `${name} at ${width}`);
    for (const value of ['[97.83,', '529', '1327', '51.2', '2.60'])
      assert.ok(text.includes(value), `${value} at ${width}`);
  }
});

test('a narrow terminal gets a block a network', () => {
  const lines = plain(40).split('\n');
  assert.equal(lines[0], 'ANN');
  assert.ok(lines.includes('SNN T=20'));
  assert.ok(lines.some((line) => /^ {2}ACs \(k\/image\) +529$/.test(line)));
});

test('colour is only there when asked for, and changes nothing but colour', () => {
  const coloured = comparisonTable(record, { width: 120, color: true });
  assert.equal(plain(120).includes('\u001b'), false);
  assert.ok(coloured.includes('\u001b[34mSNN T=20'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences
  assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), plain(120));
});

test('wide characters in names keep the columns in line', () => {
  const [ann, ...rest] = record.networks;
  const wide = plain(200, { ...record, networks: [{ ...ann!, name: '人工神経網 🧠' }, ...rest] });
  const rows = wide.split('\n').filter((line) => /\[9\d\.\d\d, 9\d\.\d\d\]/.test(line));
  const ends = rows.map((line) => textWidth(line.slice(0, line.indexOf(']'))));
  assert.equal(rows.length, 6);
  assert.equal(new Set(ends).size, 1);
});

test('chosen profiles are shown, an unpriced one as a dash', () => {
  const table = comparisonTable(record, { width: 200, color: false, profiles: ['loihi-1-minimum'] });
  assert.match(table, /Energy, Loihi/);
  assert.doesNotMatch(table, /fp32/);
  assert.match(table.split('\n').find((line) => line.startsWith('ANN'))!, / – /);
});

test('a smaller test set is said under the table', () => {
  assert.match(
    plain(200, recordFixture({ testSamples: 500 })),
    /Tested on 500 images of mnist, not on all 10\u00a0000/,
  );
});

const summary = (id: string, networks: number): RunSummary => ({
  id,
  path: `runs/${id}/record.json`,
  name: 'mnist-default',
  createdAt: '2026-11-21T03:15:00.000Z',
  data: 'mnist',
  wallSeconds: 74.2,
  networks: Array.from({ length: networks }, (_, i) => ({ name: `N${i}`, kind: 'snn' as const, accuracy: 0.97 })),
});

test('runs are listed newest first, a damaged one with its fault', () => {
  const damaged = { id: '20261122-000000-b-0002', path: 'x', fault: 'at byte 15: got broken JSON' };
  const table = runsTable([summary('20261121-031500-a-0001', 5), damaged], { width: 120, color: false });
  const rows = table.split('\n').slice(-2);
  assert.match(rows[0]!, /^20261122-000000-b-0002 .* damaged: at byte 15: got broken JSON$/);
  assert.match(rows[1]!, /2026-11-21 03:15 {2}mnist +74\.2 s {2}N0 97\.00, N1 97\.00, N2 97\.00, 2 more$/);
  assert.equal(runsTable([], { width: 80, color: false }), 'No runs here yet.');
});
