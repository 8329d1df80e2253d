// What a conformance case is, and the small random worlds cases are made of. Numbers come from a seeded generator, so that a
// case is the same on every machine.

import { type Rng, rng, STREAM } from '../../src/core/index.ts';
import type {
  Backend,
  Batch,
  ForwardOp,
  KernelName,
  ParameterSpec,
  Plan,
  Program,
  TensorSpec,
  UpdateOptions,
  Window,
} from '../../src/engine/index.ts';
import { referenceBackend } from '../../src/engine/index.ts';

export interface ConformanceCase {
  readonly name: string;
  /** Kernels this case is about. */
  readonly kernels: readonly KernelName[];
  readonly plan: Plan;
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Run one after another; each is followed by the update, if there is one. */
  readonly batches: readonly Batch[];
  readonly update?: UpdateOptions;
  /** Updates alone, after the batches. */
  readonly updates?: readonly UpdateOptions[];
  /** Tensors that hold nothing in the end. */
  readonly ignore?: readonly string[];
  /** Every number of the case is exact in float32: results must be equal, not close. */
  readonly exact?: boolean;
}

/** A plan with nothing in it. */
export const EMPTY: Plan = {
  ...{ timesteps: 1, tensors: [], parameters: [], forward: [], backward: [], gradients: [], update: [] },
};

export const tensorOf = (
  id: string,
  rows: TensorSpec['rows'],
  features: number,
  values: TensorSpec['values'] = 'analog',
): TensorSpec => ({ id, rows, features, values, keep: 'batch' });

/** A map [height, width, channels]. */
export const mapOf = (
  id: string,
  rows: TensorSpec['rows'],
  [height, width]: readonly [number, number],
  channels: number,
  values: TensorSpec['values'] = 'analog',
): TensorSpec => ({ ...tensorOf(id, rows, height * width * channels, values), channels });

type Pair = readonly [number, number];

/** A window with as many outputs as fit into the padded input, or `more` of them, which then hang over its far edge. */
export function windowOf(
  input: Pair,
  kernel: Pair,
  {
    stride = [1, 1],
    padding = [0, 0],
    dilation = [1, 1],
    more = [0, 0],
  }: Partial<Record<'stride' | 'padding' | 'dilation' | 'more', Pair>> = {},
): Window {
  const fit = (axis: 0 | 1): number =>
    Math.floor((input[axis] + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) +
    1 +
    more[axis];
  return { ...{ input, output: [fit(0), fit(1)], kernel }, ...{ stride, padding, dilation } };
}

export const parameterOf = (id: string, rows: number, columns: number): ParameterSpec => ({
  ...{ id, rows, columns, layer: id.split(/[/@]/)[0]!, role: id },
});

export const random = (seed: number): Rng => rng(seed, STREAM.noise);

export const load = (x: string, scale = 1, source: 'bytes' | 'floats' = 'floats'): ForwardOp => ({
  ...{ kernel: 'load', layer: 'input', source, scale, x },
});

/** Spikes out of values: a rate encoder of probability 0 or 1 is the identity on zeros and ones. */
export const asSpikes = (x: string, spikes: string): ForwardOp => ({
  ...{ kernel: 'encode-rate', layer: 'encoder', gain: 1, offset: 0, x, spikes },
});

/** Standard normal values times `scale`, a share `density` of them; the others are 0. */
export function sparse(from: Rng, size: number, density = 1, scale = 1): Float32Array {
  return Float32Array.from({ length: size }, () => {
    const value = from.normal() * scale;
    return from.uniform() < density ? value : 0;
  });
}

/** Zeros and ones, a share `density` ones. */
export const binary = (from: Rng, size: number, density: number): Float32Array =>
  Float32Array.from({ length: size }, () => (from.uniform() < density ? 1 : 0));

/** Multiples of `grid` within [-reach, reach]: sums and products of a few of them are exact in float32, in any order. */
export const dyadic = (from: Rng, size: number, grid: number, reach: number): Float32Array =>
  Float32Array.from({ length: size }, () => (from.below((2 * reach) / grid + 1) - reach / grid) * grid);

export const batchOf = (samples: number, input: Batch['input'], more: Partial<Batch> = {}): Batch => ({
  ...{ samples, input, seed: 7, epoch: 1, ...more },
});

/** Compiles a case for as many samples as its largest batch has, with its parameters written. */
export function prepare(backend: Backend, entry: ConformanceCase, memoryLimit?: number): Program {
  const samples = Math.max(1, ...entry.batches.map((batch) => batch.samples));
  const program = backend.compile(entry.plan, { samples, ...(memoryLimit !== undefined && { memoryLimit }) });
  for (const [id, values] of entry.parameters) program.write(id, values);
  return program;
}

/** Runs all batches, with updates between them. */
export function execute(program: Program, entry: ConformanceCase): void {
  for (const [k, batch] of entry.batches.entries()) {
    program.run(batch);
    if (entry.update) program.update({ ...entry.update, step: k + 1 });
  }
  for (const update of entry.updates ?? []) program.update(update);
}

/**
 * The first case of `make(seed)`, seed = 1, 2, ..., in which no membrane comes closer to its threshold than `margin`, so that
 * float32 rounding cannot flip a spike. `pairs` names tensors of charges and the threshold parameters they are held against.
 */
export function withMargin(
  make: (seed: number) => ConformanceCase,
  pairs: readonly (readonly [charge: string, threshold: string])[],
  margin = 3e-5,
): ConformanceCase {
  for (let seed = 1; seed <= 200; seed++) {
    const entry = make(seed);
    const program = prepare(referenceBackend(), entry);
    let least = Number.POSITIVE_INFINITY;
    for (const [k, batch] of entry.batches.entries()) {
      program.run(batch);
      for (const [charge, threshold] of pairs) {
        const levels = program.read(threshold);
        for (const [i, u] of program.tensor(charge).entries())
          least = Math.min(least, Math.abs(u - levels[i % levels.length]!));
      }
      if (entry.update) program.update({ ...entry.update, step: k + 1 });
    }
    if (least >= margin) return entry;
  }
  throw new Error('no seed up to 200 keeps every membrane away from its threshold; make the case smaller');
}
