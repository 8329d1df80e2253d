import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFixture } from '../../test/fixtures/record.ts';
import { countsOf } from '../measure/index.ts';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  depthwise,
  flatten,
  globalPool,
  lif,
  network,
  slot,
} from '../model/index.ts';
import { layerWords } from './layer-words.ts';
import { mergeOrder } from './merge-order.ts';
import { otherOperations, stagesOf } from './stages.ts';

const spec = network(
  'net',
  [9, 7, 3],
  [
    conv('c1', 8, [3, 5], { padding: [1, 2] }),
    batchNorm('n1'),
    slot('a1', lif()),
    depthwise('c2', 8, 3, { padding: 1 }),
    add('sum', 'c2', 'a1'),
    slot('a2', lif()),
    averagePool('p', 2),
    conv('c3', 6, 1, { stride: [2, 1], groups: 2 }),
    globalPool('g'),
    flatten(),
    dense('fc', 10),
    slot('out', lif()),
  ],
);

test('layers are told by window, filters and units; what has none by the layer before it', () => {
  const words = Object.fromEntries(spec.layers.map(({ name }) => [name, layerWords(spec, name)]));
  assert.equal(words.c1, '3×5, 8');
  assert.equal(words.n1, '3×5, 8');
  assert.equal(words.a1, '3×5, 8');
  assert.equal(words.c2, '3×3 depthwise, 8');
  assert.equal(words.a2, '3×3 depthwise, 8', 'through the first path of the join');
  assert.equal(words.p, 'average 2×2');
  assert.equal(words.c3, '1×1 in 2 groups, 6, stride 2×1');
  assert.equal(words.g, 'average, whole map');
  assert.equal(words.out, '10 units');
  assert.equal(layerWords(spec, 'nothing'), '');
});

test('a stage is a layer with weights and what follows it, and stages add up to the ledger', () => {
  const { ledger } = recordFixture().networks[1]!;
  const stages = stagesOf(ledger);
  assert.deepEqual(
    stages.map(({ name, layers }) => [name, layers]),
    [
      ['input', 1],
      ['fc1', 2],
      ['fc2', 2],
    ],
  );
  assert.equal(
    stages.reduce((sum, { counts }) => sum + counts.neuronUpdates, 0),
    ledger.total.neuronUpdates,
  );
});

test('other operations are all but those of synapses, neurons and memory', () => {
  const counts = countsOf({
    macs: 1,
    acs: 2,
    neuronUpdates: 4,
    biasAcs: 8,
    poolCompares: 16,
    joinOps: 32,
    weightReads: 64,
  });
  assert.equal(otherOperations(counts), 56);
});

test('a name that an earlier list lacks comes after the one before it', () => {
  assert.deepEqual(
    mergeOrder([
      ['a', 'b', 'c'],
      ['a', 'x', 'b', 'y'],
      ['z', 'c'],
    ]),
    ['z', 'a', 'x', 'b', 'y', 'c'],
  );
  assert.deepEqual(mergeOrder([]), []);
});
