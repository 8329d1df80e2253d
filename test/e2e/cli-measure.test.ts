// Networks measured side by side through the command line. Structure alone is tested: times here are whatever they are.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { measuredDocumentSchema } from '../../src/experiment/index.ts';
import { readRecord } from '../../src/store/index.ts';
import type { Median } from '../../src/trials/index.ts';
import { finish, spikewatt, start, TINY } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-measure-'));
after(() => rmSync(cwd, { recursive: true }));

/** Whatever else this machine does meanwhile. */
const FEW = ['--seconds', '0.02', '--trials', '3', '--others', '1000', '--idle', '0.05', '--threads', '1'];

before(async () => {
  const { code, err } = await spikewatt(cwd, 'compare', ...TINY, '--out', 'runs/tiny', '--quiet');
  assert.equal(code, 0, err);
});

function checkMedian(median: Median): void {
  if (median.kind === 'measured') assert.ok(median.low <= median.value && median.value <= median.high);
  else assert.ok(median.reason.length > 0);
}

test('a run is measured: its networks at one image and at their best batch', async () => {
  const { code, out, err } = await spikewatt(cwd, 'measure', 'tiny', ...FEW, '--at', '7', '--json', '--no-onnx');
  assert.equal(code, 0, err);
  const { run, contests, onnx, files } = measuredDocumentSchema.parse(JSON.parse(out));
  const wanted = ['measured.json', 'record.json', 'report.html'].map((name) => `runs/tiny/${name}`);
  assert.deepEqual([onnx, files.slice(0, 3)], ['not asked for', wanted]);
  assert.deepEqual(
    contests.map(({ batch }) => batch),
    [1, 'best'],
  );
  for (const { contestants, result } of contests) {
    assert.deepEqual(
      result.subjects.map(({ name }) => name),
      ['ANN', 'SNN T=6', 'converted T=7'],
    );
    assert.ok(contestants.every(({ bytes }) => bytes! > 0));
    for (const { time, cpuTime, energy, correct, used } of result.subjects) {
      for (const median of [time.perInference, time.ratio, cpuTime.perInference]) checkMedian(median);
      assert.ok(time.perInference.kind === 'measured' && time.perInference.value > 0);
      assert.ok(correct! > 0 && used === 3);
      assert.ok(energy.length > 0 || /^not measurable here: /.test(result.noEnergy!));
    }
  }
  const kept = JSON.parse(readFileSync(join(cwd, 'runs/tiny/measured.json'), 'utf8'));
  assert.equal(kept.contests[0].result.trials.length, 9);
  const record = await readRecord(join(cwd, 'runs/tiny'));
  assert.deepEqual([record.id, record.measured?.contests], [run, contests]);
  assert.match(readFileSync(join(cwd, 'runs/tiny/report.html'), 'utf8'), /Measured on this machine/);
  const shown = await spikewatt(cwd, 'runs', 'show', 'tiny');
  assert.match(shown.out, /^Measured\. Batches of 1$/m);
});

test('files are measured as a table, beside ONNX Runtime or with what to install; nothing is written unasked', async () => {
  const files = ['runs/tiny/snn.safetensors', 'runs/tiny/ann.safetensors'];
  const { code, out, err } = await spikewatt(cwd, 'measure', ...files, ...FEW, '--batch', '8', '--quiet');
  assert.equal(code, 0, err);
  assert.match(out, /^Batches of 8\n/);
  assert.match(out, /Time × ANN/, 'the ANN is put first');
  assert.match(out, /ANN, ONNX Runtime: ONNX Runtime \d|ANN in ONNX Runtime: .*npm install/);
  assert.match(out, /Energy.*(not measurable here|idle)/);
  assert.doesNotMatch(out, /Result:/);
});

test('--out leaves the run alone; into the run only what was measured with its own study', async () => {
  const before = readFileSync(join(cwd, 'runs/tiny/record.json'), 'utf8');
  const { code, out, err } = await spikewatt(
    ...[cwd, 'measure', 'tiny', ...FEW, '--batch', '2', '--no-onnx', '--json', '--out', 'elsewhere'],
  );
  assert.equal(code, 0, err);
  const { run, files } = measuredDocumentSchema.parse(JSON.parse(out));
  assert.deepEqual([run, files], [null, ['elsewhere/measured.json']]);
  assert.equal(readFileSync(join(cwd, 'runs/tiny/record.json'), 'utf8'), before);
  const other = await spikewatt(cwd, 'measure', 'tiny', ...FEW, '--set', 'data.shape=[6,5,1]');
  assert.equal(other.code, 2);
  assert.match(other.err, /data\.shape: differs from the run's own, whose record this result would go into/);
});

test('the search for the best batch is shown, network by network', async () => {
  const { code, err } = await spikewatt(
    cwd,
    'measure',
    'tiny',
    ...FEW,
    '--batch',
    'best',
    '--no-onnx',
    '--out',
    'best',
  );
  assert.equal(code, 0, err);
  assert.match(err, /^Find best batches +done\nMeasure, best batch +9 of 9 trials count$/m);
});

test('Ctrl-C leaves no result behind, and the run as it was', async () => {
  const before = readFileSync(join(cwd, 'runs/tiny/record.json'), 'utf8');
  const child = start(['measure', 'tiny', '--batch', '1', '--others', '1000', '--no-onnx'], cwd);
  child.stderr.on('data', (text) => {
    if (String(text).includes('Load data')) setTimeout(() => child.kill('SIGINT'), 300);
  });
  const { code, err } = await finish(child);
  assert.equal(code, 130, err);
  assert.match(err, /stopped; nothing was written/);
  assert.equal(readFileSync(join(cwd, 'runs/tiny/record.json'), 'utf8'), before);
});

test('settings that cannot be are refused', async () => {
  const refused = async (pattern: RegExp, ...args: readonly string[]): Promise<void> => {
    const { code, err } = await spikewatt(cwd, 'measure', 'tiny', '--quiet', ...args);
    assert.equal(code, 2, err);
    assert.match(err, pattern);
  };
  await refused(/--batch: got "none", expected whole numbers from 1 on, or best/, '--batch', 'none');
  await refused(/--seconds: got "soon", expected a number from 0 on/, '--seconds', 'soon');
  await refused(/trials: got 1, expected a whole number from 3 on/, '--trials', '1', '--batch', '1', '--no-onnx');
});
