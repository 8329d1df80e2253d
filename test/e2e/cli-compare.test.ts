// A whole comparison through the command line, small: its output, its files, and what can be done with them.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { summarySchema } from '../../src/experiment/index.ts';
import { type Finished, spikewatt, TINY } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-compare-'));
after(() => rmSync(cwd, { recursive: true }));

let first: Finished;
before(async () => {
  first = await spikewatt(cwd, 'compare', ...TINY, '--out', 'runs/tiny', '--json');
});

test('--json prints one document that obeys the published schema, progress goes to stderr', () => {
  assert.equal(first.code, 0, first.err);
  const document = summarySchema.parse(JSON.parse(first.out));
  assert.deepEqual(
    document.networks.map(({ name, kind, timesteps }) => [name, kind, timesteps]),
    [
      ['ANN', 'ann', 1],
      ['SNN T=6', 'snn', 6],
      ['converted T=3', 'converted', 3],
      ['converted T=7', 'converted', 7],
    ],
  );
  const [ann, snn, , converted] = document.networks;
  for (const network of [ann!, snn!, converted!])
    assert.ok(network.accuracy > 0.8, `${network.name}: ${network.accuracy}`);
  assert.ok(ann!.counts.macs > 0 && ann!.counts.acs === 0);
  assert.ok(snn!.counts.acs > 0 && snn!.counts.macs === 0);
  assert.match(first.err, /^Train ANN .*\n.*Train SNN, T=6 /ms);
});

test('the run folder holds record, reports and networks, and nothing unfinished', () => {
  const expected = [
    'ann.safetensors',
    'conversion-layers.csv',
    'conversion-layers.tex',
    'converted.safetensors',
    'record.json',
    'report.html',
    'snn.safetensors',
    'table.csv',
    'table.tex',
  ];
  assert.deepEqual(readdirSync(join(cwd, 'runs/tiny')).sort(), expected);
});

test('the same study and seed give the same numbers again, in text too', async () => {
  const again = await spikewatt(cwd, 'compare', ...TINY, '--threads', '2', '--out', 'runs/again', '--json', '--quiet');
  assert.equal(again.err, '');
  const results = ({ out }: Finished): unknown =>
    summarySchema.parse(JSON.parse(out)).networks.map(({ name, accuracy, counts }) => [name, accuracy, counts]);
  assert.deepEqual(results(again), results(first));
  assert.deepEqual(
    readFileSync(join(cwd, 'runs/again/snn.safetensors')),
    readFileSync(join(cwd, 'runs/tiny/snn.safetensors')),
  );
});

test('runs list, show and report work from the record alone', async () => {
  const list = JSON.parse((await spikewatt(cwd, 'runs', 'list', '--json')).out);
  assert.ok(list.runs.some(({ id }: { id: string }) => id === 'tiny'));
  const show = await spikewatt(cwd, 'runs', 'show', 'tiny');
  assert.match(show.out, /^ANN .*\nSNN T=6 .*\nconverted T=3 /m);
  const shown = JSON.parse((await spikewatt(cwd, 'runs', 'show', 'runs/tiny/record.json', '--json')).out);
  assert.deepEqual(shown, JSON.parse(first.out));
  const page = readFileSync(join(cwd, 'runs/tiny/report.html'), 'utf8');
  rmSync(join(cwd, 'runs/tiny/report.html'));
  assert.equal((await spikewatt(cwd, 'runs', 'report', 'tiny')).code, 0);
  assert.equal(readFileSync(join(cwd, 'runs/tiny/report.html'), 'utf8'), page);
});

test('energy reprices a stored run', async () => {
  const args = ['energy', 'tiny', '--profile', 'horowitz-45nm-fp32', '--json'];
  const skipping = JSON.parse((await spikewatt(cwd, ...args)).out);
  const dense = JSON.parse((await spikewatt(cwd, ...args, '--no-zero-skipping')).out);
  const total = ({ networks }: typeof skipping): number => networks[0].energy[0].total;
  assert.equal(skipping.networks.length, 4);
  assert.ok(total(dense) > total(skipping));
});

test('a stored network runs as it did, and converts', async () => {
  const simulated = await spikewatt(
    cwd,
    'simulate',
    'runs/tiny/snn.safetensors',
    '--data',
    'blobs',
    '--json',
    '--quiet',
  );
  const { networks } = summarySchema.parse(JSON.parse(first.out));
  assert.equal(JSON.parse(simulated.out).accuracy, networks[1]!.accuracy, simulated.err);
  assert.deepEqual(JSON.parse(simulated.out).counts, networks[1]!.counts);
  const converted = await spikewatt(cwd, 'convert', 'runs/tiny', ...TINY, '--out', 'conv', '--json', '--quiet');
  const document = JSON.parse(converted.out);
  assert.equal(document.weights, 'conv/converted.safetensors');
  assert.deepEqual(
    document.networks.map(({ accuracy }: { accuracy: number }) => accuracy),
    networks.slice(2).map(({ accuracy }) => accuracy),
  );
  const wrong = await spikewatt(cwd, 'convert', 'runs/tiny/snn.safetensors', ...TINY);
  assert.match(wrong.err, /got a network read as "snn", expected an ANN: only that can be converted/);
});

test('train gives one network', async () => {
  const { code, out, err } = await spikewatt(
    cwd,
    'train',
    '--as',
    'ann',
    ...TINY,
    '--out',
    'only-ann',
    '--json',
    '--quiet',
  );
  assert.equal(code, 0, err);
  assert.equal(JSON.parse(out).kind, 'ann');
  assert.ok(readdirSync(join(cwd, 'only-ann')).includes('ann.safetensors'));
});

test('a damaged record is told from a sound one', async () => {
  const record = join(cwd, 'runs/again/record.json');
  writeFileSync(record, readFileSync(record, 'utf8').slice(0, 500));
  const show = await spikewatt(cwd, 'runs', 'show', 'again');
  assert.equal(show.code, 1);
  assert.match(
    show.err,
    /^error: runs\/again\/record\.json at byte 500: got broken JSON \(the file ends there, .*cut short\)/,
  );
  assert.match((await spikewatt(cwd, 'runs', 'list')).out, /again .*damaged/);
});
