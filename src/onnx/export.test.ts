// Exported files, run by ONNX Runtime, against the reference engine; tests that need the runtime are skipped where it is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertCloseToScale, assertSame } from '../../test/closeness.ts';
import { ONNX_NETWORKS } from '../../test/fixtures/onnx-networks.ts';
import { outputsOf, randomSamples, randomWeights } from '../../test/fixtures/random-networks.ts';
import { rng } from '../core/index.ts';
import type { Dataset, Normalization } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { lower, writeWeights } from '../lower/index.ts';
import { conv, dense, flatten, lif, mlp, type NetworkSpec, network, slot, type Weights } from '../model/index.ts';
import { channelsFirst } from './check.ts';
import { exportOnnx, type OnnxOptions } from './export.ts';
import { normalizePixels } from './normalize.ts';
import { openOnnx } from './runtime.ts';

const WEB = { providers: ['onnxruntime-web'] } as const;
const probe = await openOnnx(exportOnnx(mlp([2, 2]), randomWeights(mlp([2, 2]), 1)), WEB);
const skip = 'unavailable' in probe ? probe.unavailable : false;
if (!('unavailable' in probe)) await probe.close();

/** What the file gives, by ONNX Runtime. */
async function runFile(
  spec: NetworkSpec,
  weights: Weights,
  { values }: Dataset,
  options: OnnxOptions = {},
): Promise<Float32Array> {
  const session = await openOnnx(exportOnnx(spec, weights, options), WEB);
  assert.ok('run' in session);
  try {
    const pixels = values as Float32Array;
    return await session.run(options.layout === 'nchw' ? channelsFirst(pixels, spec.input) : pixels);
  } finally {
    await session.close();
  }
}

/** The reference's outputs: probabilities where the network ends in them. */
function expected(spec: NetworkSpec, weights: Weights, data: Dataset): Float64Array {
  if (spec.layers.at(-1)!.kind !== 'softmax') return outputsOf(spec, weights, data, 'ann');
  const lowered = lower(spec, { mode: 'ann', timesteps: 1, input: { source: 'floats' }, purpose: 'infer' });
  const program = referenceBackend().compile(lowered.plan, { samples: data.samples });
  writeWeights(program, lowered, weights);
  program.run({ samples: data.samples, input: data.values, seed: 0, epoch: 0 });
  return Float64Array.from(program.tensor(lowered.outputs.probabilities!));
}

const RELATIVE = 1e-5;

for (const [k, spec] of ONNX_NETWORKS.entries())
  test(`"${spec.name}" gives our outputs, whichever way its input lies`, { skip }, async () => {
    const weights = randomWeights(spec, k);
    const data = randomSamples(spec, 3, k);
    const ours = expected(spec, weights, data);
    for (const layout of ['nhwc', 'nchw'] as const)
      assertCloseToScale(layout, await runFile(spec, weights, data, { layout }), ours, RELATIVE);
  });

test('a quantized activation falls on the same steps, those at a half included', { skip }, async () => {
  const levels = (name: string, count: number) =>
    slot(name, lif(), { ann: { kind: 'quantized', levels: count, ceiling: 1 } });
  const layers = [conv('c1', 4, 2), levels('q1', 3), flatten(), dense('fc1', 9), levels('q2', 4), dense('fc2', 5)];
  const spec = network('qcfs', [4, 5, 2], layers);
  const generator = rng(5, 1);
  // Multiples of 1/8 and 1/2: every sum is exact in any order, so the outputs must be the same to the bit.
  const dyadic = (value: number): number => Math.round(value * 8) / 8;
  const ceilings: Readonly<Record<string, number>> = { 'q1/ceiling': 1.5, 'q2/ceiling': 2 };
  const weights = new Map(
    [...randomWeights(spec, 3)].map(([key, values]) => [key, values.map((value) => ceilings[key] ?? dyadic(value))]),
  );
  const data = randomSamples(spec, 40, 4);
  const samples = { ...data, values: Float32Array.from(data.values, () => generator.below(5) / 2 - 1) };
  const ours = expected(spec, weights, samples);
  assert.ok(new Set(ours).size > 20, 'the activations are not all at one step');
  assertSame('outputs', await runFile(spec, weights, samples), ours);
});

test('a normalisation in the file takes pixels, by channel or one for all, in both layouts', { skip }, async () => {
  const odd = ONNX_NETWORKS.find(({ name }) => name === 'odd')!;
  const cases: readonly (readonly [NetworkSpec, Normalization])[] = [
    [odd, { mean: [0.49, 0.3, 0.6], deviation: [0.25, 0.5, 0.125] }],
    [odd, { mean: [0.4], deviation: [0.3] }],
    [odd, { mean: [0.4], deviation: [0.25, 0.5, 0.125] }],
    [mlp([12, 5, 3]), { mean: [0.1, 0.2, 0.3], deviation: [0.5] }],
  ];
  for (const [spec, normalize] of cases) {
    const weights = randomWeights(spec, 31);
    const data = randomSamples(spec, 3, 32);
    const values = normalizePixels(data.values as Float32Array, spec.input, normalize);
    const channels = spec.input.at(-1)! === 12 ? 3 : spec.input.at(-1)!;
    const at = (list: readonly number[], i: number): number => list[i % list.length]!;
    values.forEach((value, i) => {
      const byHand = (data.values[i]! - at(normalize.mean, i % channels)) / at(normalize.deviation, i % channels);
      assert.ok(Math.abs(value - byHand) < 1e-6);
    });
    const ours = expected(spec, weights, { ...data, values });
    for (const layout of ['nhwc', 'nchw'] as const)
      assertCloseToScale(layout, await runFile(spec, weights, data, { layout, normalize }), ours, RELATIVE);
  }
});

test('convolutions of any window and any groups give our outputs', { skip }, async () => {
  const length = fc.integer({ min: 1, max: 3 });
  const pair = fc.tuple(length, length);
  const window = fc.record({
    ...{ groups: fc.integer({ min: 1, max: 3 }), kernel: pair, stride: pair, dilation: pair },
    ...{ padding: fc.tuple(fc.nat(2), fc.nat(2)), size: fc.tuple(fc.nat(3), fc.nat(3)) },
  });
  await fc.assert(
    fc.asyncProperty(window, async ({ groups, kernel, stride, dilation, padding, size }) => {
      const input = [7 + size[0], 7 + size[1], 2 * groups];
      const spec = network('window', input, [
        conv('c', 3 * groups, kernel, { stride, dilation, padding, groups }),
        ...[flatten(), dense('fc', 4)],
      ]);
      const weights = randomWeights(spec, 41);
      const data = randomSamples(spec, 2, 42);
      const ours = expected(spec, weights, data);
      assertCloseToScale('outputs', await runFile(spec, weights, data), ours, RELATIVE);
    }),
    { numRuns: 25 },
  );
});
