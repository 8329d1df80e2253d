import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Probe } from '../lower/index.ts';
import { denseTally } from './synapse-tally.ts';

const probe: Extract<Probe, { kind: 'dense' }> = {
  kind: 'dense',
  layer: 'fc',
  inputs: 3,
  outputs: 2,
  bias: false,
  input: 'analog',
  executions: 2,
  counts: 'counts',
  x: 'x',
};

/** One batch of two samples: [sample][execution][input]. */
function tallyOf(x: readonly number[], weight: readonly number[], perCall: boolean) {
  const tally = denseTally(probe, Float32Array.from(weight), perCall);
  const counts = [0, 3, 6, 9].map((row) => x.slice(row, row + 3).filter((value) => value !== 0).length);
  tally.add((id) => (id === 'x' ? x : counts), 2);
  const activity = tally.finish();
  assert.ok(activity.kind === 'dense');
  return activity;
}

const WEIGHT = [1, 1, 1, 1, 1, 1];
const POOLED = [1, 0, -1, 0.5, 0, 0, 1, 1, 0, 0, 1, 1];

test('a call is one execution of one batch: ternary if no sample has another value', () => {
  const activity = tallyOf(POOLED, WEIGHT, true);
  assert.deepEqual(activity.nonzeroIn, [4, 3]);
  assert.deepEqual(activity.ternaryCallSynapses, [8, 0]);
  assert.equal(activity.inputValues, 'real');
  assert.equal(activity.meanAbsInput, 6.5 / 12);
  assert.equal(tallyOf(POOLED, WEIGHT, false).ternaryCallSynapses, undefined);
});

test('zero weights are left out of pairs, in calls too', () => {
  const activity = tallyOf(POOLED, [0, 1, 1, 1, 0, 0], true);
  assert.equal(activity.zeroWeights, 3);
  assert.deepEqual(activity.nonzeroSynapses, [1 + 0 + 1 + 2, 1 + 2 + 0]);
  assert.deepEqual(activity.ternaryCallSynapses, [4, 0]);
});
