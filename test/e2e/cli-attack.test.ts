// Noise, faults and attacks through the command line: on a run, on files, as part of a comparison, stopped in the middle.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { attackDocumentSchema, summarySchema } from '../../src/experiment/index.ts';
import { type Finished, finish, spikewatt, start, TINY } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-attack-'));
after(() => rmSync(cwd, { recursive: true }));

const IMAGES = [...TINY, '--set', 'data.shape=[6,5,1]'];
/** Seconds: one noise, one fault, few sizes. */
const FEW = [
  ...['--noise', 'gaussian', '--faults', 'threshold-mismatch', '--epsilon', '0,0.1,1', '--samples', '30'],
  ...['--steps', '3', '--draws', '1', '--queries', '10', '--threads', '1'],
];
const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');
const recordOf = (run: string) => JSON.parse(read(join(run, 'record.json')));

let compared: Finished;
let attacked: Finished;
before(async () => {
  compared = await spikewatt(cwd, 'compare', ...IMAGES, '--out', 'runs/tiny', '--json', '--quiet');
  attacked = await spikewatt(cwd, 'attack', 'tiny', ...FEW, '--json');
});

test('a run is attacked: its networks under noise, faults and attacks, as one document', () => {
  assert.equal(compared.code, 0, compared.err);
  assert.equal(attacked.code, 0, attacked.err);
  const { run, networks, robustness, files } = attackDocumentSchema.parse(JSON.parse(attacked.out));
  assert.equal(run, summarySchema.parse(JSON.parse(compared.out)).id);
  assert.deepEqual(
    networks.map(({ name }) => name),
    ['ANN', 'SNN T=6', 'converted T=7'],
  );
  const reports = ['record.json', 'report.html', 'robustness-noise.csv', 'robustness-attacks.csv', 'robustness.tex'];
  for (const name of reports) {
    assert.ok(files.includes(`runs/tiny/${name}`), name);
    assert.ok(existsSync(join(cwd, 'runs/tiny', name)), name);
  }
  const [gaussian, mismatch] = robustness.noise;
  assert.deepEqual([gaussian!.kind, mismatch!.kind], ['gaussian', 'threshold-mismatch']);
  assert.notEqual(mismatch!.networks[0]!.notApplicable, null, 'an ANN has no thresholds');
  const roles = new Set(robustness.attack!.lines.map(({ role }) => role));
  assert.deepEqual([...roles].sort(), ['black-box', 'control', 'naive', 'proper', 'transfer', 'worst']);
  assert.match(attacked.err, /^Robustness .*2 disturbances and attacks of 3 sizes on 30 images/m);
});

test('undisturbed, the networks are as accurate as in the run', async () => {
  const all = await spikewatt(
    cwd,
    'attack',
    'tiny',
    ...FEW,
    '--samples',
    '40',
    '--out',
    'elsewhere',
    '--json',
    '--quiet',
  );
  assert.equal(all.code, 0, all.err);
  const { robustness } = attackDocumentSchema.parse(JSON.parse(all.out));
  const { networks } = summarySchema.parse(JSON.parse(compared.out));
  assert.equal(robustness.samples, networks[0]!.samples);
  for (const { network, accuracy } of robustness.noise[0]!.networks)
    assert.equal(accuracy[0], networks.find(({ name }) => name === network)!.accuracy, network);
  for (const { network, accuracy, role } of robustness.attack!.lines) {
    if (role === 'black-box') continue;
    assert.equal(accuracy[0], networks.find(({ name }) => name === network)!.accuracy, `${network}, ${role}`);
  }
  assert.equal(recordOf('elsewhere').robustness.samples, 40);
  assert.equal(recordOf('runs/tiny').robustness.samples, 30, 'the run itself is left as it was');
});

test('the record holds the result beside all it held, and the study that made it', async () => {
  const record = recordOf('runs/tiny');
  assert.deepEqual(record.study.robustness.attack.epsilons, [0, 0.1, 1]);
  assert.equal(record.robustness.samples, 30);
  const shown = summarySchema.parse(JSON.parse((await spikewatt(cwd, 'runs', 'show', 'tiny', '--json')).out));
  const { robustness, ...others } = shown;
  const { robustness: none, ...before } = summarySchema.parse(JSON.parse(compared.out));
  assert.equal(none, null);
  assert.deepEqual(others, before);
  assert.deepEqual(robustness, attackDocumentSchema.parse(JSON.parse(attacked.out)).robustness);
});

test('again gives the same numbers, on two threads too', async () => {
  const again = await spikewatt(
    cwd,
    'attack',
    'runs/tiny',
    ...FEW,
    '--threads',
    '2',
    '--out',
    'again',
    '--json',
    '--quiet',
  );
  assert.equal(again.err, '');
  const numbers = ({ out }: Finished): unknown => ({ ...JSON.parse(out).robustness, seconds: 0 });
  assert.deepEqual(numbers(again), numbers(attacked));
});

test('network files are attacked without a run, and kept where asked', async () => {
  const files = ['runs/tiny/ann.safetensors', 'runs/tiny/snn.safetensors'];
  const own = ['--no-noise', '--no-faults', '--epsilon', '0:0.2:0.1', '--samples', '20', '--steps', '2', '--quick'];
  const { code, out, err } = await spikewatt(cwd, 'attack', ...files, ...own, '--out', 'kept');
  assert.equal(code, 0, err);
  assert.match(out, /ANN/);
  assert.match(out, /SNN T=6/);
  assert.match(out, /Result: kept\/robustness\.json\n$/);
  const kept = JSON.parse(read('kept/robustness.json'));
  assert.deepEqual([kept.format, kept.robustness.samples, kept.robustness.noise], ['spikewatt-robustness', 20, []]);
  assert.deepEqual(kept.robustness.attack.epsilons, [0, 0.1, 0.2]);
});

test('compare does it too, on request', async () => {
  const args = ['--robustness', '--set', 'robustness.noise.kinds=[blur]', '--set', 'robustness.faults=null'];
  const small = ['--set', 'robustness.attack=null', '--set', 'robustness.samples=10'];
  const result = await spikewatt(cwd, 'compare', ...IMAGES, ...args, ...small, '--out', 'runs/both');
  assert.equal(result.code, 0, result.err);
  assert.match(result.out, /blur/i);
  assert.deepEqual(
    recordOf('runs/both').robustness.noise.map(({ kind }: { kind: string }) => kind),
    ['blur'],
  );
});

/** Fails with this code and one line on stderr that matches, nothing on stdout. */
async function fails(code: number, pattern: RegExp, ...args: readonly string[]): Promise<void> {
  const result = await spikewatt(cwd, 'attack', ...args, '--quiet');
  assert.equal(result.code, code, `${args.join(' ')}: ${result.err}`);
  assert.match(result.err, pattern);
  assert.equal(result.out, '', args.join(' '));
}

test("some of a run's networks alone", async () => {
  const some = await spikewatt(
    cwd,
    'attack',
    'runs/tiny',
    ...FEW,
    '--only',
    'ann,snn',
    '--out',
    'some',
    '--json',
    '--quiet',
  );
  assert.equal(some.code, 0, some.err);
  const { networks, robustness } = attackDocumentSchema.parse(JSON.parse(some.out));
  assert.deepEqual(
    networks.map(({ name }) => name.split(' ')[0]),
    ['ANN', 'SNN'],
  );
  assert.ok(robustness.attack!.lines.every(({ network }) => !network.startsWith('converted')));
  await fails(
    2,
    /^error: --only: got "cnn", expected some of those of the run: ann, snn, converted\n$/,
    'tiny',
    '--only',
    'cnn',
  );
  const file = 'runs/tiny/ann.safetensors';
  await fails(2, /^error: --only: picks networks of a run, got 1 files; /, file, '--only', 'ann');
});

test('what cannot be attacked is told with what to do', async () => {
  await fails(1, /^error: runs\/none: there is no such file; .*"spikewatt runs list"\n$/, 'none');
  mkdirSync(join(cwd, 'runs/half'));
  writeFileSync(join(cwd, 'runs/half/run.json'), '{}');
  await fails(
    1,
    /^error: runs\/half: the run there is not finished; first: npx spikewatt compare --resume runs\/half\n$/,
    'half',
  );
  mkdirSync(join(cwd, 'runs/bare'));
  copyFileSync(join(cwd, 'runs/tiny/record.json'), join(cwd, 'runs/bare/record.json'));
  await fails(1, /^error: runs\/bare: holds none of the run's networks \(ann\.safetensors, /, 'bare');
  await fails(
    2,
    /^error: networks: got "tiny" among 2 paths; give one run, or \.safetensors files\n$/,
    'tiny',
    'a.safetensors',
  );
  const ann = 'runs/tiny/ann.safetensors';
  await fails(2, /^error: networks: got runs\/tiny\/ann\.safetensors twice; give each file once\n$/, ann, ann);
});

test('settings that cannot be are refused, with the option as it was written', async () => {
  await fails(
    2,
    /^error: robustness\.attack\.epsilons: got \[0\.3,0\.1\], expected numbers that rise \(--epsilon 0\.3,0\.1\)\n$/,
    'tiny',
    '--epsilon',
    '0.3,0.1',
  );
  await fails(2, /^error: robustness\.attack\.epsilons\[0\]: got -1, /, 'tiny', '--epsilon=-1,0');
  await fails(
    2,
    /^error: robustness\.attack\.epsilons: got 500, but the pixels of "blobs" lie between /,
    'tiny',
    '--epsilon',
    '500',
  );
  await fails(
    2,
    /^error: seed: differs from the run's own, .* give the run's \.safetensors files instead/,
    'tiny',
    '--seed',
    '9',
  );
  await fails(
    2,
    /^error: robustness\.convertedTimesteps: got 4, expected one of convert\.timesteps: 3, 7\n$/,
    'tiny',
    '--set',
    'robustness.convertedTimesteps=4',
  );
});

test('a network that does not fit the data is named', async () => {
  const misfit =
    /^error: runs\/tiny\/ann\.safetensors: takes 30 values \(\[6, 5, 1\]\), a sample of "blobs" has 7 \(\[7\]\); give the data it was trained on with --data\n$/;
  await fails(2, misfit, 'runs/tiny/ann.safetensors', '--set', 'data.shape=null');
});

test('Ctrl-C leaves the record as it was', async () => {
  const before = read('runs/tiny/record.json');
  const long = ['--samples', '40', '--steps', '400', '--epsilon', '0:1:0.01', '--draws', '50', '--threads', '1'];
  const child = start(['attack', 'tiny', ...long, '--noise', 'gaussian'], cwd);
  const ended = finish(child);
  // By then the data is loaded, and what is to come takes minutes.
  child.stderr.once('data', () => child.kill('SIGINT'));
  const { code, out, err } = await ended;
  assert.equal(code, 130, err);
  assert.equal(out, '');
  assert.match(err, /^stopped; nothing was written, and the same command starts again\n$/m);
  assert.equal(read('runs/tiny/record.json'), before);
});

test('a comparison stopped while it attacks can be gone on with, its training done', async () => {
  const long = ['--set', 'robustness.attack.steps=400', '--set', 'robustness.draws=50', '--set', 'doctor.samples=0'];
  const child = start(['compare', ...IMAGES, '--robustness', ...long, '--out', 'runs/stopped'], cwd);
  const ended = finish(child);
  child.stderr.on('data', (text: string) => {
    if (text.includes('Test converted T=7')) setTimeout(() => child.kill('SIGINT'), 200);
  });
  const { code, err } = await ended;
  assert.equal(code, 130, err);
  assert.match(err, /^stopped; what was done is saved\. Go on with: npx spikewatt compare --resume runs\/stopped\n$/m);
  assert.ok(existsSync(join(cwd, 'runs/stopped/snn.safetensors')) && existsSync(join(cwd, 'runs/stopped/run.json')));
  assert.ok(!existsSync(join(cwd, 'runs/stopped/record.json')));
});
