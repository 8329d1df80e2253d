// Profiles a network: runs it batch by batch, half of them with the probe, and works out where the time went.

import { processUsage, yieldToEventLoop } from '#platform';
import { ConfigError, InterruptedError, type Interval, UnsupportedError } from '../core/index.ts';
import { type Dataset, openStager, type Stager } from '../data/index.ts';
import type { Backend, Batch, Program, Timeline } from '../engine/index.ts';
import {
  inputOf,
  type LossChoice,
  type LowerOptions,
  lower,
  type OptimizerChoice,
  writeWeights,
} from '../lower/index.ts';
import type { EncoderSpec, NetworkSpec, Weights } from '../model/index.ts';
import { aggregate } from './aggregate.ts';
import { countNonzeros } from './nonzeros.ts';
import { planWork } from './plan-work.ts';
import type { MemoryProfile, Profile, StepTimes } from './profile.ts';
import type { Roof } from './roof.ts';
import { measureRoof } from './roofline.ts';
import type { Nonzeros } from './work-context.ts';

export interface ProfileSubject {
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly dataset: Dataset;
}

export interface ProfileOptions {
  readonly mode: 'ann' | 'snn';
  /** 1 for an ANN. */
  readonly timesteps: number;
  readonly purpose: 'infer' | 'train';
  /** Default constant. */
  readonly encoder?: EncoderSpec;
  /** Needed for `train`. Updates are made with a learning rate of 0: the same work, and the network stays as it is. */
  readonly training?: { readonly loss: LossChoice; readonly optimizer: OptimizerChoice; readonly clipNorm?: number };
  /** Default 128. */
  readonly batchSize?: number;
  /** Pairs of batches, one with the probe and one without. Default 20. */
  readonly batches?: number;
  /** Pairs run before, and forgotten: at least so many, and for at least a fifth of a second. Default 3. */
  readonly warmup?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Measured before; default: measured now, in a second or two. */
  readonly roof?: Roof;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Profiles `batches` batches of the dataset's first samples. Throws ConfigError and ShapeError for what does not fit together,
 * UnsupportedError for a backend without a probe, InterruptedError when stopped.
 */
export async function profileNetwork(
  backend: Backend,
  subject: ProfileSubject,
  options: ProfileOptions,
): Promise<Profile> {
  const batchSize = Math.min(wholeOf('batchSize', options.batchSize ?? 128), subject.dataset.samples);
  const batches = wholeOf('batches', options.batches ?? 20);
  const nonzeros = nonzerosOf(backend, subject, options, batchSize);
  const lowered = lower(subject.spec, lowerOptions(subject.dataset, options));
  const open: Program[] = [];
  try {
    for (const probe of [false, true]) {
      const program = backend.compile(lowered.plan, { samples: batchSize, probe });
      open.push(program);
      writeWeights(program, lowered, subject.weights);
    }
    const [plain, probed] = open as [Program, Program];
    const measured = await runPairs(plain, probed, subject.dataset, options, batchSize, batches);
    const { timeline } = measured;
    // The roof's arrays are large: what the process holds is asked before.
    const memory = memoryOf(plain, measured.heap);
    const roof = options.roof ?? measureRoof(backend);
    const works = planWork(timeline.operations, contextOf(probed, batchSize, nonzeros));
    return {
      ...{ network: subject.spec.name, mode: options.mode, purpose: options.purpose, timesteps: options.timesteps },
      encoder: options.encoder?.kind ?? 'constant',
      ...{ backend: backend.name, threads: backend.threads, batchSize, batches },
      table: aggregate(timeline, { works, roof }),
      ...{ roof, steps: measured.steps, memory, timeline },
    };
  } finally {
    for (const program of open) program.close();
  }
}

/** Throws ConfigError for anything but a whole number of at least 1. */
function wholeOf(key: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new ConfigError(key, `got ${value}, expected a whole number of at least 1`);
  return value;
}

function lowerOptions(dataset: Dataset, options: ProfileOptions, counts = false): LowerOptions {
  const { mode, timesteps, purpose, encoder, training } = options;
  if (purpose === 'train' && training === undefined)
    throw new ConfigError('training', 'got none, expected loss and optimizer: a training step needs them');
  return {
    ...{ mode, timesteps, purpose, input: inputOf(dataset) },
    ...(encoder && { encoder }),
    ...(purpose === 'train' ? training : {}),
    ...(counts && { observe: { counts } }),
  };
}

/** What reaches each product in the first batch. */
function nonzerosOf(
  backend: Backend,
  { spec, weights, dataset }: ProfileSubject,
  options: ProfileOptions,
  batchSize: number,
): ReadonlyMap<string, Nonzeros> {
  const lowered = lower(spec, lowerOptions(dataset, options, true));
  const counting = backend.compile(lowered.plan, { samples: batchSize });
  try {
    writeWeights(counting, lowered, weights);
    return countNonzeros(counting, batchOf(openStager(dataset, batchSize), dataset, options, batchSize));
  } finally {
    counting.close();
  }
}

function batchOf(stager: Stager, dataset: Dataset, { seed = 0 }: ProfileOptions, samples: number): Batch {
  const { labels, targets } = dataset;
  const sampleIds = Uint32Array.from({ length: samples }, (_, i) => i);
  const input = stager.stage(sampleIds, seed, 0);
  const batch = { samples, input, sampleIds, labels: labels.subarray(0, samples), seed, epoch: 0 };
  return targets === undefined ? batch : { ...batch, targets };
}

function contextOf({ plan, layout }: Program, samples: number, nonzeros: ReadonlyMap<string, Nonzeros>) {
  if (layout === undefined)
    throw new UnsupportedError('profile: this backend does not say how it lays a program out; use the wasm engine');
  const { chunkSamples, roundSamples, denseAbove } = layout;
  const [rounds, chunks] = [Math.ceil(samples / roundSamples), Math.ceil(samples / chunkSamples)];
  return { plan, samples, chunks, rounds, nonzeros, denseAbove };
}

interface Measured {
  readonly timeline: Timeline;
  readonly steps: StepTimes;
  readonly heap: MemoryProfile['heap'];
}

/** Milliseconds until V8 has compiled what runs. */
const WARM_UP = 200;

/** Pairs of a plain and a probed batch, the order reversed each time, so that what slows the machine meets both. */
async function runPairs(
  plain: Program,
  probed: Program,
  dataset: Dataset,
  options: ProfileOptions,
  batchSize: number,
  batches: number,
): Promise<Measured> {
  if (probed.timeline === undefined)
    throw new UnsupportedError('profile: this backend cannot note when its operations ran; use the wasm engine');
  const stager = openStager(dataset, batchSize);
  const times: { stage: number; plain: number; probed: number }[] = [];
  let before = processUsage()?.heapUsed;
  const started = performance.now();
  const warm = (run: number): boolean => run >= (options.warmup ?? 3) && performance.now() - started > WARM_UP;
  for (let pair = -1, run = 0; pair < batches; run++) {
    if (pair < 0 && warm(run)) pair = 0;
    await yieldToEventLoop();
    if (options.signal?.aborted)
      throw new InterruptedError(`profile: stopped on request after ${Math.max(0, pair)} of ${batches} batches`);
    if (pair === 0) {
      probed.timeline();
      before = processUsage()?.heapUsed;
    }
    const begin = performance.now();
    const batch = batchOf(stager, dataset, options, batchSize);
    const stage = performance.now() - begin;
    const time = { stage, plain: 0, probed: 0 };
    for (const kind of run % 2 === 0 ? (['plain', 'probed'] as const) : (['probed', 'plain'] as const))
      time[kind] = stepTime(kind === 'plain' ? plain : probed, batch, options);
    if (pair < 0) continue;
    times.push(time);
    pair++;
    options.onProgress?.(pair, batches);
  }
  const after = processUsage()?.heapUsed;
  const heap = before === undefined || after === undefined ? undefined : { before, after };
  return { timeline: probed.timeline(), steps: stepTimes(times), heap };
}

/** Milliseconds of a batch, with its update in training. */
function stepTime(program: Program, batch: Batch, { purpose, training }: ProfileOptions): number {
  const begin = performance.now();
  program.run(batch);
  if (purpose === 'train') program.update({ learningRate: 0, step: 1, clipNorm: training?.clipNorm ?? 0 });
  return performance.now() - begin;
}

function stepTimes(times: readonly { stage: number; plain: number; probed: number }[]): StepTimes {
  const of = (value: (each: (typeof times)[number]) => number): number => median(times.map(value));
  const added = times.map(({ plain, probed }) => probed / plain - 1);
  return {
    stage: of(({ stage }) => stage) / 1e3,
    plain: of(({ plain }) => plain) / 1e3,
    probed: of(({ probed }) => probed) / 1e3,
    overhead: medianInterval(added),
  };
}

/** Ranks between which the median lies 19 times in 20, whatever the distribution (normal approximation of the binomial). */
function medianInterval(values: readonly number[]): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(0, Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2));
  return { value: median(values), low: sorted[rank]!, high: sorted.at(-1 - rank)! };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function memoryOf({ bytes, layout }: Program, heap: MemoryProfile['heap']): MemoryProfile {
  const usage = processUsage();
  return {
    uses: layout?.memory,
    program: bytes,
    heap,
    resident: usage && { now: usage.resident, peak: usage.peakResident },
  };
}
