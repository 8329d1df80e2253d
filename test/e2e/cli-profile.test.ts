// `spikewatt profile` on a network of a second: table, JSON, page and trace.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { spikewatt, TINY } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-profile-'));
after(() => rmSync(cwd, { recursive: true }));

before(async () => {
  const { code, err } = await spikewatt(cwd, 'train', '--as', 'snn', ...TINY, '--out', 'run', '--quiet');
  assert.equal(code, 0, err);
});

test('a table whose rows are the kernels, and all the time', async () => {
  const { code, out, err } = await spikewatt(cwd, 'profile', 'run', '--batches', '3', '--threads', '1', '--quiet');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, / as SNN, T = 6, inference: .* on 1 thread, /);
  assert.match(out, /^fc1 dense +3 /m);
  assert.match(out, /^\(caller itself\) /m);
  assert.match(out, /^Roof, measured just after: /m);
});

test('at another T than the file says', async () => {
  const { code, out, err } = await spikewatt(
    ...[cwd, 'profile', 'run', '--timesteps', '2', '--batches', '2', '--threads', '1', '--quiet'],
  );
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, / as SNN, T = 2, inference: /);
});

test('a training step as JSON, with a page and a trace', async () => {
  const files = ['--trace', 'trace.json', '--html', 'profile.html'];
  const args = [
    'profile',
    'run/snn.safetensors',
    '--train-step',
    '--batches',
    '2',
    '--batch',
    '10',
    '--json',
    ...files,
  ];
  const { code, out, err } = await spikewatt(cwd, ...args, '--quiet');
  assert.deepEqual([code, err], [0, '']);
  const { format, purpose, batchSize, table, files: written, timeline } = JSON.parse(out);
  assert.deepEqual([format, purpose, batchSize, timeline], ['spikewatt-profile', 'train', 10, undefined]);
  assert.deepEqual(written, ['trace.json', 'profile.html']);
  const { rows, threads, wallSeconds, waitSeconds, idleSeconds, callerSeconds } = table;
  const sum = rows.reduce((total: number, row: { seconds: number }) => total + row.seconds, 0);
  assert.ok(Math.abs((sum + waitSeconds + idleSeconds + callerSeconds) / (threads * wallSeconds) - 1) < 1e-9);
  assert.ok(rows.some((row: { kernel: string }) => row.kernel === 'dense-gradient'));
  const { traceEvents } = JSON.parse(readFileSync(join(cwd, 'trace.json'), 'utf8'));
  assert.ok(traceEvents.some((event: { name: string }) => event.name === 'fc1 dense-gradient'));
  assert.match(readFileSync(join(cwd, 'profile.html'), 'utf8'), /Where the time and memory went/);
});

test('wrong usage, and files that are not there', async () => {
  const wrong = await spikewatt(cwd, 'profile', 'run', '--batches', '0', '--trace', 'none.json');
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /--batches: got "0", expected a whole number of at least 1/);
  const missing = await spikewatt(cwd, 'profile', 'nowhere.safetensors');
  assert.equal(missing.code, 1, missing.err);
  assert.ok(!existsSync(join(cwd, 'none.json')));
  const help = await spikewatt(cwd, 'profile', '--help');
  assert.match(help.out, /Examples:\n {2}spikewatt profile runs\/mine/);
});
