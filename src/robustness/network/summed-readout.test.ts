import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  batchNorm,
  conv,
  dense,
  flatten,
  globalPool,
  integrator,
  type LayerSpec,
  lif,
  network,
  slot,
} from '../../model/index.ts';
import { dividedBy, summedReadout } from './summed-readout.ts';

const readoutOf = (...layers: LayerSpec[]): string | undefined =>
  summedReadout(network('n', [4, 4, 2], [flatten('f0'), dense('first', 8), slot('s1', lif()), ...layers]));

test('a last layer without neuron is summed, and so is one before an integrator', () => {
  assert.equal(readoutOf(dense('out', 3)), 'out');
  assert.equal(readoutOf(dense('out', 3), slot('sum', integrator({ beta: 1 }))), 'out');
  assert.equal(readoutOf(dense('before', 5), dense('out', 3)), 'out');
  const maps = network(
    'n',
    [4, 4, 2],
    [slot('s1', lif()), conv('out', 3, 3), globalPool('gap', 'average'), flatten('f')],
  );
  assert.equal(summedReadout(maps), 'out');
});

test('what leaks, fires or is normalised is not summed', () => {
  assert.equal(readoutOf(dense('out', 3), slot('s2', lif())), undefined);
  assert.equal(readoutOf(dense('out', 3), slot('leak', integrator({ beta: 0.9 }))), undefined);
  assert.equal(readoutOf(dense('out', 3), batchNorm('norm')), undefined);
  assert.equal(
    readoutOf(dense('out', 3), slot('a', integrator({ beta: 1 })), slot('b', integrator({ beta: 1 }))),
    undefined,
  );
  assert.equal(readoutOf(), undefined);
  assert.equal(summedReadout(network('n', [3], [slot('sum', integrator({ beta: 1 }))])), undefined);
});

test('only that layer is divided, its bias too', () => {
  const weights = new Map([
    ['a/weight', Float32Array.of(4)],
    ['b/weight', Float32Array.of(8, -2)],
    ['b/bias', Float32Array.of(1)],
  ]);
  const divided = dividedBy(4, 'b', weights);
  assert.deepEqual(
    [...divided.values()].map((values) => [...values]),
    [[4], [2, -0.5], [0.25]],
  );
  assert.deepEqual([...weights.get('b/weight')!], [8, -2]);
});
