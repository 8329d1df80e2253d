// Hardened training through the command line: it is asked for in a setting, and its cost is told.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseRecord } from '../../src/store/index.ts';
import { spikewatt, TINY } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-harden-'));
after(() => rmSync(cwd, { recursive: true }));

const LABEL = 'PGD (2 steps of 1 epsilon, random start), epsilon 0.05 (L-infinity)';

test('train says what a network was hardened by and what that cost', async () => {
  const harden = 'training.snn.harden={kind: adversarial, epsilon: 0.05, steps: 2}';
  const { code, out, err } = await spikewatt(cwd, 'train', ...TINY, '--out', 'runs/hard', '--set', harden);
  assert.equal(code, 0, err);
  const cost = /x(\d+\.\d) by (.*)$/m.exec(err);
  assert.equal(cost?.[2], LABEL);
  assert.ok(Number(cost![1]) > 1, err);
  assert.ok(out.includes(`Hardened by    ${LABEL}: training took x${cost![1]}\n`), out);
  const record = parseRecord(readFileSync(join(cwd, 'runs/hard/record.json'), 'utf8'), 'record.json');
  const { training, trainSeconds } = record.networks[0]!;
  const { kind, label, seconds } = training!.hardening!;
  assert.deepEqual([kind, label], ['adversarial', LABEL]);
  assert.ok(seconds > 0 && seconds < trainSeconds!);
  assert.ok(training!.epochs.at(-1)!.trainAccuracy! > 0.8);
});

test('--json has it too; what cannot be is refused in one line', async () => {
  const harden = 'training.ann.harden={kind: noise, level: 0.1}';
  const found = await spikewatt(cwd, 'train', '--as', 'ann', ...TINY, '--out', 'runs/noise', '--set', harden, '--json');
  assert.equal(found.code, 0, found.err);
  const { kind, label } = JSON.parse(found.out).hardening;
  assert.deepEqual([kind, label], ['noise', 'gaussian 0.1']);
  const refused = await spikewatt(
    cwd,
    'train',
    ...TINY,
    '--set',
    'training.snn.harden={kind: noise, level: 1, corruption: blur}',
  );
  assert.match(
    refused.err,
    /blur: got samples of shape \[\d+\], expected images \[height, width, channels\]; leave blur out/,
  );
  assert.notEqual(refused.code, 0);
});
