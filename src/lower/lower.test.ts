import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlan, type Plan } from '../engine/index.ts';
import { dense, dropout, flatten, integrator, lif, network, recurrentLif, slot } from '../model/index.ts';
import { type LowerOptions, lower } from './index.ts';

const mlp = network(
  'mlp',
  [3, 3],
  [
    flatten(),
    dropout('drop', 0.25),
    dense('fc1', 7),
    slot('lif1', lif()),
    dense('fc2', 4),
    slot('lif2', lif(), { ann: 'identity' }),
  ],
);

const base = { input: { source: 'floats' }, timesteps: 5, mode: 'snn', purpose: 'infer' } as const;
const train: LowerOptions = {
  ...base,
  purpose: 'train',
  loss: { kind: 'mse-count', onTarget: 0.8, offTarget: 0.2 },
  optimizer: { kind: 'adam' },
};

const kernels = (ops: readonly { kernel: string; layer?: string }[]): string[] =>
  ops.map(({ kernel, layer }) => (layer === undefined ? kernel : `${kernel} ${layer}`));

const shape = (plan: Plan, id: string): string => {
  const tensor = plan.tensors.find((candidate) => candidate.id === id);
  assert.ok(tensor, `the plan has no tensor ${id}`);
  return `${tensor.rows} ${tensor.features} ${tensor.values} ${tensor.keep}`;
};

test('an SNN with constant input computes everything before its first neuron once a sample', () => {
  const { plan, outputs } = lower(mlp, base);
  checkPlan(plan);
  assert.deepEqual(kernels(plan.forward), ['load input', 'dense fc1', 'neuron lif1', 'dense fc2', 'neuron lif2']);
  assert.deepEqual([plan.backward, plan.gradients, plan.update], [[], [], []]);
  assert.equal(shape(plan, 'fc1@y'), 'sample 7 analog chunk');
  assert.equal(shape(plan, 'lif1@spikes'), 'step 7 spikes chunk');
  assert.equal(shape(plan, 'fc2@y'), 'step 4 analog chunk');
  assert.deepEqual(outputs, { features: 4, layer: 'lif2', spikes: 'lif2@spikes' });
  assert.equal(shape(plan, 'lif2@spikes'), 'step 4 spikes batch');
  assert.ok(!plan.tensors.some(({ id }) => id.endsWith('@charge') || id.endsWith('@membrane')));
});

test('with rate-coded input the first layer runs at every step on spikes', () => {
  const { plan, probes } = lower(mlp, { ...base, encoder: { kind: 'rate', gain: 1, offset: 0 } });
  checkPlan(plan);
  assert.equal(shape(plan, '@input@spikes'), 'step 9 spikes chunk');
  assert.equal(shape(plan, 'fc1@y'), 'step 7 analog chunk');
  const fc1 = probes.find(({ layer }) => layer === 'fc1');
  assert.deepEqual(fc1, {
    kind: 'dense',
    layer: 'fc1',
    inputs: 9,
    outputs: 7,
    bias: true,
    input: 'spikes',
    executions: 5,
  });
});

test('training runs each layer in reverse and stops at the first that has parameters', () => {
  const { plan } = lower(mlp, train);
  checkPlan(plan);
  assert.deepEqual(kernels(plan.forward), [
    'load input',
    'dropout drop',
    'dense fc1',
    'neuron lif1',
    'dense fc2',
    'neuron lif2',
    'loss lif2',
  ]);
  assert.deepEqual(kernels(plan.backward), ['neuron-backward lif2', 'dense-backward fc2', 'neuron-backward lif1']);
  assert.deepEqual(kernels(plan.gradients), [
    'dense-gradient fc2',
    'sum-gradient fc2',
    'dense-gradient fc1',
    'sum-gradient fc1',
  ]);
  assert.deepEqual(kernels(plan.update), ['adam', 'adam', 'adam', 'adam', 'zero']);
  assert.equal(shape(plan, 'fc1@y@grad'), 'sample 7 analog gradients');
  assert.equal(shape(plan, 'fc2@y@grad'), 'step 4 analog gradients');
  assert.equal(shape(plan, 'lif1@spikes@grad'), 'step 7 analog chunk');
  assert.equal(shape(plan, 'drop@y'), 'sample 9 analog gradients');
  assert.ok(!plan.tensors.some(({ id }) => id === 'drop@y@grad'), 'nobody wants the gradient of the input');
});

test('an ANN has ReLUs and logits, and no trace of neurons', () => {
  const { plan, outputs, constants } = lower(mlp, {
    ...train,
    mode: 'ann',
    timesteps: 1,
    loss: { kind: 'cross-entropy' },
    optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 0.01 },
    clipNorm: 1,
  });
  checkPlan(plan);
  assert.deepEqual(kernels(plan.forward), [
    'load input',
    'dropout drop',
    'dense fc1',
    'relu lif1',
    'dense fc2',
    'loss lif2',
  ]);
  assert.deepEqual(kernels(plan.backward), ['dense-backward fc2', 'relu-backward lif1']);
  assert.deepEqual(kernels(plan.update), ['clip', 'sgd', 'sgd', 'sgd', 'sgd', 'zero']);
  assert.equal(outputs.logits, 'fc2@y');
  assert.equal(constants.size, 0);
  assert.ok(plan.parameters.some(({ id }) => id === 'fc1/bias@velocity'));
  for (const op of plan.update)
    if (op.kernel === 'sgd') assert.equal(op.decay, true, 'decay applies to every parameter');
});

test('an SNN that ends in a dense layer is read by an integrator', () => {
  const spec = network('open', [6], [dense('fc1', 5), slot('lif1', lif()), dense('fc2', 3)]);
  const { plan, outputs, constants } = lower(spec, base);
  checkPlan(plan);
  assert.deepEqual(outputs, { features: 3, layer: '@readout', membrane: '@readout@membrane' });
  assert.deepEqual([...constants.get('@readout@a')!], [1, 1, 1]);
  const readout = plan.forward.findLast((op) => op.kernel === 'neuron')!;
  assert.equal(readout.dynamics.threshold, undefined);
});

test('learned decays and thresholds are derived from raw parameters, and their gradients summed back', () => {
  const neuron = lif({ tau: 3, learn: { decay: true, threshold: true } });
  const spec = network('plif', [6], [dense('fc1', 5), slot('plif1', neuron), dense('fc2', 3), slot('lif2', lif())]);
  const { plan, weights, state, derived, constants } = lower(spec, train);
  checkPlan(plan);
  assert.ok(weights.some(({ id, columns }) => id === 'plif1/beta' && columns === 1));
  assert.deepEqual(kernels(plan.update).slice(0, 2), ['derive-decay-backward', 'spread-backward']);
  assert.deepEqual(kernels(plan.update).slice(-3), ['derive-decay', 'spread', 'zero']);
  assert.deepEqual(kernels(derived), ['derive-decay', 'spread']);
  assert.equal(shape(plan, 'plif1@dA'), 'sample 5 analog gradients');
  assert.ok(state.includes('plif1@a') && state.includes('plif1/beta@m') && !state.includes('plif1/beta@grad'));
  assert.ok(!constants.has('plif1@a') && constants.has('lif2@a'));
});

test('recurrent weights under a constant drive learn from the gradient of each step', () => {
  for (const topology of ['all-to-all', 'one-to-one'] as const) {
    const neuron = recurrentLif({ topology, bias: true });
    const spec = network('rec', [6], [dense('fc1', 5), slot('r1', neuron), dense('fc2', 3), slot('lif2', lif())]);
    const { plan } = lower(spec, train);
    checkPlan(plan);
    assert.equal(shape(plan, 'r1@held'), 'step 5 analog chunk');
    assert.equal(shape(plan, 'r1@held@grad'), 'step 5 analog gradients');
    assert.equal(shape(plan, 'fc1@y@grad'), 'sample 5 analog gradients');
    checkPlan(lower(spec, base).plan);
    assert.ok(!lower(spec, base).plan.tensors.some(({ id }) => id === 'r1@held'), 'nothing is held for inference');
  }
});

test('observers: counts, spikes, membranes, activations, inputs, input gradient', () => {
  const { plan, probes, outputs } = lower(mlp, {
    ...train,
    observe: {
      counts: true,
      spikes: ['lif1'],
      membranes: ['lif1'],
      activations: ['fc1'],
      inputs: 'all',
      inputGradient: true,
    },
  });
  checkPlan(plan);
  assert.equal(shape(plan, 'lif1@spikes@nonzero'), 'step 1 count batch');
  assert.equal(plan.forward.filter(({ kernel }) => kernel === 'count').length, 4, 'lif1 spikes are counted once');
  assert.equal(shape(plan, 'lif1@membrane'), 'step 7 analog batch');
  assert.equal(shape(plan, 'fc1@y'), 'sample 7 analog batch');
  assert.equal(outputs.inputGradient, '@input@grad');
  assert.equal(shape(plan, '@input@grad'), 'sample 9 analog batch');
  assert.deepEqual(
    probes.map(({ kind, layer }) => `${kind} ${layer}`),
    ['encoder input', 'dense fc1', 'neuron lif1', 'dense fc2', 'neuron lif2'],
  );
});

test('a delta encoder reads sequences; its signed events count as spikes', () => {
  const encoder = { kind: 'delta', threshold: 0.1, offSpikes: true, padding: false } as const;
  const { plan, probes } = lower(mlp, { ...base, encoder });
  checkPlan(plan);
  assert.equal(shape(plan, '@input'), 'step 9 analog chunk');
  assert.equal(probes.find((probe) => probe.kind === 'dense')!.input, 'spikes');
});

test('options that cannot be are refused in words', () => {
  const refuses = (options: Partial<LowerOptions>, message: RegExp, spec = mlp): void => {
    assert.throws(() => lower(spec, { ...train, ...options }), message);
  };
  const silent = network('silent', [4], [dense('fc1', 3), slot('out', integrator())]);
  refuses({ timesteps: 0 }, /timesteps: got 0, expected a whole number of at least 1/);
  refuses({ timesteps: 2.5 }, /timesteps: got 2.5/);
  refuses({ mode: 'ann' }, /timesteps: got 5 for an ANN, expected 1/);
  refuses({ mode: 'x' as 'ann' }, /mode: got "x", expected ann or snn/);
  refuses({ mode: 'ann', timesteps: 1 }, /loss.kind: got "mse-count", but an ANN has logits.*use cross-entropy/);
  refuses(
    { loss: { kind: 'cross-entropy' } },
    /a spiking network has spikes and a membrane, no logits; use mse-count, ce-rate/,
  );
  refuses({ loss: { kind: 'huber' as 'ce-rate' } }, /got "huber", but there is no such loss; use/);
  refuses({}, /"out" never fires; use ce-max-membrane, mse-membrane, ce-membrane/, silent);
  refuses({ optimizer: { kind: 'lion' as 'sgd' } }, /optimizer.kind: got "lion", expected one of sgd, adam, adamw/);
  refuses({ observe: { spikes: ['nope'] } }, /observe.spikes: got "nope", expected one of lif1, lif2/);
  refuses({ purpose: 'infer', observe: { inputGradient: true } }, /observe.inputGradient: got true with purpose infer/);
  const { loss: _, ...lossless } = train;
  assert.throws(() => lower(mlp, lossless), /loss: got none, expected a loss/);
  const { optimizer: __, ...still } = train;
  assert.throws(() => lower(mlp, still), /optimizer: got none/);
  const encoder = { kind: 'rate', gain: 1, offset: 0 } as const;
  const ann = { mode: 'ann', timesteps: 1, loss: { kind: 'cross-entropy' } } as const;
  refuses({ ...ann, encoder }, /encoder: got "rate" for an ANN, expected constant/);
  refuses({ ...ann, input: { source: 'floats', sequence: true } }, /samples that are sequences for an ANN/);
  const latency = {
    kind: 'latency',
    convention: 'snntorch',
    form: 'linear',
    tau: 1,
    threshold: 0.01,
    normalize: true,
    clip: false,
  } as const;
  refuses(
    { encoder: latency, input: { source: 'floats', sequence: true } },
    /encoder "latency": got samples that are sequences/,
  );
});

test('networks that cannot be lowered are refused by layer', () => {
  const empty = network('empty', [4], [flatten()]);
  assert.throws(
    () => lower(empty, base),
    /network "empty" has nothing but flattens and dropouts on the way to its output; there is nothing to run/,
  );
  const late = network('late', [4], [dense('fc1', 3), slot('lif1', lif()), dropout('d', 0.5)]);
  assert.throws(() => lower(late, base), /dropout "d": stands behind the output layer "lif1"; remove it/);
  const twice = network('twice', [4], [dense('fc1', 3), slot('lif1', lif()), slot('lif2', lif())]);
  assert.throws(
    () => lower(twice, base),
    /slot "lif2": receives spikes directly.*put a dense layer or a convolution before it/,
  );
});
