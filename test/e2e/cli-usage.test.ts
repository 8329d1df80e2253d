// What the command line says of itself and of wrong usage.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { finish, spikewatt, start } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-usage-'));
after(() => rmSync(cwd, { recursive: true }));

/** Fails with this code and one line on stderr that matches, nothing on stdout. */
async function fails(args: readonly string[], code: number, pattern: RegExp): Promise<void> {
  const result = await spikewatt(cwd, ...args);
  assert.equal(result.code, code, `${args.join(' ')}: ${result.err}`);
  assert.match(result.err, pattern);
  assert.equal(result.out, '', args.join(' '));
  assert.doesNotMatch(result.err, /\n {4}at /, 'no stack without --debug');
}

test('help names every command, and each command has examples', async () => {
  const { code, out, err } = await spikewatt(cwd, '--help');
  assert.deepEqual([code, err], [0, '']);
  for (const command of [
    'compare',
    'train',
    'convert',
    'simulate',
    'attack',
    'export',
    'profile',
    'measure',
    'crossover',
    'forecast',
    'energy',
    'networks',
    'runs',
    'doctor',
  ]) {
    assert.match(out, new RegExp(`^  ${command} `, 'm'));
    const help = await spikewatt(cwd, command, '--help');
    assert.equal(help.code, 0);
    assert.match(help.out, /Examples:\n {2}(spikewatt|SPIKEWATT_)/, command);
    assert.match(help.out, /--json /, command);
  }
});

test('the version is printed', async () => {
  assert.match((await spikewatt(cwd, '--version')).out, /^\d+\.\d+\.\d+\n$/);
});

test('wrong usage ends with 2 and says what is wrong', async () => {
  await fails(['compare', '--bogus'], 2, /^error: unknown option '--bogus'/);
  await fails(['compair'], 2, /unknown command 'compair'\n\(Did you mean compare\?\)/);
  await fails(['runs'], 2, /^Usage: spikewatt runs/);
  await fails(['simulate'], 2, /missing required argument 'network'/);
  await fails(
    ['compare', '--preset', 'mnist-defualt'],
    2,
    /did you mean "mnist-default"\? presets: mnist-default, mnist-quick, /,
  );
  await fails(
    ['compare', '--timesteps', '0'],
    2,
    /^error: timesteps: got 0, expected a number of at least 1 \(--timesteps 0\)\n$/,
  );
});

test('a wrong study names file, line and column', async () => {
  writeFileSync(join(cwd, 'wrong.yaml'), 'timesteps: 5\ntraining:\n  snn: {epoch: 3}\n');
  await fails(
    ['compare', 'wrong.yaml'],
    2,
    /training\.snn\.epoch: unknown key; did you mean "epochs"\?.*\(wrong\.yaml:3:9\)\n$/,
  );
  writeFileSync(join(cwd, 'threshold.yaml'), 'neuron: {dialect: snntorch.leaky, beta: 0.9, threshold: -1}\n');
  await fails(['compare', 'threshold.yaml', '--data', 'blobs'], 2, /threshold.*-1/);
});

test('what cannot be read or written ends with 1 and one line', async () => {
  await fails(
    ['compare', 'none.yaml'],
    1,
    /^error: none\.yaml: cannot read: no such file or folder; check the path\n$/,
  );
  await fails(['runs', 'show', 'none'], 1, /^error: runs\/none: there is no such file; .*"spikewatt runs list"\n$/);
  writeFileSync(join(cwd, 'file'), 'text');
  await fails(
    ['compare', '--data', 'blobs', '--out', 'file/run'],
    1,
    /^error: file\/run: cannot make this folder: a part of the path is a file/,
  );
  await fails(
    ['simulate', 'file', '--data', 'blobs'],
    1,
    /^error: file: 4 bytes are too few for a safetensors file\n$/,
  );
  await fails(['compare', '--resume', '.'], 1, /^error: \.: nothing to resume: there is no unfinished run there\n$/);
});

test('a folder without data is refused before anything is trained', async () => {
  mkdirSync(join(cwd, 'nothing'));
  await fails(
    ['compare', '--data', 'nothing', '--quiet', '--out', 'empty'],
    1,
    /^error: nothing: holds no dataset; expected idx files as MNIST's \(train-images-idx3-ubyte, \.\.\.\), CIFAR's binary/,
  );
});

test('a batch larger than the data is refused', async () => {
  const args = ['compare', '--data', 'blobs', '--quiet', '--out', 'batch', '--batch-size', '5000'];
  await fails(args, 2, /batchSize: got 5000, but "blobs" has only 108 training samples/);
});

test('--debug adds the stack', async () => {
  const { code, err } = await spikewatt(cwd, 'compare', 'none.yaml', '--debug');
  assert.equal(code, 1);
  assert.match(err, /none\.yaml: cannot read.*\n {4}at /s);
});

test('doctor finds what there is, and as JSON nothing else', async () => {
  const { code, out, err } = await spikewatt(cwd, 'doctor', '--json', '--threads', '1');
  assert.deepEqual([code, err], [0, '']);
  const found = JSON.parse(out);
  assert.equal(found.threads, 1);
  assert.ok([128, 256].includes(found.simdBits));
  assert.equal(found.mnist.found, true);
  assert.ok(found.meters.length > 0 || found.metersUnavailable.length > 0);
  const { available, unavailable, gauges } = found.measuring;
  assert.deepEqual(
    available.map(({ label }: { label: string }) => label),
    found.meters,
  );
  for (const { reason, remedy } of unavailable) assert.ok(reason.length > 0 && remedy.length > 0);
  assert.ok(gauges.some(({ id }: { id: string }) => id === 'process'));
});

test('doctor says of each meter whether it is there, in lines that fit', async () => {
  const { code, out } = await spikewatt(cwd, 'doctor', '--threads', '1');
  assert.equal(code, 0);
  const meters = out.slice(out.indexOf('Energy meters: '));
  assert.match(meters, /^Energy meters: (\d+ found|not measurable here: \S)/);
  for (const line of meters.split('\n')) assert.ok(line.length <= 100, line);
});

test('energy without a run lists the profiles with source and caveat', async () => {
  const { profiles } = JSON.parse((await spikewatt(cwd, 'energy', '--json')).out);
  assert.ok(profiles.length > 10);
  for (const { profile, source, caveat } of profiles) assert.ok(source.length > 0 && caveat.length > 0, profile);
});

test('a reader that leaves early is no error', async () => {
  const child = start(['energy'], cwd);
  child.stdout.destroy();
  const { code, err } = await finish(child);
  assert.deepEqual([code, err], [0, '']);
});
