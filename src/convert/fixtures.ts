// What tests of conversion share: running a small network on the reference backend, and weights that are not special.

import { rng } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { lower, writeWeights } from '../lower/index.ts';
import { listParameters, type NetworkSpec, sizeOf, type Weights } from '../model/index.ts';

/** Every parameter drawn from a normal distribution; variances and ceilings positive. */
export function randomWeights(spec: NetworkSpec, seed: number): Weights {
  const generator = rng(seed, 1);
  return new Map(
    listParameters(spec).map(({ key, role, rows, columns }) => {
      const deviation = role === 'weight' ? 1.2 / Math.sqrt(rows) : 0.3;
      const draw = (): number => generator.normal() * deviation;
      const positive = role === 'variance' || role === 'ceiling' || role === 'scale';
      return [key, Float32Array.from({ length: rows * columns }, () => (positive ? 0.5 + Math.abs(draw()) : draw()))];
    }),
  );
}

/** Samples uniform in [0, 1). */
export function randomSamples(spec: NetworkSpec, samples: number, seed: number): Dataset {
  const generator = rng(seed, 2);
  const values = Float32Array.from({ length: samples * sizeOf(spec.input) }, () => generator.uniform());
  return {
    ...{ name: 'random', source: 'test', classes: ['a', 'b', 'c'], shape: spec.input },
    ...{ samples, values, scale: 1, labels: new Uint8Array(samples) },
  };
}

/** Outputs [samples, C] of the ANN, or of the spiking network: the mean over time of what reaches its output. */
export function outputsOf(
  spec: NetworkSpec,
  weights: Weights,
  { values, samples }: Dataset,
  mode: 'ann' | 'snn',
  timesteps = 1,
): Float64Array {
  const lowered = lower(spec, { mode, timesteps, input: { source: 'floats' }, purpose: 'infer' });
  const program = referenceBackend().compile(lowered.plan, { samples });
  writeWeights(program, lowered, weights);
  program.run({ samples, input: values, seed: 0, epoch: 0 });
  const { logits, membrane, features } = lowered.outputs;
  if (mode === 'ann') return Float64Array.from(program.tensor(logits!));
  const m = program.tensor(membrane!);
  return Float64Array.from({ length: samples * features }, (_, k) => {
    const row = (Math.floor(k / features) + 1) * timesteps - 1;
    return m[row * features + (k % features)]! / timesteps;
  });
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let k = 0; k < a.length; k++) largest = Math.max(largest, Math.abs(a[k]! - b[k]!));
  return largest;
}
