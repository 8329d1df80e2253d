// What a spiking network's run says beside its accuracy: curves over time, what stopping early saves, membranes, latency.

import { subset } from '../data/index.ts';
import { wasmBackend } from '../engine/index.ts';
import { earlyStopCurve, energyOverTime, operationsOverTime, profile } from '../measure/index.ts';
import { type SimulationResult, simulateNetwork, simulateStream, type WatchOptions } from '../simulate/index.ts';
import type { EarlyStopRecord, NetworkRecord, OverTimeRecord, RatesRecord, StreamRecord } from '../store/index.ts';
import type { Candidate } from './candidate.ts';
import { profilesNamed } from './reprice.ts';
import type { Study } from './study.ts';
import type { Workbench } from './workbench.ts';

/** Rates of a layer that a record lists, at most: enough for a histogram. */
const MOST_RATES = 4096;

/** All rates, or of a large layer every n-th. */
export function sparseRates({
  layer,
  rates,
}: {
  readonly layer: string;
  readonly rates: readonly number[];
}): RatesRecord {
  if (rates.length <= MOST_RATES) return { layer, rates };
  // Odd, so that it does not always hit the same few of 16, 32, ... channels.
  const every = Math.ceil(rates.length / MOST_RATES) | 1;
  return { layer, every, rates: rates.filter((_, i) => i % every === 0) };
}

/** Throws InterruptedError when stopped. */
export async function readingsOf(
  bench: Workbench,
  candidate: Candidate,
  result: SimulationResult,
): Promise<Pick<NetworkRecord, 'overTime' | 'earlyStop' | 'watched' | 'stream'>> {
  const earlyStop = earlyStopRecord(bench.study, result);
  const watched = await watchedOf(bench, candidate);
  const stream = await streamRecord(bench, candidate);
  return {
    overTime: overTimeRecord(bench.study, result),
    ...(earlyStop === undefined ? {} : { earlyStop }),
    ...(watched === undefined ? {} : { watched }),
    ...(stream === undefined ? {} : { stream }),
  };
}

function overTimeRecord({ energy, zeroSkipping }: Study, { trace, undecidedByStep }: SimulationResult): OverTimeRecord {
  const options = { zeroSkipping };
  const curves = profilesNamed(energy).flatMap((each) => {
    const estimates = energyOverTime(trace, each, options);
    if (estimates.some(({ notApplicable }) => notApplicable !== undefined)) return [];
    return [{ profile: each.id, label: each.label, joules: estimates.map(({ total }) => total) }];
  });
  return {
    synops: operationsOverTime(trace, options).map(({ synops }) => synops),
    undecided: undecidedByStep.map((undecided) => undecided / trace.samples),
    energy: curves,
  };
}

function earlyStopRecord(study: Study, { earlyStops, trace }: SimulationResult): EarlyStopRecord | undefined {
  const { rule, profile: id } = study.earlyStop;
  if (earlyStops.length === 0) return undefined;
  const points = earlyStopCurve(earlyStops, trace, profile(id), { zeroSkipping: study.zeroSkipping });
  return { rule, profile: id, points };
}

/** How a candidate is simulated, on the few samples that these readings take. */
const settingsOf = ({ study, signal }: Workbench, { reading }: Candidate) => ({
  mode: 'snn' as const,
  timesteps: reading.timesteps,
  encoder: reading.encoder,
  decoder: { kind: reading.decoder },
  seed: study.seed,
  ...(signal === undefined ? {} : { signal }),
});

const firstOf = (bench: Workbench, samples: number) => {
  const { test } = bench.data;
  return subset(
    test,
    Uint32Array.from({ length: Math.min(samples, test.samples) }, (_, i) => i),
  );
};

async function watchedOf(bench: Workbench, candidate: Candidate): Promise<NetworkRecord['watched']> {
  const { samples } = bench.study.watch;
  const watch = watchOptions(bench, candidate);
  if (samples === 0 || watch === undefined) return undefined;
  const data = firstOf(bench, samples);
  const options = { ...settingsOf(bench, candidate), watch };
  return (await simulateNetwork(bench.backend, candidate.spec, candidate.weights, data, options)).watched;
}

/** The neurons chosen, or those of the output. */
function watchOptions({ study, data }: Workbench, { spec }: Candidate): WatchOptions | undefined {
  const { samples, neurons } = study.watch;
  if (neurons.length > 0) return { samples, neurons };
  const last = spec.layers.at(-1);
  if (last?.kind !== 'slot') return undefined;
  return { samples, neurons: [{ layer: last.name, neurons: data.test.classes.map((_, i) => i) }] };
}

async function streamRecord(bench: Workbench, candidate: Candidate): Promise<StreamRecord | undefined> {
  const { stream, engine } = bench.study;
  if (stream.samples === 0 || engine !== 'wasm') return undefined;
  const backend = await wasmBackend({ threads: 1, path: 'events' });
  try {
    const data = firstOf(bench, stream.samples);
    const { latency, eventsPerSample, eventsPerSecond, synopsPerSecond } = await simulateStream(
      backend,
      candidate.spec,
      candidate.weights,
      data,
      settingsOf(bench, candidate),
    );
    const events = eventsPerSample.reduce((sum, count) => sum + count, 0) / data.samples;
    return { samples: data.samples, latency, eventsPerSample: events, eventsPerSecond, synopsPerSecond };
  } finally {
    await backend.close();
  }
}
