import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomWeights } from '../../../test/fixtures/random-networks.ts';
import {
  add,
  batchNorm,
  conv,
  dense,
  dropout,
  flatten,
  globalPool,
  join,
  type LayerSpec,
  lif,
  maxPool,
  network,
  type SlotSpec,
  slot,
  softmax,
} from '../../model/index.ts';
import { examine } from '../index.ts';

const act = (name: string, ann: SlotSpec['ann'] = 'relu'): LayerSpec => slot(name, lif(), { ann });

const net = network(
  'net',
  [6, 6, 2],
  [
    conv('c1', 4, 3, { padding: 1 }),
    batchNorm('n1'),
    act('r1'),
    maxPool('p1', 2),
    conv('c2', 6, 2),
    act('r2', { kind: 'leaky-relu', slope: 0.1 }),
    flatten(),
    dense('out', 3),
  ],
);

test('an examination says what is dropped, lost and paid for', () => {
  const spec = network(
    'net',
    [6, 6, 2],
    [
      conv('c1', 4, 3, { padding: 1 }),
      act('r1', 'relu6'),
      conv('c2', 4, 1),
      add('sum', 'r1', 'c2'),
      act('r2', { kind: 'leaky-relu', slope: 0.1 }),
      dropout('drop', 0.5),
      globalPool('g'),
      flatten(),
      dense('d1', 5),
      act('r3', { kind: 'quantized', levels: 8, ceiling: 4 }),
      dense('out', 3),
      softmax('soft'),
    ],
  );
  const findings = examine(spec, randomWeights(spec, 1));
  assert.deepEqual(
    findings.map(({ layer, severity }) => `${severity} ${layer}`),
    ['note r1', 'costs sum', 'costs r2', 'note drop', 'note r3', 'note soft', 'costs d1'],
  );
  assert.match(findings.at(-1)!.remedy, /raise foldLimit above 5/);
  assert.match(findings[4]!.remedy, /run 8 steps: other numbers round to other levels/);
  const pools = examine(net, randomWeights(net, 1));
  assert.deepEqual(
    pools.map(({ layer, severity }) => `${severity} ${layer}`),
    ['loses p1', 'costs r2'],
  );
  assert.match(examine(net, randomWeights(net, 1), { maxPool: 'or' })[0]!.remedy, /maxPool: winner/);
});

test('an examination lists every layer that cannot be converted, and deep networks', () => {
  const spec = network(
    'net',
    [6, 6, 2],
    [
      conv('c1', 2, 3),
      act('r1', 'identity'),
      conv('c2', 2, 1),
      act('r2'),
      join('both', 'iand', ['r1', 'r2']),
      flatten(),
      dense('out', 3),
    ],
  );
  const refused = examine(spec, randomWeights(spec, 1)).filter(({ severity }) => severity === 'refused');
  assert.deepEqual(
    refused.map(({ layer }) => layer),
    ['r1', 'both'],
  );
  const flat = network('flat', [4], [dense('a', 3), act('r'), batchNorm('n'), dense('out', 2)]);
  assert.deepEqual(examine(flat, randomWeights(flat, 1))[0]!.layer, 'n');
  const deep = network(
    'deep',
    [4],
    [...Array.from({ length: 10 }, (_, i) => [dense(`d${i}`, 4), act(`r${i}`)]).flat(), dense('out', 2)],
  );
  assert.match(examine(deep, randomWeights(deep, 1))[0]!.problem, /10 layers of neurons: rates settle late/);
});
