// Ctrl-C in the middle of training: what was done is kept, and going on gives what an uninterrupted run gives.

import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { finish, spikewatt, start } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-interrupt-'));
after(() => rmSync(cwd, { recursive: true }));

/** Long enough that it is caught in the middle: many short epochs. */
const LONG = [
  ...['compare', '--data', 'blobs', '--train', '480', '--hidden', '40', '--timesteps', '12', '--epochs', '80'],
  ...['--batch-size', '8', '--convert-timesteps', '4', '--threads', '1', '--json'],
];

/** Waits until a file is there; false if the process ended before. */
async function appears(path: string, child: ChildProcessWithoutNullStreams): Promise<boolean> {
  while (!existsSync(path)) {
    if (child.exitCode !== null) return false;
    await sleep(5);
  }
  return true;
}

test('an interrupted run ends with 130, says how to go on, and goes on to the same result', async () => {
  const folder = join(cwd, 'run');
  const child = start([...LONG, '--out', 'run'], cwd);
  const ended = finish(child);
  assert.ok(await appears(join(folder, 'checkpoints', 'ann', 'checkpoint.bin'), child), 'no checkpoint was written');
  child.kill('SIGINT');
  const stopped = await ended;
  assert.equal(stopped.code, 130, stopped.err);
  assert.equal(stopped.out, '');
  assert.match(stopped.err, /^stopping at the next safe point/m);
  assert.match(stopped.err, /^stopped; what was done is saved\. Go on with: npx spikewatt compare --resume run\n$/m);
  assert.ok(readdirSync(folder).includes('run.json') && !readdirSync(folder).includes('record.json'));

  const other = await spikewatt(cwd, ...LONG, '--out', 'run', '--seed', '2');
  assert.equal(other.code, 2);
  assert.match(
    other.err,
    /^error: out: run holds an unfinished run of another study \(it differs in seed\); go on with that one by --resume run/m,
  );
  const both = await spikewatt(cwd, ...LONG, '--resume', 'run', '--preset', 'mnist-quick');
  assert.match(
    both.err,
    /^error: --resume: goes on with the study of that run as it is; leave out "--preset mnist-quick"/m,
  );

  const resumed = await spikewatt(cwd, 'compare', '--resume', 'run', '--threads', '2', '--json');
  assert.equal(resumed.code, 0, resumed.err);
  assert.match(resumed.err, /^going on with the unfinished run in run\nresuming|resuming ANN training at epoch/m);
  assert.deepEqual(
    readdirSync(folder).filter((name) => !/\.(html|csv|tex|safetensors)$/.test(name)),
    ['record.json'],
  );
  const alone = await spikewatt(cwd, ...LONG, '--out', 'alone', '--quiet');
  assert.equal(alone.code, 0, alone.err);
  for (const file of ['ann.safetensors', 'snn.safetensors', 'converted.safetensors']) {
    assert.deepEqual(readFileSync(join(folder, file)), readFileSync(join(cwd, 'alone', file)), file);
  }
});

test('a second interrupt ends at once', async () => {
  const child = start([...LONG, '--out', 'twice'], cwd);
  const ended = finish(child);
  assert.ok(await appears(join(cwd, 'twice', 'run.json'), child));
  child.kill('SIGINT');
  await sleep(2);
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
});
