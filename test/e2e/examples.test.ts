// The examples run, as a reader would run them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeCifarFolder } from '../fixtures/cifar-folder.ts';

const folder = new URL('../../examples/', import.meta.url);
const run = promisify(execFile);

const parent = mkdtempSync(join(tmpdir(), 'spikewatt-examples-'));
after(() => rmSync(parent, { recursive: true }));

/** Examples that take data are given some that is small. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'cifar.ts': [writeCifarFolder(join(parent, 'cifar')), '3'],
};

/** What each prints, among other things. */
const EXPECTED: Readonly<Record<string, readonly RegExp[]>> = {
  'first-comparison.ts': [/^ANN +\d\d\.\d\d \[/m, /^converted T=30 /m, /^Accuracy: /m],
  'step-by-step.ts': [
    /^ANN: (100\.0|9\d\.\d) %, 0 ACs/m,
    /^SNN T=8: (100\.0|[89]\d\.\d) %, \d+ ACs, \d/m,
    /^converted T=16: /m,
  ],
  'cifar.ts': [
    /^CIFAR-10: 180 to train, 40 to test$/m,
    /^epoch 3: \d+\.\d %$/m,
    /^converted T=32: \d+\.\d %$/m,
    /^stopped when 80\.0 % sure: .* after \d+\.\d steps$/m,
    /^At T = 32 the conversion reads .* of 20 images right/m,
  ],
  'accuracy-by-timesteps.ts': [/^ANN 9\d\.\d %$/m, /^scaled by percentile: T=1 .* T=32 9\d\.\d %$/m],
};

test('every example is listed here and has 50 lines or fewer', () => {
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(EXPECTED).sort());
  for (const name of Object.keys(EXPECTED)) {
    assert.ok(readFileSync(new URL(name, folder), 'utf8').split('\n').length <= 51, name);
  }
});

for (const [name, patterns] of Object.entries(EXPECTED)) {
  test(`${name} runs`, async () => {
    const { stdout } = await run(process.execPath, [
      '--conditions=source',
      fileURLToPath(new URL(name, folder)),
      ...(ARGUMENTS[name] ?? []),
    ]);
    for (const pattern of patterns) assert.match(stdout, pattern);
  });
}
