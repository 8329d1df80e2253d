import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cnnRecord } from '../../../test/fixtures/cnn-record.ts';
import { recordFixture } from '../../../test/fixtures/record.ts';
import type { ConversionDiagnosis, Finding, TriedFix } from '../../convert/index.ts';
import { textWidth } from '../text-width.ts';
import { diagnosed } from './diagnosed.ts';
import { fixesCsv, layersCsv, layersLatex } from './files.ts';
import { groupFindings, layersWords } from './grouped.ts';
import { diagnosisText, findingsText, fixWords, lossWords } from './text.ts';

const record = await cnnRecord({ samples: 12, timesteps: 2, converted: [6] });
const [{ network, diagnosis } = assert.fail('nothing was diagnosed')] = diagnosed(record);
const plain = (of: ConversionDiagnosis, width: number): string =>
  diagnosisText(of, { width, color: false, spec: network.spec });
const fix = (name: string, gain: number, timesteps = 20): TriedFix => ({
  ...{ fix: name, change: `set: ${name}`, timesteps, accuracy: 0.9 + gain, gain },
});

test('every layer is there with its numbers, at any width, and no line is wider', () => {
  for (const width of [40, 80, 120, 160]) {
    const text = plain(diagnosis, width);
    for (const line of text.split('\n')) assert.ok(textWidth(line) <= width, `${width}: "${line}"`);
    for (const { layer, relativeError } of diagnosis.layers) {
      assert.ok(text.includes(layer), `${layer} at ${width}`);
      assert.ok(text.includes((100 * relativeError).toFixed(1)), `error of ${layer} at ${width}`);
    }
    assert.match(text, /3×3, 8/);
  }
});

test('headers are not cut within a word', () => {
  for (const width of [80, 120]) assert.match(plain(diagnosis, width), / Correlation /);
});

test('what does not exist is a dash, what is nearly so is not rounded to it', () => {
  const [first] = diagnosis.layers;
  const layers = [
    { ...first!, layer: 'near', correlation: 0.99996, relativeError: 1e-5, ownError: 0 },
    { ...first!, layer: 'sum', fires: false, correlation: null },
  ];
  const lines = plain({ ...diagnosis, layers }, 200).split('\n');
  assert.match(lines.find((line) => line.startsWith('near'))!, /> 0\.999 .* < 0\.1 +0\.0 /);
  assert.match(lines.find((line) => line.startsWith('sum'))!, /–.*–.*–.*–.*–/);
});

test('changes with an effect are ranked, those without are named together', () => {
  const fixes = [fix('start at half the threshold', 0.008), fix('a', 0), fix('b', 0), fix('maximum', -0.05)];
  const wide = plain({ ...diagnosis, fixes }, 100);
  assert.match(wide, /start at half the threshold +\+0\.80 points +20 +set: start at half/);
  assert.match(wide, /maximum +−5\.00 points/);
  assert.match(wide, /No change by: a, b\./);
  const narrow = plain({ ...diagnosis, fixes }, 60);
  assert.match(narrow, /start at half the threshold: \+0\.80 points at T = 20\n {2}set: start/);
  assert.equal(fixWords(fix('twice the time steps', 0.012, 40)), 'twice the time steps: +1.20 points at T = 40');
});

test('the loss is said with its sign', () => {
  const words = (accuracy: number): string => lossWords({ ...diagnosis, timesteps: 20, annAccuracy: 0.75, accuracy });
  assert.match(words(0.74), /At T = 20 .* 74\.00 % of 12 images right, 1\.00 points less than its ANN \(75\.00 %\)\./);
  assert.match(words(0.76), /1\.00 points more than/);
  assert.match(words(0.75), /as many as its ANN/);
});

const finding = (layer: string, problem = 'p', severity: Finding['severity'] = 'costs'): Finding => ({
  ...{ layer, severity, problem, remedy: 'do r' },
});

test('findings that say the same of several layers are one', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const groups = groupFindings([...names.map((name) => finding(name)), finding('a', 'q'), finding('', 'whole')]);
  assert.deepEqual(
    groups.map(({ layers }) => layersWords(layers)),
    ['a, b, c and 3 more', 'a', 'The network'],
  );
  const text = findingsText([finding('conv1', 'cannot be read', 'refused')], { width: 60, color: false });
  assert.equal(text, 'conv1 (cannot be converted): cannot be read.\n  → do r.');
  assert.match(findingsText([], { width: 60, color: false }), /^Nothing in this network is known/);
  const coloured = findingsText([finding('conv1', 'cannot be read', 'refused')], { width: 60, color: true });
  assert.ok(coloured.startsWith('\u001b[33mconv1 (cannot be converted)\u001b[0m: cannot'));
});

test('CSV has a line a layer and a line a change', () => {
  const rows = layersCsv(record)!.trimEnd().split('\r\n');
  assert.equal(rows.length, 1 + diagnosis.layers.length);
  assert.match(rows[0]!, /^network,timesteps,test_samples,layer,fires,scale,/);
  const cells = rows[1]!.split(',');
  assert.equal(Number(cells[rows[0]!.split(',').indexOf('relative_error')]), diagnosis.layers[0]!.relativeError);
  assert.equal(fixesCsv(record)!.trimEnd().split('\r\n').length, 1 + diagnosis.fixes.length);
});

test('the LaTeX table says on how many images it rests', () => {
  const table = layersLatex(record)!;
  assert.match(table, /Compared on 12 of the 10\\,000 official test images\./);
  const columns = /\\begin\{tabular\}\{([lr]+)\}/.exec(table)![1]!.length;
  for (const row of table.split('\n').filter((line) => line.endsWith(' \\\\')))
    assert.equal(row.split(/(?<!\\)&/).length, columns);
});

test('a record without a diagnosis has no such tables', () => {
  const none = recordFixture();
  assert.deepEqual([layersCsv(none), fixesCsv(none), layersLatex(none)], [null, null, null]);
});
