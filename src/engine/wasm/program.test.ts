import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Plan, Program } from '../index.ts';
import { wasmBackend } from './index.ts';

const backend = await wasmBackend({ threads: 2 });
after(() => backend.close());

const plan: Plan = {
  timesteps: 1,
  tensors: [
    { id: 'x', rows: 'sample', features: 35, values: 'analog', keep: 'chunk' },
    { id: 'y', rows: 'sample', features: 3, values: 'analog', keep: 'batch' },
  ],
  parameters: [{ id: 'w', rows: 35, columns: 3, layer: 'fc', role: 'weight' }],
  forward: [
    { kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'x' },
    { kernel: 'dense', layer: 'fc', x: 'x', weight: 'w', y: 'y' },
  ],
  backward: [],
  gradients: [],
  update: [],
};
const batch = (samples: number) => ({ samples, input: new Float32Array(samples * 35).fill(1), seed: 0, epoch: 0 });

function compiled(): Program {
  const program = backend.compile(plan, { samples: 4 });
  program.write(
    'w',
    Float32Array.from({ length: 105 }, (_, i) => i),
  );
  return program;
}

test('parameters come back as they were written', () => {
  const program = compiled();
  assert.deepEqual(
    [...program.read('w')],
    Array.from({ length: 105 }, (_, i) => i),
  );
  program.close();
});

test('misuse is refused in words', () => {
  const program = compiled();
  assert.throws(() => program.read('v'), /there is no parameter "v"; there are w/);
  assert.throws(() => program.write('w', [1, 2]), /parameter "w" has 105 values, got 2/);
  assert.throws(() => program.tensor('x'), /tensor "x" is scratch; keep it for the batch/);
  assert.throws(
    () => program.run({ ...batch(4), input: new Float32Array(3) }),
    /4 samples need 140 input values, got 3/,
  );
  assert.throws(
    () => program.run({ ...batch(1), input: new Uint8Array(35) }),
    /loads floats \(Float32Array\), got Uint8Array/,
  );
  program.close();
  assert.throws(() => program.run(batch(1)), /closed program/);
  assert.throws(() => program.read('w'), /closed program/);
});

test('a batch larger than the program was compiled for runs in rounds, to the same result', () => {
  const program = compiled();
  program.run(batch(30));
  const y = program.tensor('y');
  assert.equal(y.length, 90);
  for (let k = 0; k < 90; k++) assert.equal(y[k], 35 * (k % 3) + (3 * 35 * 34) / 2);
  program.close();
});

test('a tensor is read into an array that is given, if it is large enough', () => {
  const program = compiled();
  program.run(batch(2));
  const into = new Float32Array(9).fill(7);
  const y = program.tensor('y', into);
  assert.equal(y.buffer, into.buffer);
  assert.deepEqual([...into], [...program.tensor('y'), 7, 7, 7]);
  assert.notEqual(program.tensor('y', new Float32Array(5)).length, 5);
  program.close();
});

test('a closed program gives its memory back', () => {
  const first = compiled();
  first.close();
  const second = compiled();
  assert.equal(second.bytes, first.bytes);
  second.close();
});

test('what cannot be run is refused before any work', async () => {
  assert.throws(() => backend.compile(plan, { samples: 0 }), /samples: got 0, expected a whole number of at least 1/);
  assert.throws(
    () => backend.compile(plan, { samples: 4, memoryLimit: 1000 }),
    /MiB are needed for a chunk of 4 samples/,
  );
  await assert.rejects(wasmBackend({ threads: 0 }), /threads: got 0, expected a whole number from 1 to 256/);
});

test('the loss of a regression needs a target for each output', () => {
  const regression: Plan = {
    ...plan,
    tensors: [...plan.tensors, { id: 'losses', rows: 'sample', features: 1, values: 'analog', keep: 'batch' }],
    forward: [
      ...plan.forward,
      { kernel: 'loss', layer: 'fc', loss: 'mse', onTarget: 1, offTarget: 0, output: 'y', losses: 'losses' },
    ],
  };
  const program = backend.compile(regression, { samples: 2 });
  assert.throws(() => program.run(batch(2)), /needs 6 targets \(2 samples of 3\), got none/);
  assert.throws(() => program.run({ ...batch(2), targets: new Float32Array(5) }), /needs 6 targets .*, got 5/);
  program.run({ ...batch(2), targets: Float32Array.of(1, 2, 2, 0, 0, 3) });
  assert.deepEqual([...program.tensor('losses')], [1.5, 1.5]);
  program.close();
});
