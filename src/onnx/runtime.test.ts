// The optional runtime: found, missing, too old, something else; files it refuses; comparing and timing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomWeights } from '../../test/fixtures/random-networks.ts';
import { ConfigError, DataError } from '../core/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { conv, flatten, globalPool, lif, mlp, network, slot } from '../model/index.ts';
import { checkOnnx, compared } from './check.ts';
import { exportOnnx } from './export.ts';
import { type OnnxRuntimeOptions, openOnnx } from './runtime.ts';
import { timeOnnx } from './time.ts';

const WEB: OnnxRuntimeOptions = { providers: ['onnxruntime-web'] };
const spec = mlp([6, 5, 3]);
const weights = randomWeights(spec, 1);
const model = exportOnnx(spec, weights);
const probe = await openOnnx(model, WEB);
const skip = 'unavailable' in probe ? probe.unavailable : false;
if (!('unavailable' in probe)) await probe.close();

const loading = (load: OnnxRuntimeOptions['load']): OnnxRuntimeOptions => ({ load: load! });

test('without a runtime the answer is why, and what to install', async () => {
  const missing = loading(async (provider) => {
    throw Object.assign(new Error(`Cannot find package '${provider}' imported from here`), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
  });
  const none =
    'onnxruntime-node is not installed; onnxruntime-web is not installed. To have one: npm install onnxruntime-node (or onnxruntime-web, which is WebAssembly)';
  assert.deepEqual(await openOnnx(model, missing), { unavailable: none });
  assert.deepEqual(await checkOnnx(model, spec, weights, referenceBackend(), missing), { unavailable: none });
  assert.deepEqual(await timeOnnx(model, new Float32Array(6), { batch: 1, ...missing }), { unavailable: none });
});

test('a runtime that does not load, or is none, is named', async () => {
  const odd = loading(async (provider) => {
    if (provider === 'onnxruntime-node') throw new Error('libonnxruntime.so.1: cannot open shared object file');
    return { default: { InferenceSession: {} } };
  });
  const answer = await openOnnx(model, odd);
  assert.ok('unavailable' in answer);
  assert.match(
    answer.unavailable,
    /^onnxruntime-node does not load: libonnxruntime\.so\.1: .*; onnxruntime-web is not ONNX Runtime\. To have one/,
  );
});

/** A stand-in for the module. */
const standIn = (session: object, versions: object = { common: '1.2.3' }) => ({
  default: { env: { versions, wasm: {} }, Tensor: Array, InferenceSession: { create: async () => session } },
});

test('a runtime that does not say what a file takes is too old', async () => {
  let released = false;
  const release = async (): Promise<void> => {
    released = true;
  };
  const old = standIn({ release });
  const answer = await openOnnx(
    model,
    loading(async () => old),
  );
  assert.ok('unavailable' in answer && released);
  assert.match(answer.unavailable, /^onnxruntime-node 1\.2\.3 is too old\. To have a newer one: npm install/);
});

test('threads are as asked, and whole numbers', async () => {
  const session = { inputMetadata: [{ shape: ['N', 6] }], release: async () => undefined };
  const asked: object[] = [];
  const module = standIn(session, { node: '1.9.0' });
  const create = async (_: unknown, options: object): Promise<object> => {
    asked.push(options);
    return session;
  };
  const recording = { ...module.default, InferenceSession: { create } };
  const opened = await openOnnx(model, { threads: 3, load: async () => recording });
  assert.ok('run' in opened);
  assert.deepEqual([opened.threads, opened.version, opened.sampleSize], [3, '1.9.0', 6]);
  assert.deepEqual(asked, [{ executionProviders: ['cpu'], intraOpNumThreads: 3, interOpNumThreads: 1 }]);
  await assert.rejects(openOnnx(model, { threads: 0 }), {
    name: ConfigError.name,
    message: 'threads: got 0, expected a whole number from 1 on',
  });
});

test('a file that is none is refused', { skip }, async () => {
  await assert.rejects(openOnnx(Uint8Array.of(1, 2, 3), WEB), {
    name: DataError.name,
    message: /^ONNX model: ONNX Runtime refuses it: /,
  });
});

test('input that is no whole sample is refused', { skip }, async () => {
  const session = await openOnnx(model, WEB);
  assert.ok('run' in session);
  assert.equal(session.provider, 'onnxruntime-web');
  assert.match(session.version, /^1\.\d+\.\d+/);
  const message = /^input: got 7 values, expected whole samples of 6 \(\[6\]\)$/;
  await assert.rejects(session.run(new Float32Array(7)), { name: ConfigError.name, message });
  await session.close();
});

test('a right file agrees with the engine, that of other weights does not', { skip }, async () => {
  const backend = referenceBackend();
  const good = await checkOnnx(model, spec, weights, backend, WEB);
  assert.ok('agrees' in good);
  assert.deepEqual([good.agrees, good.differing, good.samples], [true, 0, 16]);
  assert.ok(good.largestDifference < 1e-6);
  const bad = await checkOnnx(exportOnnx(spec, randomWeights(spec, 2)), spec, weights, backend, WEB);
  assert.ok('agrees' in bad);
  assert.deepEqual([bad.agrees, bad.differing], [false, 16]);
});

test('the check follows layout and normalisation', { skip }, async () => {
  const cnn = network('cnn', [4, 5, 2], [conv('c1', 3, 2), slot('s1', lif()), globalPool('g'), flatten()]);
  const values = randomWeights(cnn, 3);
  const options = { layout: 'nchw', normalize: { mean: [0.2, 0.7], deviation: [0.5, 0.25] } } as const;
  const file = exportOnnx(cnn, values, options);
  const right = await checkOnnx(file, cnn, values, referenceBackend(), { ...WEB, ...options });
  assert.ok('agrees' in right && right.agrees);
  const wrong = await checkOnnx(file, cnn, values, referenceBackend(), { ...WEB, layout: 'nchw' });
  assert.ok('agrees' in wrong && !wrong.agrees);
});

test('few samples may cross a step where there are steps, none where there are not', () => {
  const ours = new Float32Array(32).fill(2);
  const one = Float32Array.from(ours, (value, k) => (k === 5 ? 1 : value));
  assert.deepEqual(compared(one, ours, 16, true), { largestDifference: 0.5, differing: 1, agrees: true });
  assert.deepEqual(compared(one, ours, 16, false), { largestDifference: 0.5, differing: 1, agrees: false });
  const many = Float32Array.from(ours, (value, k) => (k < 6 ? 1 : value));
  assert.equal(compared(many, ours, 16, true).agrees, false);
  const broken = Float32Array.from(ours, (value, k) => (k === 31 ? Number.NaN : value));
  assert.equal(compared(broken, ours, 16, false).largestDifference, Number.POSITIVE_INFINITY);
  assert.equal(compared(ours.subarray(0, 30), ours, 16, false).agrees, false);
});

test('a file is timed batch by batch', { skip }, async () => {
  const timing = await timeOnnx(model, new Float32Array(6 * 7), { batch: 3, repeats: 4, ...WEB });
  assert.ok('medianSeconds' in timing);
  assert.deepEqual([timing.provider, timing.batch, timing.repeats], ['onnxruntime-web', 3, 4]);
  assert.ok(timing.minSeconds > 0 && timing.minSeconds <= timing.medianSeconds);
  const timed = (input: number, options: { batch: number; repeats?: number }) =>
    timeOnnx(model, new Float32Array(input), { ...WEB, ...options });
  await assert.rejects(
    timed(12, { batch: 3 }),
    /^ConfigError: input: got 12 values, expected at least 18: 3 samples of 6$/,
  );
  await assert.rejects(timed(12, { batch: 0 }), /^ConfigError: batch: got 0, expected a whole number from 1 on$/);
  await assert.rejects(timed(12, { batch: 1, repeats: 1.5 }), /^ConfigError: repeats: got 1\.5, expected/);
});
