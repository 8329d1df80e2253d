// A recurrent layer whose decay learns: backward needs the whole current, recurrent input included, on every backend.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng, STREAM } from '../../src/core/index.ts';
import { type Backend, referenceBackend } from '../../src/engine/index.ts';
import { wasmBackend } from '../../src/engine/wasm/index.ts';
import { lower, writeWeights } from '../../src/lower/index.ts';
import { dense, initialWeights, network, recurrentLif, slot } from '../../src/model/index.ts';
import { assertCloseToScale } from '../closeness.ts';

const SPEC = network(
  'recurrent',
  [5],
  [
    ...[dense('fc1', 7), slot('rec1', recurrentLif({ tau: 2.5, inputDecay: true, learn: { decay: true } }))],
    ...[dense('fc2', 3), slot('rec2', recurrentLif({ beta: 0.9, learn: { decay: true } }))],
  ],
);

function gradients(backend: Backend): Map<string, ArrayLike<number>> {
  const lowered = lower(SPEC, {
    ...{ mode: 'snn', timesteps: 6, input: { source: 'floats' }, purpose: 'train' },
    ...{ loss: { kind: 'ce-rate' }, optimizer: { kind: 'adam' } },
  });
  const program = backend.compile(lowered.plan, { samples: 4 });
  writeWeights(program, lowered, initialWeights(SPEC, 3));
  const from = rng(5, STREAM.noise);
  const input = Float32Array.from({ length: 4 * 5 }, () => 2 * from.normal());
  program.run({ samples: 4, input, labels: Uint8Array.of(0, 1, 2, 0), seed: 1, epoch: 0 });
  const found = lowered.plan.parameters
    .filter(({ id }) => id.endsWith('@grad'))
    .map(({ id }) => [id, program.read(id)] as const);
  program.close();
  return new Map(found);
}

test('a recurrent layer with a learned decay trains the same on both backends', async () => {
  const wasm = await wasmBackend({ threads: 1 });
  const actual = gradients(wasm);
  await wasm.close();
  const expected = gradients(referenceBackend());
  assert.ok([...expected].some(([id, values]) => /rec1@b@grad/.test(id) && Array.from(values).some((v) => v !== 0)));
  for (const [id, values] of expected) assertCloseToScale(id, actual.get(id)!, values, 1e-4);
});
