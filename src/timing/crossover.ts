// At what spike rate, and for how many time steps, does a spiking network take less than the ANN on this machine? Each point is a small
// measured comparison of its own: the ANN, and the network event by event, as dense products, and as the engine chooses.

import type { Dataset } from '../data/index.ts';
import { type Backend, wasmBackend } from '../engine/index.ts';
import { type DetectedMeters, systemView } from '../meters/index.ts';
import { isMeasured, liveWorld, type TrialHooks, type TrialsResult } from '../trials/index.ts';
import { findBestBatch } from './best-batch.ts';
import { breakEven } from './break-even.ts';
import { type BatchChoice, type Contestant, measureContest } from './contest.ts';
import {
  type AnnTime,
  type Crossover,
  type CrossoverLine,
  type CrossoverOptions,
  type CrossoverPath,
  type CrossoverPoint,
  PATHS,
} from './crossover-result.ts';
import { openNetwork, type TimedNetwork } from './network-subject.ts';
import { onnxContestant } from './onnx-contestant.ts';
import { atSpikeRate, hiddenRate, type NetworkAtRate } from './spike-rate.ts';

interface Bench extends CrossoverOptions {
  readonly backends: Readonly<Record<CrossoverPath, Backend>>;
  readonly dataset: Dataset;
  readonly ann: TimedNetwork;
  readonly snn: TimedNetwork;
  readonly meters: Pick<DetectedMeters, 'available' | 'unavailable'>;
  readonly hooks: TrialHooks;
}

/**
 * Measures the crossover of two networks. Throws ConfigError for networks without hidden neurons and what does not fit together,
 * InterruptedError when stopped; no thread is left running then.
 */
export async function measureCrossover(
  networks: { readonly ann: TimedNetwork; readonly snn: TimedNetwork },
  dataset: Dataset,
  meters: Pick<DetectedMeters, 'available' | 'unavailable'>,
  options: CrossoverOptions,
  hooks: TrialHooks = {},
): Promise<Crossover> {
  const open: Backend[] = [];
  try {
    const backends = {} as Record<CrossoverPath, Backend>;
    for (const path of PATHS) {
      backends[path] = await wasmBackend({ threads: options.threads, path });
      open.push(backends[path]);
    }
    return await run({ ...options, backends, dataset, ...networks, meters, hooks });
  } finally {
    for (const backend of open) await backend.close();
  }
}

async function run(bench: Bench): Promise<Crossover> {
  const { timesteps, rates, batches, hooks, dataset, ann, snn, threads, onnx, backends } = bench;
  const rateSteps = timesteps.length * rates.length;
  const total = rateSteps + batches.length * (rateSteps + 1);
  let done = 0;
  const step: Step = (what) => hooks.onProgress?.(done++, total, what);
  const other = onnx ? await onnxContestant(ann, dataset, { threads }) : 'not asked for';
  const own = { timesteps: snn.timesteps, rate: await hiddenRate(backends.auto, snn, dataset, hooks.signal) };
  const asItIs: NetworkAtRate = { network: snn, rate: own.rate, factor: 1 };
  const others = (await networksAtRates(bench, step)).filter((one) => !isLike(one, asItIs));
  const grid = [...(own.rate > 0 ? [asItIs] : []), ...others];
  const [anns, points, results]: [AnnTime[], CrossoverPoint[], TrialsResult[]] = [[], [], []];
  for (const batch of batches) {
    const base = await fastestAnn(bench, batch, other);
    const best = await spikingBatches(bench, batch);
    anns.push(...base.anns);
    for (const at of grid) {
      step(`batch ${batch}, T=${at.network.timesteps}, ${(100 * at.rate).toPrecision(2)} %`);
      const measured = await measurePoint(bench, batch, base.ann, best.get(at.network.timesteps)!, at);
      points.push(...measured.points);
      results.push(measured.result);
    }
  }
  hooks.onProgress?.(total, total, 'done');
  const noEnergy = results[0]?.noEnergy;
  const trials = results.flatMap((result) => result.trials);
  return {
    ...{
      network: snn.spec.name,
      data: dataset.name,
      threads,
      encoder: snn.encoder?.kind ?? 'constant',
      own,
      anns,
      points,
      lines: linesOf(points),
    },
    onnx: typeof other === 'string' ? other : other.engine,
    ...(noEnergy === undefined ? {} : { noEnergy }),
    ...{ trials: trials.length, rejected: trials.filter(({ rejected }) => rejected !== undefined).length },
  };
}

type Step = (what: string) => void;

/** Rates nearer to each other than this are one: thresholds bring some networks no further. */
const APART = 1.1;

/** The same T, and a rate that cannot be told apart. */
const isLike = (a: NetworkAtRate, b: NetworkAtRate): boolean =>
  a.network.timesteps === b.network.timesteps && a.rate < b.rate * APART && b.rate < a.rate * APART;

/** By T, then by rate; rates that cannot be told apart, and silence, are left out. */
async function networksAtRates(bench: Bench, step: Step): Promise<readonly NetworkAtRate[]> {
  const { timesteps, rates, backends, snn, dataset, hooks } = bench;
  const found: NetworkAtRate[] = [];
  for (const T of timesteps) {
    let last = 0;
    for (const rate of rates) {
      step(`thresholds for T=${T}, ${100 * rate} %`);
      const at = await atSpikeRate(backends.auto, { ...snn, timesteps: T }, dataset, rate, hooks.signal);
      if (at.rate > last * APART) found.push(at);
      last = Math.max(last, at.rate);
    }
  }
  return found;
}

interface Base {
  readonly ann: Contestant;
  readonly anns: readonly AnnTime[];
}

/** The ANN in the engine that is faster with it at this batch size; ours where that cannot be told. */
async function fastestAnn(bench: Bench, batch: BatchChoice, other: Contestant | string): Promise<Base> {
  const { backends, ann, meters, trials, hooks } = bench;
  const engines = [contestantOf(bench, backends.auto, ann, 'ANN'), ...(typeof other === 'string' ? [] : [other])];
  const { onProgress: _, ...quiet } = hooks;
  const { result, contestants } = await measureContest(engines, batch, meters, trials, quiet);
  const anns = result.subjects.map(({ time }, i): AnnTime => {
    const { engine, batch: samples } = contestants[i]!;
    return { batch, samples, engine, time: time.perInference };
  });
  const timeOf = ({ time }: AnnTime): number => (isMeasured(time) ? time.value : Number.POSITIVE_INFINITY);
  const fastest = anns.reduce((least, one, i) => (timeOf(one) < timeOf(anns[least]!) ? i : least), 0);
  return { ann: { ...engines[fastest]!, best: contestants[fastest]!.batch }, anns };
}

/** Samples of a batch of the spiking network at each T, as the engine chooses its ways. */
async function spikingBatches(bench: Bench, batch: BatchChoice): Promise<ReadonlyMap<number, number>> {
  const { backends, snn, hooks, dataset, timesteps } = bench;
  const world = hooks.world ?? liveWorld(systemView());
  const found = new Map<number, number>();
  for (const T of new Set([snn.timesteps, ...timesteps])) {
    const { open } = contestantOf(bench, backends.auto, { ...snn, timesteps: T }, 'SNN');
    found.set(T, batch === 'best' ? await findBestBatch(world, open, dataset.samples, hooks) : batch);
  }
  return found;
}

function contestantOf({ dataset, seed }: Bench, backend: Backend, network: TimedNetwork, name: string): Contestant {
  const open: Contestant['open'] = (batch) => openNetwork(backend, { ...network, name }, dataset, { batch, seed });
  return { name, engine: 'Spikewatt', most: dataset.samples, open };
}

async function measurePoint(
  bench: Bench,
  batch: BatchChoice,
  ann: Contestant,
  best: number,
  { network, rate }: NetworkAtRate,
): Promise<{ readonly points: readonly CrossoverPoint[]; readonly result: TrialsResult }> {
  const { backends, meters, trials, hooks } = bench;
  const spiking = PATHS.map((path) => ({ ...contestantOf(bench, backends[path], network, path), best }));
  const { onProgress: _, ...quiet } = hooks;
  const { result, contestants } = await measureContest([ann, ...spiking], batch, meters, trials, quiet);
  const points = PATHS.map((path, i): CrossoverPoint => {
    const { time, energy } = result.subjects[i + 1]!;
    const samples = contestants[i + 1]!.batch;
    const [first] = energy;
    const where = { batch, samples, timesteps: network.timesteps, rate, asItIs: network === bench.snn, path };
    return { ...where, time, ...(first && { energy: first.total }) };
  });
  return { points, result };
}

/** A line for each batch, T and path, with its break-even. */
function linesOf(points: readonly CrossoverPoint[]): readonly CrossoverLine[] {
  const keyOf = ({ batch, timesteps, path }: CrossoverPoint): string => `${batch}/${timesteps}/${path}`;
  return [...new Set(points.map(keyOf))].map((key): CrossoverLine => {
    const own = points.filter((point) => keyOf(point) === key);
    const { batch, samples, timesteps, path } = own[0]!;
    const times = own.map(({ rate, time }) => ({ rate, ratio: time.ratio }));
    const energies = own.flatMap(({ rate, energy }) => (energy === undefined ? [] : [{ rate, ratio: energy.ratio }]));
    return {
      ...{ batch, samples, timesteps, path, time: breakEven(times) },
      ...(energies.length === 0 ? {} : { energy: breakEven(energies) }),
    };
  });
}
