// `spikewatt forecast` as a user runs it: tables, files, a series of his own, and what is refused.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from '../../src/cli/run.ts';
import type { ForecastRecord } from '../../src/forecast/index.ts';
import { type Finished, spikewatt } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-forecast-'));
after(() => rmSync(cwd, { recursive: true }));

/** A comparison of a second. */
const SMALL = [
  ...['--window', '10', '--horizon', '4', '--epochs', '3', '--samples', '500', '--threads', '1'],
  ...['--hidden', '12', '--spiking-hidden', '10', '--networks', 'mlp,snn'],
];

/** The command in this process, as each process of its own takes a second to start; paths are absolute. */
async function forecastHere(
  args: readonly string[],
  signal = new AbortController().signal,
  width = 100,
): Promise<Finished> {
  const texts = { out: '', err: '' };
  const terminal = {
    ...{ interactive: false, width, color: false },
    out: (text: string): void => {
      texts.out += text;
    },
    err: (text: string): void => {
      texts.err += text;
    },
  };
  return { code: await runCli(['forecast', ...args], terminal, signal), ...texts };
}

test('tables, what the energy model leaves out, a verdict, a record and a page', async () => {
  const { code, out, err } = await spikewatt(cwd, 'forecast', ...SMALL, '--out', 'waves');
  assert.equal(code, 0, err);
  for (const name of ['Persistence', 'Linear AR', 'MLP', 'Recurrent SNN'])
    assert.match(out, new RegExp(`^${name} +\\d`, 'm'));
  assert.match(out, /^Forecaster +Parameters +\[95 % interval\]/m);
  assert.match(out, /Energy of one forecast as KerasSpiking's ModelEnergy has it\n[^\n]*\n.*CPU +GPU +ARM +Loihi/);
  assert.match(out, /What that model leaves out\n- CPU, GPU and ARM: it bills one pass/);
  assert.match(
    out.replace(/\s+/g, ' '),
    / (Not for less here|For less), (and|but) [\w ,]+: Recurrent SNN has [\d.]+ times the error of MLP/,
  );
  assert.match(out, /\nReport: waves\/forecast\.html\n$/);
  assert.match(err, /Train Recurrent SNN +validation loss [\d.]+ at epoch \d, [\d.]+ s/);
  for (const line of out.split('\n')) assert.ok(line.length <= 100, line);
  const record: ForecastRecord = JSON.parse(readFileSync(join(cwd, 'waves/forecast.json'), 'utf8'));
  assert.equal(record.format, 'spikewatt-forecast');
  const page = readFileSync(join(cwd, 'waves/forecast.html'), 'utf8');
  for (const id of ['figure-forecast-over-time', 'figure-error-by-step', 'figure-error-energy', 'devices'])
    assert.match(page, new RegExp(`id="${id}"`));
  assert.doesNotMatch(page, /<script(?! type="application\/json")|https?:\/\/[^"]*\.(js|css)/);
});

test('a column of a CSV file, as one JSON document', async () => {
  const file = join(cwd, 'load.csv');
  const rows = Array.from({ length: 300 }, (_, i) => `h${i},${(50 + 9 * Math.sin(i / 4)).toFixed(3)},${i % 7}`);
  writeFileSync(file, ['hour,MW,day', ...rows].join('\n'));
  const out = join(cwd, 'load');
  const found = await forecastHere([
    '--data',
    file,
    '--column',
    'MW',
    ...SMALL,
    '--networks',
    'mlp',
    '--json',
    '--out',
    out,
  ]);
  assert.equal(found.code, 0, found.err);
  const { series, forecasters, files } = JSON.parse(found.out) as ForecastRecord & { files: string[] };
  assert.deepEqual(series, { name: 'load', source: `${file}, column "MW"`, length: 300 });
  assert.ok(forecasters[1]!.errors.nrmse.value < 0.01, 'a sine is linear');
  assert.deepEqual(files, [join(out, 'forecast.json'), join(out, 'forecast.html')]);
});

test('the same seed, the same numbers; a narrow terminal; --quick', async () => {
  const run = async (...more: readonly string[]): Promise<string> => {
    const { out, code, err } = await forecastHere([...SMALL, ...more, '--out', join(cwd, 'again')], undefined, 60);
    assert.equal(code, 0, err);
    for (const line of out.split('\n')) assert.ok(line.length <= 60 || line.startsWith('Report: '), line);
    return out.match(/Recurrent SNN +[^\n]*\[[^\n]*/)?.[0] ?? out;
  };
  const first = await run('--quick', '--noise', '0.02');
  assert.equal(await run('--quick', '--noise', '0.02'), first);
  assert.notEqual(await run('--quick', '--noise', '0.02', '--seed', '4'), first);
});

test('what cannot be is refused in a line that says what to do', async () => {
  const refuses = async (args: readonly string[], message: RegExp): Promise<void> => {
    const { code, err, out } = await forecastHere([...SMALL, '--out', join(cwd, 'never'), ...args]);
    assert.notEqual(code, 0);
    assert.equal(out, '');
    assert.match(err, message);
  };
  const bad = join(cwd, 'bad.csv');
  writeFileSync(bad, 'x\n1\n2\nthree\n');
  await refuses(['--data', bad], /bad\.csv: line 4, column "x": got "three", expected a number/);
  await refuses(['--data', join(cwd, 'none.csv')], /none\.csv/);
  await refuses(['--column', 'x'], /--column: got "x", but mackey-glass has no columns/);
  await refuses(['--window', 'ten'], /--window: got "ten", expected a number/);
  await refuses(['--window', '400'], /window: the training part of "mackey-glass" has 300 of its 500 values/);
  await refuses(['--networks', 'lstm'], /networks: got "lstm", expected each at most once of mlp, cnn, snn, snn-delta/);
  await refuses(['--split', '0.7'], /split: got 0\.7 for training and NaN/);
  await refuses(['--threads', 'many'], /--threads: got "many"/);
  assert.ok(!existsSync(join(cwd, 'never')));
});

test('interrupted, it says so and writes nothing', async () => {
  const { code, err } = await forecastHere([...SMALL, '--out', join(cwd, 'stopped')], AbortSignal.abort());
  assert.equal(code, 130);
  assert.match(err, /stopped; nothing was written, and the same command starts again/);
  assert.ok(!existsSync(join(cwd, 'stopped')));
});
