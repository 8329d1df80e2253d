// Event by event or as a matrix product: the same bits, forward, backward and in the weights after training.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { type Backend, type WasmOptions, wasmBackend } from '../../src/engine/index.ts';
import { lower, readWeights, writeWeights } from '../../src/lower/index.ts';
import { initialWeights, lif, type MlpOptions, mlp } from '../../src/model/index.ts';
import { assertSame } from '../closeness.ts';

const started = new Map<string, Promise<Backend>>();
after(async () => {
  for (const backend of started.values()) await (await backend).close();
});
const on = (path: NonNullable<WasmOptions['path']>, threads: number): Promise<Backend> => {
  const key = `${path} ${threads}`;
  if (!started.has(key)) started.set(key, wasmBackend({ path, threads }));
  return started.get(key)!;
};

interface Network {
  readonly sizes: readonly number[];
  readonly samples: number;
  readonly timesteps: number;
  readonly mode: 'ann' | 'snn';
  readonly encoder: 'constant' | 'rate';
  readonly bias: boolean;
  /** Share of input values that are not zero. */
  readonly density: number;
}

/** Two training steps: every loss, and the weights after them. */
function train(backend: Backend, network: Network, seed: number): Map<string, ArrayLike<number>> {
  const { sizes, samples, mode } = network;
  const options: MlpOptions = { neuron: lif({ threshold: 0.3 }), bias: network.bias };
  const spec = mlp(sizes, options);
  const lowered = lower(spec, {
    mode,
    timesteps: mode === 'ann' ? 1 : network.timesteps,
    encoder: network.encoder === 'rate' && mode === 'snn' ? { kind: 'rate', gain: 1, offset: 0 } : { kind: 'constant' },
    input: { source: 'bytes', scale: 1 / 255 },
    purpose: 'train',
    loss: { kind: mode === 'ann' ? 'cross-entropy' : 'ce-rate' },
    optimizer: { kind: 'adam' },
    observe: { inputGradient: true },
  });
  const program = backend.compile(lowered.plan, { samples });
  writeWeights(program, lowered, initialWeights(spec, seed));
  const draw = fc.sample(fc.nat(2 ** 20), { numRuns: samples * sizes[0]!, seed });
  const input = Uint8Array.from(draw, (value) => (value % 1024 < network.density * 1024 ? 1 + (value >> 12) : 0));
  const labels = Uint8Array.from({ length: samples }, (_, i) => i % sizes.at(-1)!);
  const seen = new Map<string, ArrayLike<number>>();
  for (let step = 1; step <= 2; step++) {
    program.run({ samples, input, labels, seed, epoch: step });
    for (const id of [lowered.outputs.losses!, lowered.outputs.inputGradient!])
      seen.set(`${id} ${step}`, program.tensor(id));
    program.update({ learningRate: 0.01, step });
  }
  for (const [id, values] of readWeights(program, lowered)) seen.set(id, values);
  program.close();
  return seen;
}

/** Widths below, at and above a panel; batches with a short last chunk; every share of zeros. */
const networks: fc.Arbitrary<Network> = fc.record({
  sizes: fc.constantFrom([7, 33, 3], [64, 31, 2], [97, 9, 40, 5], [300, 40, 3]),
  samples: fc.integer({ min: 1, max: 61 }),
  timesteps: fc.constantFrom(1, 7, 33),
  mode: fc.constantFrom('ann' as const, 'snn' as const),
  encoder: fc.constantFrom('constant' as const, 'rate' as const),
  bias: fc.boolean(),
  density: fc.constantFrom(0, 0.03, 0.2, 0.5, 1),
});

test('events, the matrix product and the choice between them give the same bits', async () => {
  await fc.assert(
    fc.asyncProperty(networks, fc.integer({ min: 1, max: 2 ** 20 }), async (network, seed) => {
      const expected = train(await on('events', 1), network, seed);
      for (const [path, threads] of [
        ['dense', 1],
        ['dense', 2],
        ['auto', 2],
      ] as const) {
        const actual = train(await on(path, threads), network, seed);
        for (const [what, values] of expected) assertSame(`${path}: ${what}`, actual.get(what)!, values);
      }
    }),
    { numRuns: 25 },
  );
});

test('a path there is not is refused', async () => {
  await assert.rejects(
    wasmBackend({ path: 'quick' as 'auto' }),
    /path: got "quick", expected one of auto, events, dense/,
  );
});
