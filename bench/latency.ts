// One image at a time on one thread, as a neuromorphic chip sees it: the time of a single inference, driven by events, beside the
// same spiking network as matrix products and the ANN.

import { type Dataset, subset } from '../src/data/index.ts';
import { type Backend, wasmBackend } from '../src/engine/index.ts';
import type { NetworkSpec, Weights } from '../src/model/index.ts';
import { type SimulateOptions, simulateStream } from '../src/simulate/index.ts';
import { type BenchCase, stepsOf } from './cases.ts';
import { readImages, readWeightsFile } from './image-set.ts';
import { digits, textTable } from './text-table.ts';
import { workload } from './workload.ts';

export interface LatencyResult {
  readonly about: string;
  /** Milliseconds of one image; counting its events included. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** Of an image: nonzero values that arrive at a layer, and synapses that deliver one. */
  readonly events: number;
  readonly synops: number;
  readonly synopsPerSecond: number;
}

/** Images that are timed. */
const IMAGES = 64;

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The cases on images, trained for `steps` steps first. */
export async function benchLatency(
  cases: readonly BenchCase[],
  steps: number,
  folder: string,
): Promise<readonly LatencyResult[]> {
  const { train, test } = readImages(folder);
  const images = subset(
    test,
    Uint32Array.from({ length: IMAGES }, (_, i) => i),
  );
  const backends = { events: await wasmBackend({ threads: 1, path: 'events' }), dense: await denseBackend() };
  const results: LatencyResult[] = [];
  for (const entry of cases.filter(({ data }) => data === 'images')) {
    const weights = trained(backends.events, entry, train, folder, stepsOf(entry, steps));
    const { mode, timesteps } = entry.lowering;
    for (const [way, backend] of Object.entries(backends))
      results.push({
        about: `${entry.about}, ${way === 'events' ? 'event by event' : 'matrix products'}`,
        ...(await latencyOn(backend, entry.network, weights, images, { mode, timesteps })),
      });
  }
  for (const backend of Object.values(backends)) await backend.close();
  return results;
}

const denseBackend = () => wasmBackend({ threads: 1, path: 'dense' });

function trained(backend: Backend, entry: BenchCase, train: Dataset, folder: string, steps: number): Weights {
  const work = workload(backend, entry, train, readWeightsFile(folder, entry.name, entry.network));
  for (let step = 0; step < steps; step++) work.trainStep();
  const weights = work.weights();
  work.close();
  return weights;
}

async function latencyOn(
  backend: Backend,
  network: NetworkSpec,
  weights: Weights,
  images: Dataset,
  options: SimulateOptions,
): Promise<Omit<LatencyResult, 'about'>> {
  const stream = await simulateStream(backend, network, weights, images, options);
  return {
    medianMs: 1e3 * stream.latency.median,
    p95Ms: 1e3 * stream.latency.p95,
    events: mean(stream.eventsPerSample),
    synops: mean(stream.synopsPerSample),
    synopsPerSecond: stream.synopsPerSecond,
  };
}

export function latencyTable(results: readonly LatencyResult[]): string {
  const rows = results.map(({ about, medianMs, p95Ms, events, synops, synopsPerSecond }) => [
    about,
    digits(medianMs),
    digits(p95Ms),
    digits(events / 1e3),
    digits(synops / 1e6),
    digits(synopsPerSecond / 1e9),
  ]);
  const header = ['one image at a time, one thread', 'median, ms', '95 %, ms', 'events, k', 'synops, M', 'G synops/s'];
  return textTable(header, rows);
}
