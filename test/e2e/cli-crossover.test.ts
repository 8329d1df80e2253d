// The crossover through the command line. Structure alone is tested: times here are whatever they are.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { finish, spikewatt, start, TINY } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-crossover-'));
after(() => rmSync(cwd, { recursive: true }));

const FEW = ['--seconds', '0.005', '--trials', '3', '--others', '1000', '--no-onnx', '--batch', '4'];

before(async () => {
  const { code, err } = await spikewatt(cwd, 'compare', ...TINY, '--out', 'runs/tiny', '--quiet');
  assert.equal(code, 0, err);
});

interface Point {
  readonly timesteps: number;
  readonly rate: number;
  readonly asItIs: boolean;
  readonly path: string;
  readonly time: { readonly ratio: { readonly kind: string; readonly value: number } };
}

test('a run: time against rate and T on each path, with table, figure and break-evens', async () => {
  const asked = ['--steps', '6,2', '--rates', '5,20'];
  const { code, out, err } = await spikewatt(cwd, 'crossover', 'tiny', ...FEW, ...asked, '--json');
  assert.equal(code, 0, err);
  const { format, crossover, files } = JSON.parse(out);
  assert.equal(format, 'spikewatt-crossover');
  assert.deepEqual(files, ['runs/tiny/crossover.json', 'runs/tiny/crossover.html']);
  const points: readonly Point[] = crossover.points;
  assert.deepEqual([...new Set(points.map(({ timesteps }) => timesteps))].sort(), [2, 6]);
  assert.deepEqual([...new Set(points.map(({ path }) => path))], ['events', 'dense', 'auto']);
  assert.ok(points.every(({ rate, time }) => rate > 0 && rate <= 1 && time.ratio.value > 0));
  const own = points.find(({ asItIs }) => asItIs)!;
  assert.deepEqual([own.timesteps, own.rate], [crossover.own.timesteps, crossover.own.rate]);
  assert.equal(crossover.lines.length, 2 * 3);
  assert.match(crossover.noEnergy, /^not (measurable here|measured): /);
  const page = readFileSync(join(cwd, files[1]), 'utf8');
  assert.match(page, /<svg role="img" aria-label="Time against spike rate/);
  assert.doesNotMatch(page, /(?:src|href)="http/);
});

test('a network without its partner is read both ways; an ANN too', async () => {
  for (const name of ['snn', 'ann', 'converted']) {
    const file = `runs/tiny/${name}.safetensors`;
    const { code, out, err } = await spikewatt(
      cwd,
      'crossover',
      file,
      ...FEW,
      '--steps',
      '4',
      '--rates',
      '10,30',
      '--quiet',
    );
    assert.equal(code, 0, err);
    assert.match(out, /spikes a neuron and step/);
    assert.match(out, /Batch +T +break-even/);
    assert.match(out, /Energy/);
    assert.doesNotMatch(out, /Written/);
  }
});

test('Ctrl-C leaves no result behind', async () => {
  const child = start(['crossover', 'tiny', '--no-onnx', '--out', 'stopped'], cwd);
  child.stderr.on('data', (text) => {
    if (String(text).includes('Load data')) setTimeout(() => child.kill('SIGINT'), 500);
  });
  const { code, err } = await finish(child);
  assert.equal(code, 130, err);
  assert.ok(!existsSync(join(cwd, 'stopped')));
});

test('what cannot be is refused', async () => {
  const refused = async (pattern: RegExp, ...args: readonly string[]): Promise<void> => {
    const { code, err } = await spikewatt(cwd, 'crossover', 'tiny', '--quiet', ...args);
    assert.equal(code, 2, err);
    assert.match(err, pattern);
  };
  await refused(/--rates: got 120, expected per cent above 0 and up to 100/, '--rates', '120');
  await refused(/--steps: got "two", expected whole numbers from 1 on/, '--steps', 'two');
  await refused(/--of: got "ann", expected snn or converted/, '--of', 'ann');
});
