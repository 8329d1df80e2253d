// Runs a network over samples batch by batch and hands each finished batch to a reader.

import { ConfigError, InterruptedError } from '../core/index.ts';
import { type Dataset, stageSamples } from '../data/index.ts';
import type { Backend, Program } from '../engine/index.ts';
import { inputOf, type Lowered, type LowerOptions, lower, type Observe, writeWeights } from '../lower/index.ts';
import type { EncoderSpec, NetworkSpec, Weights } from '../model/index.ts';

const DEFAULT_BATCH = 256;

export interface BatchRun {
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly mode: 'ann' | 'snn';
  readonly timesteps: number;
  readonly observe: Observe;
  /** Default constant. */
  readonly encoder?: EncoderSpec;
}

export interface BatchOptions {
  /** From the first on; see `samplesOf`. */
  readonly samples: number;
  readonly batchSize?: number;
  /** Named in the message when stopped. */
  readonly what: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A network with its weights in a program, for batches of up to `batchSize` samples. */
export interface OpenNetwork {
  readonly lowered: Lowered;
  readonly program: Program;
}

/** The caller closes the program. Throws ConfigError or UnsupportedError. */
export function openNetwork(
  backend: Backend,
  { spec, weights, mode, timesteps, observe, encoder }: BatchRun,
  input: LowerOptions['input'],
  batchSize: number,
): OpenNetwork {
  const lowered = lower(spec, {
    ...{ mode, timesteps, observe, input, purpose: 'infer' },
    ...(encoder && { encoder }),
  });
  const program = backend.compile(lowered.plan, { samples: batchSize });
  try {
    writeWeights(program, lowered, weights);
  } catch (error) {
    program.close();
    throw error;
  }
  return { lowered, program };
}

export function runSamples({ program }: OpenNetwork, dataset: Dataset, from: number, to: number): void {
  const sampleIds = Uint32Array.from({ length: to - from }, (_, k) => from + k);
  program.run({ samples: to - from, input: stageSamples(dataset, from, to), sampleIds, seed: 0, epoch: 0 });
}

/** `read` gets the program after each batch, which held samples [from, to). Throws ConfigError, InterruptedError when stopped. */
export async function forEachBatch(
  backend: Backend,
  run: BatchRun,
  dataset: Dataset,
  { samples, what, onProgress, signal, ...options }: BatchOptions,
  read: (program: Program, lowered: Lowered, from: number, to: number) => void,
): Promise<void> {
  const batchSize = Math.min(samples, batchSizeOf(options));
  const opened = openNetwork(backend, run, inputOf(dataset), batchSize);
  try {
    for (let from = 0; from < samples; from += batchSize) {
      if (from > 0) await new Promise((resolve) => setTimeout(resolve, 0));
      if (signal?.aborted)
        throw new InterruptedError(`${what}: stopped on request after ${from} of ${samples} samples`);
      const to = Math.min(from + batchSize, samples);
      runSamples(opened, dataset, from, to);
      read(opened.program, opened.lowered, from, to);
      onProgress?.(to, samples);
    }
  } finally {
    opened.program.close();
  }
}

/** Spikes [samples, T, N] of a slot that is observed. */
export function spikesOf(program: Program, { probes }: Lowered, slot: string): Float32Array | Float64Array {
  for (const probe of probes)
    if (probe.kind === 'neuron' && probe.layer === slot && probe.spikes !== undefined)
      return program.tensor(probe.spikes);
  throw new TypeError(`slot "${slot}": its spikes were not observed`);
}

/** How many samples to use: those asked for, or all. Throws ConfigError. */
export function samplesOf(dataset: Dataset, samples = dataset.samples): number {
  if (!Number.isInteger(samples) || samples < 1)
    throw new ConfigError('samples', `got ${samples}, expected a whole number of at least 1`);
  if (samples > dataset.samples)
    throw new ConfigError('samples', `got ${samples}, but "${dataset.name}" has ${dataset.samples}; use at most that`);
  return samples;
}

function batchSizeOf({ batchSize = DEFAULT_BATCH }: Pick<BatchOptions, 'batchSize'>): number {
  if (Number.isInteger(batchSize) && batchSize >= 1) return batchSize;
  throw new ConfigError('batchSize', `got ${batchSize}, expected a whole number of at least 1`);
}
