// `spikewatt export` as a user runs it: the file, the check, what is refused.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCli } from '../../src/cli/run.ts';
import { exportOnnx, openOnnx } from '../../src/onnx/index.ts';
import { decodeNetworkFile, encodeNetworkFile, readRecord, writeRecord } from '../../src/store/index.ts';
import { type Finished, spikewatt, TINY } from '../command-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'spikewatt-export-'));
after(() => rmSync(cwd, { recursive: true }));

/** The command in this process, as each process of its own takes a second to start; paths are absolute. */
async function exportHere(...args: readonly string[]): Promise<Finished> {
  const texts = { out: '', err: '' };
  const terminal = {
    ...{ interactive: false, width: 100, color: false },
    out: (text: string): void => {
      texts.out += text;
    },
    err: (text: string): void => {
      texts.err += text;
    },
  };
  return { code: await runCli(['export', ...args], terminal, new AbortController().signal), ...texts };
}

const at = (...parts: readonly string[]): string => join(cwd, 'runs/tiny', ...parts);

before(async () => {
  const { code, err } = await spikewatt(cwd, 'compare', ...TINY, '--compare', 'ann,snn', '--out', 'runs/tiny');
  assert.equal(code, 0, err);
  // made-up data has no normalisation of its own; the command goes by the record
  const record = await readRecord(at('record.json'));
  const normalize = { by: 'given', mean: [0.25], deviation: [0.5] };
  await writeRecord(at(), { ...record, data: { ...record.data, normalize } });
});

const installed = await (async (): Promise<boolean> => {
  const opened = await openOnnx(new Uint8Array()).catch(() => undefined);
  return opened === undefined || !('unavailable' in opened);
})();

test('a run is exported as it was deployed, with its normalisation and classes, and checked', async () => {
  const { code, out, err } = await spikewatt(cwd, 'export', 'runs/tiny');
  assert.deepEqual([code, err], [0, '']);
  assert.match(
    out,
    /^Network {8}mlp-\S+, \d+ parameters\nInput {10}input \[N, \d+.*\], pixels, normalised by the file\n/,
  );
  assert.match(out, /\nOutput {9}logits \[N, \d+\]\n/);
  assert.match(out, /\nWritten {8}runs\/tiny\/ann\.onnx, [\d.]+ KiB\n$/);
  const check = installed
    ? /\nCheck {10}checked against ONNX Runtime 1\.\d+\.\d+ \(onnxruntime-\w+\): largest difference \de-\d+ of the largest output, 16 random samples\n/
    : /\nCheck {10}not run: onnxruntime-node is not installed; .* To have one: npm install onnxruntime-node/;
  assert.match(out, check);
  const { spec, weights } = decodeNetworkFile('ann', readFileSync(at('ann.safetensors')));
  const { normalize, classes } = (await readRecord(at('record.json'))).data;
  assert.ok(normalize !== undefined);
  const expected = exportOnnx(spec, weights, { layout: 'nhwc', normalize, classes });
  assert.ok(Buffer.from(expected).equals(readFileSync(at('ann.onnx'))));
});

test('--out names a file or a folder, and a file that exists is replaced whole', async () => {
  const other = join(cwd, 'other.onnx');
  writeFileSync(other, 'old');
  const options = ['--out', other, '--no-check', '--no-normalize', '--layout', 'nchw', '--json'];
  const { code, out, err } = await exportHere(at('ann.safetensors'), ...options);
  assert.deepEqual([code, err], [0, '']);
  const document = JSON.parse(out);
  assert.deepEqual([document.file, document.check, document.input.normalize], [other, null, null]);
  assert.equal(readFileSync(other).length, document.bytes);
  mkdirSync(join(cwd, 'folder'));
  assert.equal((await exportHere(at(), '--out', join(cwd, 'folder'), '--no-check')).code, 0);
  assert.deepEqual(readdirSync(join(cwd, 'folder')), ['ann.onnx']);
});

test('what cannot be exported is refused in one line, and nothing is written', async () => {
  const before = readdirSync(at()).sort();
  const refused = async (args: readonly string[], expected: number, pattern: RegExp): Promise<void> => {
    const { code, out, err } = await exportHere(...args);
    assert.match(err, pattern);
    assert.deepEqual([code, out], [expected, '']);
  };
  await refused(
    [at('snn.safetensors')],
    2,
    /^error: network: got a network read as "snn", T=6, expected an ANN: .*\n$/,
  );
  const { spec, weights, reading } = decodeNetworkFile('snn', readFileSync(at('snn.safetensors')));
  const converted = encodeNetworkFile({ spec, weights, reading: { ...reading, kind: 'converted' } });
  writeFileSync(join(cwd, 'converted.safetensors'), converted);
  await refused(
    [join(cwd, 'converted.safetensors')],
    2,
    /^error: network: got a network read as "converted", T=6, expected an ANN/,
  );
  await refused([join(cwd, 'none')], 1, /^error: \S+none: .*\n$/);
  const safetensors = ['--out', at('ann.safetensors')];
  await refused(
    [at(), ...safetensors],
    2,
    /^error: --out: got ".*\/ann\.safetensors", expected a name that ends in \.onnx/,
  );
  await refused([at(), '--layout', 'chw'], 2, /'chw' is invalid\. Allowed choices are nhwc, nchw/);
  assert.deepEqual(readdirSync(at()).sort(), before);
});
