// A network as a subject of trials: batches staged before the clock runs, then inference and the reading of its answer, again and again.

import { type Bytes, bytes, ConfigError, ShapeError } from '../core/index.ts';
import { type Dataset, sampleSize, stageSamples } from '../data/index.ts';
import type { Backend, Batch } from '../engine/index.ts';
import { inputOf, type Lowered, lower, writeWeights } from '../lower/index.ts';
import { type DecoderSpec, type EncoderSpec, type NetworkSpec, sizeOf, type Weights } from '../model/index.ts';
import type { TrialSubject } from '../trials/index.ts';

export interface TimedNetwork {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly mode: 'ann' | 'snn';
  /** 1 for an ANN. */
  readonly timesteps: number;
  readonly encoder?: EncoderSpec;
  readonly decoder?: DecoderSpec;
  /** Share of its answers that are right, if it is known. */
  readonly correct?: number;
}

/** A subject that holds memory until it is closed. */
export interface OpenSubject extends TrialSubject {
  /** Inferences of one call. */
  readonly batch: number;
  /** What its engine laid out; undefined where that does not say. */
  readonly bytes?: Bytes;
  close(): void | Promise<void>;
}

/** Bytes of staged batches: more than caches hold, so that inputs come from memory as they would. */
const STAGED = 2 ** 26;

/** Batches of `batch` samples, side by side, from the first sample on; as many as fit 64 MiB, one at least. Throws ConfigError. */
export function stagedBatches(dataset: Dataset, batch: number): readonly (Uint8Array | Float32Array)[] {
  checkBatch(dataset, batch);
  const each = 4 * batch * sampleSize(dataset);
  const count = Math.max(1, Math.min(Math.floor(dataset.samples / batch), Math.floor(STAGED / each)));
  return Array.from({ length: count }, (_, k) => stageSamples(dataset, k * batch, (k + 1) * batch).slice());
}

function checkBatch({ name, samples }: Dataset, batch: number): void {
  if (Number.isInteger(batch) && batch >= 1 && batch <= samples) return;
  throw new ConfigError(
    'batch',
    `got ${batch}, expected a whole number from 1 to ${samples}, the samples of "${name}"`,
  );
}

/**
 * Compiles a network for batches of one size. Its counters of activity are left out: they are no part of the job.
 * @throws ConfigError for a batch larger than the dataset, ShapeError for samples of another size, UnsupportedError for too little memory
 */
export function openNetwork(
  backend: Backend,
  network: TimedNetwork,
  dataset: Dataset,
  { batch, seed = 0 }: { readonly batch: number; readonly seed?: number },
): OpenSubject {
  const { name, spec, weights, correct } = network;
  if (sizeOf(spec.input) !== sampleSize(dataset))
    throw new ShapeError(
      `network "${name}": takes ${sizeOf(spec.input)} values, a sample of "${dataset.name}" has ${sampleSize(dataset)}; give the data it was trained on`,
    );
  const batches = stagedBatches(dataset, batch).map((input, k): Batch => {
    const sampleIds = Uint32Array.from({ length: batch }, (_, i) => k * batch + i);
    return { samples: batch, input, sampleIds, seed, epoch: 0 };
  });
  const lowered = lowerForTiming(network, dataset);
  const program = backend.compile(lowered.plan, { samples: batch });
  writeWeights(program, lowered, weights);
  const { logits, spikes, membrane } = lowered.outputs;
  const answer = (logits ?? (readsMembrane(network) ? membrane : spikes) ?? membrane ?? spikes)!;
  let [next, scratch] = [0, new Float32Array(0)];
  const work = (): number => {
    program.run(batches[next]!);
    next = (next + 1) % batches.length;
    const values = program.tensor(answer, scratch);
    if (values instanceof Float32Array && values.length > scratch.length) scratch = new Float32Array(values.length);
    return batch;
  };
  return {
    ...{ name, work, batch, bytes: bytes(program.bytes) },
    ...(correct === undefined ? {} : { correct }),
    close: () => program.close(),
  };
}

const readsMembrane = ({ decoder }: TimedNetwork): boolean =>
  decoder !== undefined && decoder.kind !== 'spike-count' && decoder.kind !== 'first-spike';

function lowerForTiming(network: TimedNetwork, dataset: Dataset): Lowered {
  const { spec, mode, timesteps, encoder } = network;
  return lower(spec, {
    ...{ mode, timesteps, input: inputOf(dataset), purpose: 'infer' },
    ...(encoder && { encoder }),
    ...(mode === 'snn' && { observe: readsMembrane(network) ? { membranes: 'output' } : {} }),
  });
}
