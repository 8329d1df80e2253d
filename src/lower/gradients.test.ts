// End to end on the reference backend: every gradient of a lowered network against central differences of its own loss, in
// float64. The step function has no useful difference quotient, so the networks that fire use a threshold nothing reaches;
// the surrogate's own gradients are checked where the engine's neurons are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertGradients,
  gradientsOf,
  lossOf,
  prepare,
  repeated,
  SAMPLES,
} from '../../test/fixtures/network-gradients.ts';
import {
  dense,
  dropout,
  integrator,
  lif,
  network,
  plif,
  recurrentLif,
  slot,
  synaptic,
  type Weights,
} from '../model/index.ts';
import { readWeights, writeWeights } from './index.ts';

const never = { threshold: 1e6 };

test('gradients of an ANN with ReLU, dropout and identity', () => {
  const spec = network(
    'ann',
    [6],
    [
      dense('fc1', 9),
      slot('s1', lif()),
      dropout('drop', 0.3),
      dense('fc2', 5, { bias: false }),
      slot('s2', lif()),
      dense('fc3', 3),
      slot('s3', lif(), { ann: 'identity' }),
    ],
  );
  assertGradients(prepare(spec, { mode: 'ann', timesteps: 1, loss: { kind: 'cross-entropy' } }));
});

test('gradients of a membrane read-out behind dense layers chained before the first neuron', () => {
  const spec = network('chained', [6], [dense('fc1', 7), dense('fc2', 5), slot('li', integrator()), dense('fc3', 3)]);
  for (const kind of ['ce-membrane', 'ce-max-membrane', 'mse-membrane'] as const)
    assertGradients(prepare(spec, { loss: { kind } }));
});

test('gradients of learned decays, shared and for each neuron, with rest and input decay', () => {
  const learn = { decay: true };
  for (const neuron of [
    plif({ ...never, tau: 2.5, inputDecay: true, rest: 0.3, learn }),
    plif({ ...never, tau: [2, 2.5, 4], inputDecay: false, rest: -0.2, learn }),
    lif({ ...never, beta: [0.3, 0.6, 0.9], learn }),
    lif({ ...never, beta: 0.7, learn }),
    synaptic({ ...never, alpha: 0.6, tau: 3, inputDecay: true, learn }),
  ]) {
    const spec = network('decay', [6], [dense('fc1', 3), slot('out', neuron)]);
    assertGradients(prepare(spec, {}));
  }
});

test('weights go in and come out as they were; wrong ones are refused', () => {
  const spec = network('io', [4], [dense('fc1', 3), slot('out', plif({ learn: { decay: true, threshold: true } }))]);
  const { program, lowered, weights } = prepare(spec, {});
  writeWeights(program, lowered, weights);
  assert.deepEqual(readWeights(program, lowered), new Map(weights));
  const missing = new Map(weights);
  missing.delete('out/beta');
  assert.throws(
    () => writeWeights(program, lowered, missing),
    /weights: "out\/beta" is missing, expected 1 \(\[1, 1\]\)/,
  );
  const short = new Map([...weights, ['fc1/bias', new Float32Array(2)]]);
  assert.throws(() => writeWeights(program, lowered, short as Weights), /"fc1\/bias" has 2 values, expected 3/);
});

test('vectors derived by the host are those the update derives', () => {
  const learn = { decay: true, threshold: true };
  const spec = network('derive', [4], [dense('fc1', 3), slot('out', plif({ tau: 3, rest: 0.5, learn }))]);
  const { program, lowered, weights, input } = prepare(spec, {});
  writeWeights(program, lowered, weights);
  const vectors = ['out@a', 'out@b', 'out@c', 'out@threshold'];
  const host = vectors.map((id) => program.read(id));
  program.run({ samples: SAMPLES, input, labels: Uint8Array.of(0, 2, 1), seed: 1, epoch: 0 });
  program.update({ learningRate: 0, step: 1 });
  assert.deepEqual(
    vectors.map((id) => program.read(id)),
    host,
  );
});

test('a constant input gives the same output hoisted or repeated at every step', () => {
  const spec = network('hoist', [6], [dense('fc1', 7), slot('lif1', lif({ threshold: 0.3 })), dense('fc2', 3)]);
  const once = prepare(spec, { purpose: 'infer' });
  const each = prepare(spec, { purpose: 'infer', input: { source: 'floats', sequence: true } });
  writeWeights(once.program, once.lowered, once.weights);
  writeWeights(each.program, each.lowered, each.weights);
  lossOf(once);
  lossOf({ ...each, input: repeated(once) });
  const [a, b] = [once, each].map(({ program, lowered }) => program.tensor(lowered.outputs.membrane!));
  assert.ok(a!.some((value) => value !== 0));
  assert.deepEqual(a, b);
});

test('a constant input gives the same gradients hoisted or repeated, recurrent and learned ones too', () => {
  for (const topology of ['all-to-all', 'one-to-one'] as const) {
    const neuron = recurrentLif({ topology, bias: true, threshold: 0.4, learn: { decay: true, threshold: true } });
    const spec = network('rec', [6], [dense('fc1', 7), slot('r1', neuron), dense('fc2', 3), slot('lif2', lif())]);
    const once = prepare(spec, { loss: { kind: 'ce-rate' } });
    const each = prepare(spec, { loss: { kind: 'ce-rate' }, input: { source: 'floats', sequence: true } });
    const hoisted = gradientsOf(once);
    const shown = gradientsOf({ ...each, input: repeated(once) });
    for (const [id, gradient] of hoisted) {
      assert.ok(
        gradient.some((value) => Math.abs(value) > 1e-6),
        `${id} has no gradient`,
      );
      gradient.forEach((value, k) => {
        assert.ok(Math.abs(value - shown.get(id)![k]!) < 1e-12, `${id}[${k}]: ${value}, ${shown.get(id)![k]}`);
      });
    }
  }
});
