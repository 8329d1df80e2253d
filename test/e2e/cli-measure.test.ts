// Networks measured side by side through the command line. Structure alone is tested: times here are whatever they are.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { finish, spikewatt, start, TINY } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-measure-'));
after(() => rmSync(cwd, { recursive: true }));

/** Whatever else this machine does meanwhile. */
const FEW = ['--seconds', '0.02', '--trials', '3', '--others', '1000', '--idle', '0.05', '--threads', '1'];

before(async () => {
  const { code, err } = await spikewatt(cwd, 'compare', ...TINY, '--out', 'runs/tiny', '--quiet');
  assert.equal(code, 0, err);
});

interface Median {
  readonly kind: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly reason?: string;
}

function checkMedian(median: Median): void {
  if (median.kind === 'measured') assert.ok(median.low <= median.value && median.value <= median.high);
  else assert.ok(median.reason!.length > 0);
}

test('a run is measured: its networks at one image and at their best batch', async () => {
  const { code, out, err } = await spikewatt(cwd, 'measure', 'tiny', ...FEW, '--at', '7', '--json', '--no-onnx');
  assert.equal(code, 0, err);
  const { format, contests, onnx, file } = JSON.parse(out);
  assert.deepEqual([format, onnx, file], ['spikewatt-measured', 'not asked for', 'runs/tiny/measured.json']);
  assert.deepEqual(
    contests.map(({ batch }: { batch: unknown }) => batch),
    [1, 'best'],
  );
  for (const { contestants, result } of contests) {
    assert.deepEqual(
      result.subjects.map(({ name }: { name: string }) => name),
      ['ANN', 'SNN T=6', 'converted T=7'],
    );
    assert.ok(contestants.every(({ bytes }: { bytes: number }) => bytes > 0));
    for (const { time, cpuTime, energy, correct, used } of result.subjects) {
      for (const median of [time.perInference, time.ratio, cpuTime.perInference]) checkMedian(median);
      assert.ok(time.perInference.value > 0 && correct > 0 && used === 3);
      assert.ok(energy.length > 0 || /^not measurable here: /.test(result.noEnergy));
    }
  }
  const kept = JSON.parse(readFileSync(join(cwd, file), 'utf8'));
  assert.equal(kept.contests[0].result.trials.length, 9);
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

test('Ctrl-C leaves no result behind', async () => {
  const child = start(['measure', 'tiny', '--batch', '1', '--others', '1000', '--out', 'stopped', '--no-onnx'], cwd);
  child.stderr.on('data', (text) => {
    if (String(text).includes('Load data')) setTimeout(() => child.kill('SIGINT'), 300);
  });
  const { code, err } = await finish(child);
  assert.equal(code, 130, err);
  assert.match(err, /stopped; nothing was written/);
  assert.ok(!existsSync(join(cwd, 'stopped')));
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
