// The table of a profile: rows in order, rates, the roof; and a real program's times add up to the wall time.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { referenceBackend, type Timeline, wasmBackend } from '../engine/index.ts';
import { lower, writeWeights } from '../lower/index.ts';
import { initialWeights, mlp } from '../model/index.ts';
import { aggregate } from './aggregate.ts';
import { rowKey } from './plan-work.ts';
import { attainable, type Roof } from './roof.ts';
import { measureRoof } from './roofline.ts';
import type { Work } from './work.ts';

const backend = await wasmBackend({ threads: 2 });
after(() => backend.close());

const ROOF: Roof = {
  ...{ source: 'measured', threads: 2, seconds: 1 },
  flopsPerSecond: { one: 60, all: 100 },
  bandwidths: [
    { workingSet: 100, bytesPerSecond: { one: 20, all: 40 } },
    { workingSet: 1000, bytesPerSecond: { one: 8, all: 10 } },
  ],
};

test('the roof: arithmetic, or the bandwidth of the smallest working set that holds the operands', () => {
  assert.deepEqual(attainable(ROOF, { flops: 100, bytes: 20, workingSet: 50 }), { seconds: 2, bound: 'compute' });
  assert.deepEqual(attainable(ROOF, { flops: 10, bytes: 40, workingSet: 50 }), { seconds: 2, bound: 'cache' });
  assert.deepEqual(attainable(ROOF, { flops: 10, bytes: 40, workingSet: 101 }), { seconds: 8, bound: 'memory' });
  assert.deepEqual(attainable(ROOF, { flops: 10, bytes: 40, workingSet: 1e9 }), { seconds: 8, bound: 'memory' });
});

/** Two batches on two threads: each runs a small layer for 1 ms and a slow one for 100 ms. */
const PLANTED: Timeline = {
  threads: 2,
  operations: [
    { kernel: 'dense', layer: 'small', stage: 'forward', index: 0 },
    { kernel: 'dense', layer: 'slow', stage: 'forward', index: 1 },
  ],
  calls: [0, 1].map((k) => ({ call: 'run', begin: 200 * k, end: 200 * k + 110 })),
  events: [0, 1].flatMap((k) =>
    [0, 1].flatMap((thread) => [
      { thread, operation: 0, item: thread, begin: 200 * k + 5, end: 200 * k + 6 },
      { thread, operation: 1, item: thread, begin: 200 * k + 6, end: 200 * k + 106 },
    ]),
  ),
};

test('a planted slow kernel is the first row, with its rates and its share of the roof', () => {
  const work: Work = {
    dense: { multiplyAdds: 20, additions: 0 },
    done: { multiplyAdds: 0, additions: 4 },
    ...{ read: 1, written: 1 },
  };
  const key = rowKey({ stage: 'forward', layer: 'slow', kernel: 'dense' });
  const table = aggregate(PLANTED, { works: new Map([[key, work]]), roof: ROOF });
  const [slow, small] = table.rows;
  assert.deepEqual([slow!.layer, slow!.calls, slow!.seconds], ['slow', 4, 0.4]);
  assert.deepEqual([small!.layer, small!.seconds, small!.rates], ['small', 0.004, undefined]);
  assert.equal(slow!.share, 0.4 / 0.44);
  // Two batches: 8 additions, 4 bytes; on one of two threads 50 flops and 20 bytes a second.
  const { roofShare, bound, ...rates } = slow!.rates!;
  assert.deepEqual(rates, { flopsPerSecond: 20, denseFlopsPerSecond: 200, bytesPerSecond: 10, intensity: 2 });
  assert.deepEqual([roofShare, bound], [0.2 / 0.4, 'cache']);
});

test('kernels, waits, idle and caller add up to the wall time of the steps within 5 %', () => {
  const spec = mlp([784, 128, 10]);
  const lowered = lower(spec, {
    ...{ mode: 'snn', timesteps: 10, purpose: 'train', input: { source: 'bytes' } },
    ...{ loss: { kind: 'ce-count' }, optimizer: { kind: 'adam' } },
  });
  const samples = 64;
  const program = backend.compile(lowered.plan, { samples, probe: true });
  writeWeights(program, lowered, initialWeights(spec, 1));
  const input = Uint8Array.from({ length: samples * 784 }, (_, i) => (i * 37) % 256);
  const labels = Uint8Array.from({ length: samples }, (_, i) => i % 10);
  let milliseconds = 0;
  for (let step = 0; step < 40; step++) {
    const begin = performance.now();
    program.run({ samples, input, labels, seed: 0, epoch: 0 });
    program.update({ learningRate: 0, step: 1 });
    milliseconds += performance.now() - begin;
  }
  const { rows, waitSeconds, idleSeconds, callerSeconds, threads } = aggregate(program.timeline!());
  program.close();
  const sum = rows.reduce((total, { seconds }) => total + seconds, waitSeconds + idleSeconds + callerSeconds);
  const wall = (threads * milliseconds) / 1e3;
  assert.ok(Math.abs(sum / wall - 1) < 0.05, `${sum} s of ${wall} s`);
  assert.ok(rows.length > 10 && rows.every(({ seconds, calls }) => seconds > 0 && calls > 0));
});

test('the measured roof: larger working sets are listed after smaller ones, and every rate is a rate', () => {
  const roof = measureRoof(backend);
  assert.deepEqual([roof.source, roof.threads], ['measured', 2]);
  const sets = roof.bandwidths.map(({ workingSet }) => workingSet);
  assert.deepEqual(
    sets,
    [...sets].sort((a, b) => a - b),
  );
  for (const { one, all } of [roof.flopsPerSecond, ...roof.bandwidths.map(({ bytesPerSecond }) => bytesPerSecond)])
    assert.ok(one > 1e6 && Number.isFinite(one) && all > 1e6 && Number.isFinite(all), `${one}, ${all}`);
});

test('a backend that notes no times has no roof', () => {
  assert.throws(() => measureRoof(referenceBackend()), /cannot note when its operations ran; use the wasm engine/);
});
