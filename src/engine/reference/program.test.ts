import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch, Plan } from '../index.ts';
import { referenceBackend } from './index.ts';

/** x [2] -> dense -> y [3], one row a sample. */
const PLAN: Plan = {
  timesteps: 1,
  tensors: [
    { id: 'x', rows: 'sample', features: 2, values: 'analog', keep: 'chunk' },
    { id: 'y', rows: 'sample', features: 3, values: 'analog', keep: 'batch' },
  ],
  parameters: [
    { id: 'fc/weight', rows: 2, columns: 3, layer: 'fc', role: 'weight' },
    { id: 'fc/bias', rows: 1, columns: 3, layer: 'fc', role: 'bias' },
  ],
  forward: [
    { kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'x' },
    { kernel: 'dense', layer: 'fc', x: 'x', weight: 'fc/weight', bias: 'fc/bias', y: 'y' },
  ],
  backward: [],
  gradients: [],
  update: [],
};
const batch = (samples: number, input: Batch['input']): Batch => ({ samples, input, seed: 1, epoch: 0 });

test('a dense layer by hand', () => {
  const program = referenceBackend().compile(PLAN, { samples: 3 });
  program.write('fc/weight', [1, 2, 3, 4, 5, 6]);
  program.write('fc/bias', [0.5, 0, -0.5]);
  program.run(batch(2, Float32Array.of(1, 0, 2, -1)));
  assert.deepEqual([...program.tensor('y')], [1.5, 2, 2.5, -1.5, -1, -0.5]);
  assert.deepEqual([...program.read('fc/bias')], [0.5, 0, -0.5]);
  assert.equal(program.bytes, 8 * (3 * 2 + 3 * 3 + 6 + 3));
  program.run(batch(0, new Float32Array(0)));
  assert.equal(program.tensor('y').length, 0, 'an empty batch is legal');
});

test('a batch that does not fit is refused', () => {
  const program = referenceBackend().compile(PLAN, { samples: 3 });
  assert.throws(() => program.run(batch(4, new Float32Array(8))), /batch: has 4 samples, expected 0 to 3/);
  assert.throws(
    () => program.run(batch(2, new Float32Array(3))),
    /input of "input" has 3 values, expected at least 4 \(2 samples x 1 rows x 2 features\)/,
  );
  assert.throws(() => program.run(batch(2, new Uint8Array(4))), /input of "input" is bytes, expected floats/);
  assert.throws(() => referenceBackend().compile(PLAN, { samples: 0 }), /samples: got 0, expected a whole number/);
});

test('unknown ids and wrong lengths are refused', () => {
  const program = referenceBackend().compile(PLAN, { samples: 3 });
  assert.throws(() => program.write('fc/bias', [1]), /parameter "fc\/bias" has 3 values, got 1/);
  assert.throws(() => program.read('fc/w'), /parameter "fc\/w" is not in the plan; it has fc\/weight, fc\/bias/);
  assert.throws(() => program.tensor('z'), /tensor "z" is not in the plan; it has x, y/);
  assert.throws(() => program.tensor('x'), /tensor "x" is kept for its chunk only/);
});

test('NaN and Infinity stop the run where they leave a layer', () => {
  const program = referenceBackend().compile(PLAN, { samples: 2 });
  program.write('fc/weight', [1, 2, 3, 4, Number.POSITIVE_INFINITY, 6]);
  assert.throws(() => program.run(batch(2, Float32Array.of(0.5, 0.5, 1, 1))), {
    name: 'NumericError',
    message: /layer "fc": dense gave Infinity at step 0, feature 1 \(sample 0 of the batch\)/,
  });
  assert.throws(() => program.run(batch(1, Float32Array.of(Number.NaN, 1))), {
    name: 'NumericError',
    message: /layer "input": load gave NaN at step 0, feature 0/,
  });
});

test('a membrane that overflows names layer, neuron and step', () => {
  const plan: Plan = {
    ...PLAN,
    timesteps: 3,
    tensors: [...PLAN.tensors, { id: 's', rows: 'step', features: 3, values: 'spikes', keep: 'batch' }],
    parameters: [
      ...PLAN.parameters,
      ...['a', 'b', 'c', 'threshold'].map((role) => ({
        id: `lif@${role}`,
        rows: 1,
        columns: 3,
        layer: 'lif',
        role,
      })),
    ],
    forward: [
      ...PLAN.forward,
      {
        kernel: 'neuron',
        layer: 'lif',
        dynamics: {
          ...{ a: 'lif@a', b: 'lif@b', c: 'lif@c', threshold: 'lif@threshold', tie: '>=', reset: 'none' },
          ...{ resetValue: 0, moment: 'same-step', dropsInput: false, detachReset: false },
          ...{ surrogate: 'atan', slope: 2, initialMembrane: 0 },
        },
        current: 'y',
        spikes: 's',
      },
    ],
  };
  const program = referenceBackend().compile(plan, { samples: 1 });
  program.write('fc/bias', [1, 1e308, 1]);
  program.write('lif@a', [1, 1, 1]);
  program.write('lif@b', [1, 1, 1]);
  assert.throws(() => program.run(batch(1, Float32Array.of(0, 0))), {
    name: 'NumericError',
    message: /layer "lif": membrane of neuron 1 is Infinity at step 1 \(sample 0/,
  });
});

test('a loss needs labels within its classes', () => {
  const plan: Plan = {
    ...PLAN,
    tensors: [...PLAN.tensors, { id: 'losses', rows: 'sample', features: 1, values: 'analog', keep: 'batch' }],
    forward: [
      ...PLAN.forward,
      { kernel: 'loss', layer: 'out', loss: 'cross-entropy', onTarget: 1, offTarget: 0, output: 'y', losses: 'losses' },
    ],
  };
  const program = referenceBackend().compile(plan, { samples: 1 });
  const input = Float32Array.of(0, 0);
  assert.throws(() => program.run(batch(1, input)), /loss "out" needs labels, and the batch has none/);
  assert.throws(
    () => program.run({ ...batch(1, input), labels: Uint8Array.of(3) }),
    /loss "out": label of sample 0 is 3, expected 0 to 2/,
  );
  program.run({ ...batch(1, input), labels: Uint8Array.of(2) });
  assert.ok(Math.abs(program.tensor('losses')[0]! - Math.log(3)) < 1e-15);
});

test('a regression needs a target for each output', () => {
  const plan: Plan = {
    ...PLAN,
    tensors: [...PLAN.tensors, { id: 'losses', rows: 'sample', features: 1, values: 'analog', keep: 'batch' }],
    forward: [
      ...PLAN.forward,
      { kernel: 'loss', layer: 'out', loss: 'mse', onTarget: 1, offTarget: 0, output: 'y', losses: 'losses' },
    ],
  };
  const program = referenceBackend().compile(plan, { samples: 1 });
  const input = Float32Array.of(0, 0);
  assert.throws(() => program.run(batch(1, input)), /loss "out" needs targets, and the batch has none/);
  assert.throws(
    () => program.run({ ...batch(1, input), targets: new Float32Array(2) }),
    /loss "out": got 2 targets, expected 3 \(1 samples of 3\)/,
  );
  program.run({ ...batch(1, input), targets: Float32Array.of(1, 2, 2) });
  assert.deepEqual([...program.tensor('losses')], [3]);
});
