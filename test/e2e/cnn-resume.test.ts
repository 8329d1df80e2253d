// Training of a convolutional network with batch norm and augmented images, stopped and killed on the way: the weights, running
// statistics among them, are to the bit those of a run left alone.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { finish, spikewatt, start } from '../command-line.ts';
import { writeCifarFolder } from '../fixtures/cifar-folder.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-cnn-'));
after(() => rmSync(cwd, { recursive: true }));

const STUDY = [
  ...['train', '--as', 'ann', '--data', writeCifarFolder(join(cwd, 'cifar')), '--network', 'cassetta-cifar-small-four'],
  ...['--set', 'network.batchNorm=true', '--set', 'network.dropout=0.25', '--encoder', 'constant'],
  ...['--set', 'training.ann.augment={crop: 4, flip: true}', '--epochs', '6', '--batch-size', '20'],
];

/** Starts or goes on, waits for training, then ends the process with `signal`; gives its exit code and what it said. */
async function broken(signal: 'SIGINT' | 'SIGKILL', delay: number) {
  const child = start([...STUDY, '--out', 'broken', '--threads', '1'], cwd);
  let said = '';
  child.stderr.on('data', (text: string) => (said += text));
  const ended = finish(child);
  const checkpoint = join(cwd, 'broken', 'checkpoints', 'ann', 'checkpoint.bin');
  const resumes = existsSync(checkpoint);
  while (child.exitCode === null && !(resumes ? said.includes('resuming') : existsSync(checkpoint))) await sleep(2);
  await sleep(delay);
  const running = child.exitCode === null;
  if (running) child.kill(signal);
  if (running && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { ...(await ended), signal: child.signalCode, running };
}

test('a CNN stopped by Ctrl-C, then killed, goes on to the same bits', async () => {
  const stopped = await broken('SIGINT', 30);
  assert.equal(stopped.code, 130, stopped.err);
  assert.match(stopped.err, /stopped; what was done is saved/);
  const killed = await broken('SIGKILL', 150);
  assert.ok(killed.running && killed.signal === 'SIGKILL', `it was done before it was killed: ${killed.err}`);
  const resumed = await spikewatt(cwd, ...STUDY, '--out', 'broken', '--threads', '2');
  assert.equal(resumed.code, 0, resumed.err);
  assert.match(resumed.err, /resuming ANN training at epoch \d, step \d+/);
  const alone = await spikewatt(cwd, ...STUDY, '--out', 'alone', '--threads', '1');
  assert.equal(alone.code, 0, alone.err);
  assert.doesNotMatch(alone.err, /resuming/);
  const weights = (run: string): Buffer => readFileSync(join(cwd, run, 'ann.safetensors'));
  assert.ok(weights('broken').equals(weights('alone')), 'the weights differ');
});
