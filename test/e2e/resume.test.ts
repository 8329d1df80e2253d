// `kill -9` at random moments, then again and again until training is done: the weights are those of a run left alone.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const CHILD = join(import.meta.dirname, '..', 'fixtures', 'train-child.ts');
const KILLS = 3;
/** Milliseconds from the first sign of training; the whole of it takes a few hundred. */
const LONGEST_DELAY = 50;

interface Child {
  readonly process: ChildProcess;
  /** All it has printed. */
  output(): string;
}

function start(folder: string, backend: string): Child {
  const child = spawn(process.execPath, ['--conditions=source', CHILD, folder, backend]);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return { process: child, output: () => output };
}

async function finish({ process: child, output }: Child): Promise<string> {
  const [code] = child.exitCode === null && child.signalCode === null ? await once(child, 'close') : [child.exitCode];
  assert.equal(code, 0, output());
  return output();
}

/** Kills the child a moment after it has begun to write checkpoints; false if it was done before. */
async function killed(child: Child, folder: string, delay: number): Promise<boolean> {
  const { process: running } = child;
  const marker = join(folder, 'checkpoint.bin');
  while (!existsSync(marker) && running.exitCode === null) await sleep(1);
  // What it prints tells that it runs, and not that the file is left from the process before.
  while (!/resumed|epoch/.test(child.output()) && running.exitCode === null) await sleep(1);
  await sleep(delay);
  if (running.exitCode !== null) return false;
  running.kill('SIGKILL');
  await once(running, 'close');
  return running.signalCode === 'SIGKILL';
}

/** `first` trains alone, `second` is killed. */
async function comparesEqual(first: string, second: string): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'spikewatt-resume-'));
  const [alone, again] = [join(parent, 'alone'), join(parent, 'again')];
  try {
    assert.doesNotMatch(await finish(start(alone, first)), /resumed/);
    const delays: string[] = [];
    for (let attempt = 0; attempt < KILLS && !existsSync(join(again, 'weights.bin')); attempt++) {
      const delay = Math.random() * LONGEST_DELAY;
      if (await killed(start(again, second), again, delay)) delays.push(`${delay.toFixed(1)} ms`);
    }
    const last = await finish(start(again, second));
    assert.ok(delays.length > 0, `no process was killed while it trained (${last})`);
    assert.match(last, /^resumed \d+/);
    const [expected, found] = await Promise.all([alone, again].map((folder) => readFile(join(folder, 'weights.bin'))));
    assert.ok(
      expected!.length > 0 && expected!.equals(found!),
      `the weights differ; killed after ${delays.join(', ')}`,
    );
    assert.deepEqual((await readdir(again)).sort(), ['checkpoint.bin', 'checkpoint.previous.bin', 'weights.bin']);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

test('killed at random moments, reference backend', () => comparesEqual('reference', 'reference'));

test('killed at random moments, wasm backend, gone on with another number of threads', () =>
  comparesEqual('wasm:1', 'wasm:2'));
