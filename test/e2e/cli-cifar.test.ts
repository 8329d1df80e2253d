// The command line on CIFAR-10's files, made small: networks by name, conversion explained, errors a user meets.

import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { finish, spikewatt, start } from '../command-line.ts';
import { writeCifarFolder } from '../fixtures/cifar-folder.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-cifar-'));
after(() => rmSync(cwd, { recursive: true }));
writeCifarFolder(join(cwd, 'cifar'));

const STUDY = [
  ...['--data', 'cifar', '--network', 'cassetta-cifar-small-four', '--set', 'network.batchNorm=true'],
  ...[
    '--encoder',
    'constant',
    '--timesteps',
    '5',
    '--epochs',
    '3',
    '--batch-size',
    '20',
    '--convert-timesteps',
    '4,8',
    '--threads',
    '1',
  ],
];

async function fails(args: readonly string[], code: number, pattern: RegExp): Promise<void> {
  const result = await spikewatt(cwd, ...args);
  assert.equal(result.code, code, `${args.join(' ')}: ${result.err}`);
  assert.match(result.err, pattern);
  assert.equal(result.out, '');
}

test('a study of a CNN: what is said, what is kept, and the conversion explained from it', async () => {
  const run = await spikewatt(
    cwd,
    'compare',
    ...STUDY,
    '--out',
    'run',
    '--set',
    'decoder=mean-membrane',
    '--set',
    'training.snn.loss.kind=ce-membrane',
  );
  assert.equal(run.code, 0, run.err);
  assert.match(run.err, /^Load data +CIFAR-10: 180 to train, 20 to validate, 40 to test$/m);
  assert.match(run.out, /Tested on 40 images of CIFAR-10, not on all 10.000 of its official test set/);
  const record = JSON.parse(readFileSync(join(cwd, 'run', 'record.json'), 'utf8'));
  assert.deepEqual([record.version, record.data.normalize.by], [2, 'cifar10']);
  const names = record.networks.map(({ name }: { name: string }) => name);
  assert.deepEqual(names, ['ANN', 'SNN T=5', 'converted T=4', 'converted T=8']);
  const [ann, snn, , converted] = record.networks;
  assert.equal(ann.overTime, undefined);
  for (const network of [snn, converted]) {
    const { overTime, earlyStop, watched, stream, timesteps, ledger } = network;
    assert.equal(overTime.synops.length, timesteps);
    const whole = ledger.total.macs + ledger.total.acs;
    assert.ok(Math.abs(overTime.synops.at(-1) - whole) <= 1e-9 * whole, 'the last step is the whole run');
    assert.equal(earlyStop.points.length, 6);
    assert.equal(watched.length, 10);
    assert.ok(stream.latency.median > 0 && stream.samples === 10);
  }
  assert.equal(converted.diagnosis.layers.length, 7);
  assert.ok(converted.conversion.steps.length > 0);

  const explained = await spikewatt(cwd, 'runs', 'explain', 'run');
  assert.equal(explained.code, 0, explained.err);
  assert.match(explained.out, /^Before converting\n[\s\S]*^After: converted T=8\nAt T = 8 the conversion reads /m);

  const again = await spikewatt(cwd, 'convert', 'run', '--explain', '--out', 'again');
  assert.equal(again.code, 0, again.err);
  assert.match(again.out, /^Tried, one change at a time$/m);
  assert.match(again.out, /^ {2}T = 8 +\d+\.\d\d %/m);
  const document = JSON.parse(
    (await spikewatt(cwd, 'convert', 'run', '--json', '--out', 'again', '--set', 'convert.perChannel=true')).out,
  );
  assert.equal(document.diagnosis.timesteps, 8);
  assert.deepEqual(document.diagnosis.fixes, []);
});

test('networks are listed and shown, layer by layer', async () => {
  const list = await spikewatt(cwd, 'networks');
  assert.match(list.out, /^ {2}vgg16-cifar +\S/m);
  const { networks } = JSON.parse((await spikewatt(cwd, 'networks', '--json')).out);
  const vgg = networks.find(({ name }: { name: string }) => name === 'vgg16');
  assert.deepEqual([vgg.parameters, vgg.input], [138_357_544, [224, 224, 3]]);
  const shown = await spikewatt(cwd, 'networks', 'niederlechner-mnist-small');
  assert.match(shown.out, /^conv1 +conv 3x3, 32 filters +26x26x32 +320 +195 k$/m);
  const narrow = await finish(start(['networks', 'resnet20'], cwd, { COLUMNS: '60' }));
  assert.ok(narrow.out.split('\n').every((line) => line.length <= 60));
  await fails(
    ['networks', 'resnet-20'],
    2,
    /^error: networks: no network "resnet-20"; did you mean "resnet20"\? networks: /,
  );
  await fails(
    ['networks', 'vgg16', '--input', '28,28,1'],
    1,
    /pool "pool5": kernel \[2, 2\] is larger than its input \[1, 1, 512\]/,
  );
  await fails(['networks', 'vgg16', '--input', 'wide'], 2, /^error: --input: got wide, expected whole numbers/);
});

test('nothing is fetched unless asked, and damaged files are named', async () => {
  await fails(
    ['compare', '--data', 'cifar10', '--cache', 'empty', '--quiet', '--out', 'none'],
    2,
    /^error: data: "cifar10" is not in the cache empty; set download: true \(--download\) to fetch 162 MB from https:/,
  );
  mkdirSync(join(cwd, 'cut'));
  for (const name of readdirSync(join(cwd, 'cifar'))) copyFileSync(join(cwd, 'cifar', name), join(cwd, 'cut', name));
  truncateSync(join(cwd, 'cut', 'data_batch_3.bin'), 50_000);
  await fails(
    ['compare', ...STUDY, '--data', 'cut', '--quiet', '--out', 'none'],
    1,
    /^error: cut\/data_batch_3\.bin at byte 49168: truncated/,
  );
  const test = readFileSync(join(cwd, 'cifar', 'test_batch.bin'));
  test[3073] = 12;
  copyFileSync(join(cwd, 'cifar', 'data_batch_3.bin'), join(cwd, 'cut', 'data_batch_3.bin'));
  writeFileSync(join(cwd, 'cut', 'test_batch.bin'), test);
  await fails(
    ['compare', ...STUDY, '--data', 'cut', '--quiet', '--out', 'none'],
    1,
    /test_batch\.bin at byte 3073: label of image 1 is 12/,
  );
});

test('what cannot be converted is said before anything is trained, with every layer', async () => {
  await fails(
    [
      'compare',
      ...STUDY,
      '--network',
      'sew-resnet18-cifar',
      '--set',
      'network={preset: sew-resnet18-cifar, join: and}',
      '--quiet',
      '--out',
      'sew',
    ],
    1,
    /^error: network "sew-resnet18-cifar" cannot be converted to spikes; leave "converted" out .*\nlayer1\.0\.join, layer1\.1\.join, .*layer4\.1\.join: joins by and, .*; join by add/,
  );
});

test('a network that memory does not hold is said to be too large, and what of it are parameters', async () => {
  await fails(
    ['train', ...STUDY, '--as', 'ann', '--memory', '4', '--quiet', '--out', 'large'],
    1,
    /MiB .*4 MiB are allowed; .* Its parameters, with gradients and the optimiser's state, take 11 MiB by themselves$/m,
  );
});
