// Inference one sample at a time, as a neuromorphic chip sees it: a batch of one, so that latency is the time of a single inference.
// With a backend that was opened with `path: 'events'` and one thread, every product is driven by its events.

import { ConfigError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import type { NetworkSpec, Weights } from '../model/index.ts';
import type { SimulateOptions, SimulationResult } from './options.ts';
import { simulateBatches } from './simulate.ts';
import { eventsPerSample, synopsPerSample } from './synops.ts';

export interface StreamOptions extends Omit<SimulateOptions, 'batchSize'> {
  /** Runs of the first sample before the clock counts, so that the machine has its code ready. Default 3. */
  readonly warmup?: number;
}

/** Latency in seconds, of one inference. */
export interface Latency {
  readonly median: number;
  readonly p95: number;
  readonly mean: number;
  readonly longest: number;
}

export interface StreamResult {
  /** What `simulateNetwork` gives for these samples; the same bits as in any other batch size. */
  readonly result: SimulationResult;
  readonly latency: Latency;
  /** Wall time inside the engine for each sample [samples], counting of activity included. */
  readonly secondsPerSample: Float64Array;
  /** Nonzero values that arrived at layers with weights and at pools, over all steps [samples]. */
  readonly eventsPerSample: Float64Array;
  /** Synapses that delivered one (macs + acs) [samples]. */
  readonly synopsPerSample: Float64Array;
  /** All events over all time, and so for synaptic operations. */
  readonly eventsPerSecond: number;
  readonly synopsPerSecond: number;
}

/** Runs every sample by itself. Throws as `simulateNetwork` does, and ConfigError for a number of warm-up runs that is none. */
export async function simulateStream(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  { warmup = 3, ...options }: StreamOptions,
): Promise<StreamResult> {
  if (!Number.isInteger(warmup) || warmup < 0)
    throw new ConfigError('warmup', `got ${warmup}, expected a whole number of at least 0`);
  const asked = { ...options, batchSize: 1 };
  const { result, seconds } = await simulateBatches(backend, { spec, weights, dataset }, asked, warmup);
  const [events, synops] = [eventsPerSample(result.trace), synopsPerSample(result.trace)];
  const rate = (counts: Float64Array): number => (result.seconds === 0 ? 0 : total(counts) / result.seconds);
  return {
    result,
    latency: latencyOf(seconds),
    secondsPerSample: Float64Array.from(seconds),
    eventsPerSample: events,
    synopsPerSample: synops,
    eventsPerSecond: rate(events),
    synopsPerSecond: rate(synops),
  };
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Percentiles are of the sample at or above that share (nearest rank); the median of an even number is between the middle two. */
export function latencyOf(seconds: readonly number[]): Latency {
  const sorted = [...seconds].sort((a, b) => a - b);
  const n = sorted.length;
  const middle = Math.floor(n / 2);
  return {
    median: n % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2,
    p95: sorted[Math.ceil(0.95 * n) - 1]!,
    mean: sorted.reduce((sum, value) => sum + value, 0) / n,
    longest: sorted[n - 1]!,
  };
}
