import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { UnsupportedError } from '../../core/index.ts';
import type { Plan } from '../index.ts';
import { wasmBackend } from './index.ts';

const backend = await wasmBackend({ threads: 2 });
after(() => backend.close());

const CHANNELS = 3;
const PIXELS = 4;
const tensor = (id: string, keep: 'chunk' | 'batch' = 'chunk') =>
  ({ id, rows: 'sample', features: PIXELS * CHANNELS, channels: CHANNELS, values: 'analog', keep }) as const;
const plan: Plan = {
  timesteps: 1,
  tensors: [tensor('x'), tensor('y', 'batch')],
  parameters: ['scale', 'shift', 'mean', 'variance', 'batchMean', 'batchDeviation'].map((role) => ({
    ...{ id: role, rows: 1, columns: CHANNELS, layer: 'bn', role },
  })),
  forward: [
    { kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'x' },
    {
      ...{
        kernel: 'batch-norm',
        layer: 'bn',
        x: 'x',
        y: 'y',
        gamma: 'scale',
        beta: 'shift',
        factor: 1,
        epsilon: 1e-12,
      },
      ...{ mean: 'mean', variance: 'variance', batchMean: 'batchMean', batchDeviation: 'batchDeviation' },
      ...{ momentum: 1, statistics: 'batch', repeats: 1 },
    },
  ],
  ...{ backward: [], gradients: [], update: [] },
};
const SAMPLES = 100;

test('the variance of values far from zero keeps its digits', () => {
  const program = backend.compile(plan, { samples: SAMPLES });
  // 4096 + k / 64 is exact in float32, its square is not
  const input = Float32Array.from({ length: SAMPLES * PIXELS * CHANNELS }, (_, i) => 4096 + ((i * 7919) % 101) / 64);
  program.run({ samples: SAMPLES, input, seed: 0, epoch: 0 });
  for (let c = 0; c < CHANNELS; c++) {
    const values = [...input].filter((_, i) => i % CHANNELS === c);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    assert.equal(program.read('mean')[c], Math.fround(mean));
    assert.ok(
      Math.abs(program.read('variance')[c]! / variance - 1) < 1e-6,
      `${program.read('variance')[c]} ${variance}`,
    );
  }
  program.close();
});

test('a batch with statistics of its own is never run in parts', () => {
  const roomy = backend.compile(plan, { samples: SAMPLES });
  assert.throws(
    () => backend.compile(plan, { samples: 10 * SAMPLES, memoryLimit: roomy.bytes }),
    (error) =>
      error instanceof UnsupportedError &&
      /a batch of 1000 samples needs \d+ MiB at once, as batch norm takes the statistics of all of it, and \d+ MiB are allowed; use a smaller batch \(\d+ samples fit\)/.test(
        error.message,
      ),
  );
  const length = 2 * SAMPLES * PIXELS * CHANNELS;
  assert.throws(
    () => roomy.run({ samples: 2 * SAMPLES, input: new Float32Array(length), seed: 0, epoch: 0 }),
    /200 samples, but it was compiled for 100, and its batch norm takes the statistics of a whole batch; compile it for 200 samples/,
  );
  roomy.close();
});

test('activations of spikes are refused', () => {
  const spikes = { ...tensor('s'), rows: 'step', values: 'spikes' } as const;
  const refused: Plan = {
    ...plan,
    tensors: [tensor('x'), spikes, { ...tensor('y', 'batch'), rows: 'step' }],
    forward: [
      plan.forward[0]!,
      { kernel: 'encode-rate', layer: 'rate', gain: 1, offset: 0, x: 'x', spikes: 's' },
      { kernel: 'activation', layer: 'act', form: 'relu6', x: 's', y: 'y' },
    ],
  };
  assert.throws(
    () => backend.compile(refused, { samples: 1 }),
    /activation "act" reads "s", which holds spikes; a relu6 needs analog values/,
  );
});
