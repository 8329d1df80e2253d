// Cases about batch norm: statistics of the batch or running ones, on maps and flat, one value a sample or a step.

import type { Plan, TensorSpec } from '../../src/engine/index.ts';
import { batchOf, type ConformanceCase, EMPTY, load, mapOf, parameterOf, random, sparse } from './cases.ts';

/** [height, width, channels], samples, T, rows */
const SHAPES = [
  [[5, 7, 3], 5, 3, 'step'],
  [[1, 1, 33], 17, 1, 'sample'],
  [[3, 5, 40], 3, 5, 'sample'],
  [[7, 9, 12], 2, 3, 'step'],
  [[3, 3, 65], 37, 1, 'sample'],
  [[5, 7, 5], 1, 1, 'sample'],
] as const;

const VECTORS = ['gamma', 'beta', 'mean', 'variance', 'batchMean', 'batchDeviation', 'dGamma', 'dBeta'] as const;

function caseOf(k: number, statistics: 'batch' | 'running', reads: 'x' | 'far'): ConformanceCase {
  const [[height, width, channels], samples, timesteps, rows] = SHAPES[k]!;
  const map = (id: string): TensorSpec => mapOf(id, rows, [height, width], channels);
  const from = random(2100 + k);
  const fields = {
    ...{ layer: 'bn', x: 'x', gamma: 'gamma', factor: k % 2 === 0 ? 1 : 0.75, epsilon: 1e-5 },
    ...{ batchMean: 'batchMean', batchDeviation: 'batchDeviation', repeats: rows === 'sample' ? timesteps : 1 },
  } as const;
  const back = { kernel: 'batch-norm-backward', ...fields, dGamma: 'dGamma', dBeta: 'dBeta' } as const;
  const plan: Plan = {
    ...EMPTY,
    timesteps,
    tensors: ['x', 'y', 'r', 'dx'].map(map),
    parameters: VECTORS.map((id) => parameterOf(id, 1, channels)),
    forward: [
      load('x'),
      {
        ...{ kernel: 'batch-norm', ...fields, beta: 'beta', mean: 'mean', variance: 'variance' },
        ...{ momentum: 0.3, statistics, y: 'y' },
      },
      // what comes back must not be what xhat is made of, or all gradients cancel
      { kernel: 'relu', layer: 'r', x: 'y', y: 'r' },
    ],
    backward:
      statistics === 'batch'
        ? [{ ...back, dy: 'r', dx: 'dx' }]
        : [
            {
              ...{ kernel: 'running-norm-backward', layer: 'bn', gamma: 'gamma', variance: 'variance' },
              ...{ factor: fields.factor, epsilon: fields.epsilon, dy: 'r', dx: 'dx' },
            },
          ],
  };
  const between = (low: number, high: number): Float32Array =>
    Float32Array.from({ length: channels }, () => low + (high - low) * from.uniform());
  const input = (): Float32Array => {
    const values = sparse(from, samples * (rows === 'step' ? timesteps : 1) * height * width * channels, 0.8);
    // far from zero, where sums of squares lose what deviations keep
    return reads === 'far' ? values.map((value, i) => 30 + (i % channels) + value) : values;
  };
  return {
    name: `batch-norm of ${statistics} statistics${reads === 'far' ? ', far from zero' : ''} [${samples} x ${timesteps}, ${height} ${width} ${channels}] a ${rows}`,
    kernels: ['batch-norm', statistics === 'batch' ? 'batch-norm-backward' : 'running-norm-backward'],
    plan,
    parameters: new Map([
      ['gamma', between(0.5, 1.5)],
      ['beta', between(-0.5, 0.5)],
      ['mean', between(-1, 1)],
      ['variance', between(0.5, 2)],
    ]),
    // two: the running statistics go on from the first, the gradients add up
    batches: [batchOf(samples, input()), batchOf(samples, input())],
  };
}

/** Only the gradients of the parameters. */
function withoutInputGradient(entry: ConformanceCase): ConformanceCase {
  const backward = entry.plan.backward.map((op) => {
    if (op.kernel !== 'batch-norm-backward') return op;
    const { dx: _, ...rest } = op;
    return rest;
  });
  return { ...entry, name: `${entry.name}, no dx`, plan: { ...entry.plan, backward } };
}

/** A single value a channel, whose variance is 0 and says nothing of the running one; and no value at all. */
function fewValues(): ConformanceCase[] {
  return [1, 0].map((samples) => {
    const entry = caseOf(1, 'batch', 'x');
    const batches = entry.batches.map((batch) => ({ ...batch, samples, input: batch.input.subarray(0, samples * 33) }));
    return { ...entry, name: `batch-norm of a batch of ${samples}`, batches };
  });
}

export const NORMS: readonly ConformanceCase[] = [
  ...fewValues(),
  ...SHAPES.flatMap((_, k) => [
    caseOf(k, 'running', 'x'),
    // a single pixel of a single sample has no variance to speak of
    caseOf(k, 'batch', 'x'),
    ...(k < 2 ? [caseOf(k, 'batch', 'far'), withoutInputGradient(caseOf(k, 'batch', 'x'))] : []),
  ]),
];
