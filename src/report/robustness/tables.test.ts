import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFixture } from '../../../test/fixtures/record.ts';
import { robustnessResult } from '../../../test/fixtures/robustness-result.ts';
import type { RobustnessResult } from '../../robustness/index.ts';
import { textWidth } from '../text-width.ts';
import { shownEpsilons } from './attack-columns.ts';
import { attacksCsv, noiseCsv, robustnessLatex } from './files.ts';
import { spread } from './noise-columns.ts';
import { robustnessTables, robustnessVerdictText } from './text.ts';

const networks = ['ANN', 'SNN T=20', 'converted T=20'];
const result = robustnessResult({ networks });
const record = { ...recordFixture({ converted: [20] }), robustness: result };
const plain = (width: number, of: RobustnessResult = result): string => robustnessTables(of, { width, color: false });
const rowOf = (text: string, start: string): string => text.split('\n').find((line) => line.startsWith(start)) ?? '';

test('no line is wider than the terminal, at any width', () => {
  for (let width = 30; width <= 200; width += 10) {
    const text = `${plain(width)}\n${robustnessVerdictText(result, { width, color: false })}`;
    for (const line of text.split('\n')) assert.ok(textWidth(line) <= width, `${width}: "${line}"`);
  }
});

test('every network, disturbance, attack and alarm is there, whatever the width', () => {
  const { alarms } = result.attack!.lines.find(({ evidence }) => !evidence)!;
  for (const width of [44, 80, 120]) {
    const text = plain(width).replace(/\s+/g, ' ');
    for (const name of [...networks, 'Salt and pepper', 'transfer from ANN', 'black-box', 'worst case', '97.4'])
      assert.ok(text.includes(name), `${name} at ${width}`);
    for (const alarm of alarms) assert.ok(text.includes(alarm.text), `${alarm.text} at ${width}`);
  }
});

test('a line with an alarm says so in its own row, from 80 columns on', () => {
  for (const width of [80, 120]) {
    const text = plain(width);
    const rows = text.split('\n').filter((line) => line.startsWith('naive '));
    assert.deepEqual(
      rows.map((row) => /(ok|not evidence of robustness)$/.exec(row)?.[1]),
      ['ok', 'not evidence of robustness', 'not evidence of robustness'],
    );
  }
  assert.match(plain(120), /Attack +ε\s0 +ε\s0\.05 +ε\s0\.1 +ε\s0\.2 +ε\s0\.3 +ε\s0\.5 +ε\s1 +Evidence/);
});

test('an arrow stands where the interval of the difference excludes 0, and only there', () => {
  const text = plain(120);
  const gaussian = text.slice(0, text.indexOf('Salt and pepper'));
  assert.match(rowOf(gaussian, 'SNN T=20'), /97\.4 ±1\.0 {4}94\.6 ±1\.4 ↑ /);
  assert.doesNotMatch(rowOf(gaussian, 'ANN'), /[↑↓]/);
  const occlusion = text.slice(text.indexOf('Occlusion'));
  assert.match(rowOf(occlusion, 'SNN T=20'), /85\.9 ±2\.2 ↓/);
});

test('what was not run or does not apply is a dash, with its reason', () => {
  const text = plain(120);
  const mismatch = text.slice(text.indexOf('Mismatched thresholds'));
  assert.match(rowOf(mismatch, 'ANN'), /^ANN +– +– +– +–$/);
  assert.match(text, /Not applicable: mismatched thresholds, ANN \(an ANN has no thresholds\)\./);
  assert.match(rowOf(text, 'black-box '), /^black-box +– +– +72\.0/);
  assert.match(text, /black-box: square, 500 queries, on 200 of the images\./);
});

test('methods that differ between networks name theirs, and a targeted attack is called so', () => {
  const { attack } = result;
  const lines = attack!.lines.map((line) =>
    line.network === 'ANN' && line.role === 'naive' ? { ...line, method: 'plain FGSM' } : line,
  );
  const text = plain(200, { ...result, attack: { ...attack!, targeted: true, norm: 'l2', lines } });
  assert.match(text, /naive: plain FGSM \(on ANN\); FGSM, .* encoder \(on SNN T=20, converted T=20\)\./);
  assert.match(text, /by epsilon \(Euclidean length .* Targeted: towards the class after the true one\./);
});

test('that there is no alarm is said; parts that were not asked for are absent', () => {
  assert.match(plain(200, robustnessResult({ naiveMasked: false })), /\n\nNo masking alarm: /);
  assert.doesNotMatch(plain(80, { ...result, attack: null }), /attack|alarm/);
  assert.ok(plain(80, { ...result, noise: [] }).startsWith('ANN under attack'));
});

test('colour is only there when asked for, and changes nothing but colour', () => {
  const coloured = robustnessTables(result, { width: 100, color: true });
  assert.equal(plain(100).includes('\u001b'), false);
  assert.ok(coloured.includes('\u001b[33mSNN T=20, naive: not evidence of robustness\u001b[0m'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences
  assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), plain(100));
});

test('the levels and epsilons shown are spread, both ends among them', () => {
  assert.deepEqual(spread(8, 5), [0, 2, 4, 5, 7]);
  assert.deepEqual(spread(3, 5), [0, 1, 2]);
  assert.deepEqual(spread(0, 5), []);
  assert.deepEqual(shownEpsilons(result.attack!.epsilons, 7), [0, 1, 2, 4, 6, 10, 20]);
  assert.deepEqual(shownEpsilons([0, 0.01, 0.02, 0.03], 3), [0, 2, 3]);
  assert.deepEqual(shownEpsilons([0.7], 7), [0]);
});

test('CSV has a line for each level and each attack, in full precision, with its alarms', () => {
  const noise = noiseCsv(record)!.trimEnd().split('\r\n');
  const levels = result.noise.flatMap(({ curves }) => curves.map(({ points }) => Math.max(1, points.length)));
  assert.equal(noise.length, 1 + levels.reduce((sum, n) => sum + n, 0));
  assert.match(noise.at(0)!, /^disturbance,of,unit,level,draws,network,accuracy,accuracy_low_95,.*,not_applicable$/);
  assert.ok(noise.some((line) => /^threshold-mismatch,.*,ANN,,,,,,,an ANN has no thresholds$/.test(line)));
  const attacks = attacksCsv(record)!.trimEnd().split('\r\n');
  const points = result.attack!.lines.flatMap((line) => line.points.filter((point) => point !== null));
  assert.equal(attacks.length, 1 + points.length);
  const masked = attacks.find((line) => line.startsWith('SNN T=20,naive,'))!;
  assert.match(masked, /,1,false,zero-gradients above-chance weaker-than-black-box$/);
});

test('LaTeX has a table for each network and disturbance, of one width each', () => {
  const tables = robustnessLatex(record)!.split('\\begin{table}').slice(1);
  assert.equal(tables.length, networks.length + result.noise.length);
  for (const table of tables) {
    const columns = /\\begin\{tabular\}\{([lr]+)\}/.exec(table)![1]!.length;
    const rows = table.split('\n').filter((line) => line.endsWith(' \\\\'));
    for (const row of rows) assert.equal(row.split(/(?<!\\)&/).length, columns);
    assert.doesNotMatch(table, /[±ε↑↓]/);
  }
});

test('a record without a study of robustness has no such files', () => {
  const none = recordFixture();
  assert.deepEqual([noiseCsv(none), attacksCsv(none), robustnessLatex(none)], [null, null, null]);
});
