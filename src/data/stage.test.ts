import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from './dataset.ts';
import { stageSamples } from './stage.ts';

const dataset = (values: Dataset['values'], scale: number): Dataset => ({
  name: 'd',
  source: 'test',
  classes: ['a', 'b'],
  shape: [2],
  samples: 3,
  values,
  scale,
  labels: Uint8Array.of(0, 1, 0),
});

test('bytes are staged unscaled and without a copy', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const staged = stageSamples(dataset(bytes, 1 / 255), 1, 3);
  assert.deepEqual(staged, Uint8Array.of(3, 4, 5, 6));
  assert.equal(staged.buffer, bytes.buffer);
});

test('floats are staged scaled', () => {
  assert.deepEqual(
    stageSamples(dataset(Float32Array.of(1, 2, 3, 4, 5, 6), 0.5), 0, 2),
    Float32Array.of(0.5, 1, 1.5, 2),
  );
  const plain = Float32Array.of(1, 2, 3, 4, 5, 6);
  assert.equal(stageSamples(dataset(plain, 1), 0, 2).buffer, plain.buffer);
});
