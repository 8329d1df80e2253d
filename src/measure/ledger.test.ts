import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActivityTrace, DenseActivity, LayerActivity, NeuronActivity } from '../simulate/index.ts';
import { countOperations } from './ledger.ts';

const dense: DenseActivity = {
  kind: 'dense',
  layer: 'fc1',
  inputs: 7,
  outputs: 3,
  bias: true,
  input: 'spikes',
  executions: 2,
  nonzeroIn: [5, 4],
  nonzeroInPerSample: [6, 3],
  zeroWeights: 0,
};
const neuron: NeuronActivity = {
  kind: 'neuron',
  layer: 'lif1',
  neurons: 3,
  spikes: [2, 3],
  spikesPerSample: [1, 4],
  silentNeurons: 0,
  saturatedNeurons: 0,
  leaky: true,
  currentBased: false,
  inputScaled: false,
  fires: true,
  reset: 'subtract',
  recurrent: 'none',
};
const trace = (layers: readonly LayerActivity[], rest: Partial<ActivityTrace> = {}): ActivityTrace => ({
  mode: 'snn',
  samples: 2,
  timesteps: 2,
  layers,
  ...rest,
});
const count = (layers: readonly LayerActivity[], rest: Partial<ActivityTrace> = {}) =>
  countOperations(trace(layers, rest), { zeroSkipping: true });

test('two layers by hand', () => {
  const { total, synopsByStep, synopsPerSample } = count([dense, neuron]);
  assert.equal(total.acs, (9 * 3) / 2);
  assert.equal(total.denseAcs, 7 * 3 * 2);
  assert.equal(total.biasAcs, 6);
  assert.equal(total.neuronUpdates, 6);
  assert.equal(total.leakMacs, 6);
  assert.equal(total.stateAcs, 0);
  assert.equal(total.compares, 6);
  assert.equal(total.resets, 2.5);
  assert.equal(total.stateReads, 6);
  assert.equal(total.outputWrites, 2.5);
  assert.deepEqual(synopsByStep, [7.5, 6]);
  assert.deepEqual(synopsPerSample, [18, 9]);
});

test('a kind of layer it does not know is an error, not a zero', () => {
  const conv = { kind: 'conv2d', layer: 'c1' } as unknown as LayerActivity;
  assert.throws(() => count([conv]), /layer "c1": the ledger cannot count kind "conv2d"; it counts encoder, dense/);
});

const wrong: readonly [string, LayerActivity, RegExp][] = [
  ['NaN', { ...dense, nonzeroIn: [Number.NaN, 4] }, /layer "fc1": nonzeroIn\[0\] is NaN, expected 0 to 14/],
  ['negative', { ...dense, nonzeroIn: [-1, 4] }, /layer "fc1": nonzeroIn\[0\] is -1, expected 0 to 14/],
  ['above the bound', { ...dense, nonzeroIn: [15, 4] }, /layer "fc1": nonzeroIn\[0\] is 15, expected 0 to 14/],
  ['length', { ...dense, nonzeroIn: [5] }, /layer "fc1": nonzeroIn has 1 entries, expected 2/],
  ['executions', { ...dense, executions: 3 }, /layer "fc1": executed 3 times a sample, expected 1 .* or 2/],
  ['sums', { ...dense, nonzeroInPerSample: [6, 4] }, /layer "fc1": nonzero inputs sum to 9 over steps but to 10 over/],
  ['too many spikes', { ...neuron, spikes: [2, 7] }, /layer "lif1": spikes\[1\] is 7, expected 0 to 6/],
  ['a negative size', { ...neuron, neurons: -3, spikes: [0, 0] }, /layer "lif1": spikes\[0\] is 0, expected 0 to -6/],
  ['recurrence', { ...neuron, recurrent: 'all-to-all' }, /layer "lif1": recurrent \(all-to-all\), but the trace lacks/],
  [
    'fed-back spikes',
    { ...neuron, recurrent: 'one-to-one', recurrentSpikesPerSample: [1, 2] },
    /layer "lif1": fed-back spikes sum to 2 over steps but to 3 over samples/,
  ],
];
for (const [what, layer, message] of wrong) {
  test(`a wrong trace stops the count: ${what}`, () => {
    assert.throws(() => count([layer]), { name: 'NumericError', message });
  });
}

test('an infinite size is an infinite count, and that stops', () => {
  const endless = { ...dense, outputs: Number.POSITIVE_INFINITY };
  assert.throws(() => count([endless]), /layer "fc1": acs is Infinity, expected a finite count of at least 0/);
});

test('a run without samples or steps, and an ANN over time, are refused', () => {
  assert.throws(() => count([], { samples: 0 }), /trace: 0 samples of 2 steps, expected whole numbers of at least 1/);
  assert.throws(() => count([], { timesteps: 1.5 }), /trace: 2 samples of 1.5 steps/);
  assert.throws(() => count([], { mode: 'ann' }), /trace: an ANN runs 1 time step, got 2/);
});

test('spikes of the last step are not fed back within the run', () => {
  const recurrent: NeuronActivity = { ...neuron, recurrent: 'all-to-all', recurrentSpikesPerSample: [0, 2] };
  const { total, synopsByStep, synopsPerSample } = count([recurrent]);
  assert.equal(total.acs, (2 * 3) / 2);
  assert.equal(total.denseAcs, 3 * 3 * 2);
  assert.deepEqual(synopsByStep, [0, 3]);
  assert.deepEqual(synopsPerSample, [0, 6]);
});

test('a sequence that is passed on has an entry a step, and is checked like any other', () => {
  const input = { kind: 'encoder', layer: 'input', encoder: 'constant', features: 1 } as const;
  const count = (nonzeroOut: readonly number[]): unknown =>
    countOperations(
      { mode: 'snn', samples: 2, timesteps: 3, layers: [{ ...input, nonzeroOut }] },
      { zeroSkipping: true },
    ).total;
  assert.deepEqual(count([2, 1, 2]), count([2]));
  assert.throws(() => count([2, 1]), /layer "input": nonzeroOut has 2 entries, expected 3/);
});
