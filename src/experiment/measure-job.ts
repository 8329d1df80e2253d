// Trained networks side by side on this machine: time, CPU time, energy, each against the ANN, and the ANN in another engine too.

import { ConfigError } from '../core/index.ts';
import { cpuGovernor, type DetectedMeters, detectMeters, systemView } from '../meters/index.ts';
import type { EnvironmentRecord, MeasuredRecord } from '../store/index.ts';
import {
  type BatchChoice,
  type Contestant,
  type MeasuredContest,
  measureContest,
  onnxContestant,
  openNetwork,
  summariseContest,
  type TimedNetwork,
} from '../timing/index.ts';
import type { TrialOptions } from '../trials/index.ts';
import type { NamedNetwork } from './attack-job.ts';
import { type Candidate, deployed } from './candidate.ts';
import { runOnTestSet } from './evaluate-stage.ts';
import type { Study } from './study.ts';
import { type BenchOptions, type Workbench, withWorkbench } from './workbench.ts';

/** A network to be measured. */
export interface NetworkToMeasure extends NamedNetwork {
  /** Share of right answers; without, it is run over the test set first. */
  readonly accuracy?: number;
}

export interface MeasureOptions extends BenchOptions {
  /** Default: 1, then the best of each. */
  readonly batches?: readonly BatchChoice[];
  readonly trials?: TrialOptions;
  /** Time the ANN in ONNX Runtime too, where that is installed. Default true. */
  readonly onnx?: boolean;
  /** Default: those of this machine. */
  readonly meters?: DetectedMeters;
}

/** What was measured; written as measured.json. */
export interface MeasuredNetworks {
  readonly format: 'spikewatt-measured';
  readonly version: 1;
  /** ISO 8601, when it ended. */
  readonly measuredAt: string;
  readonly environment: EnvironmentRecord;
  /** How clocks are chosen, where the system says. */
  readonly governor: string | null;
  readonly data: string;
  /** ONNX Runtime's version, or why the ANN was not timed in it. */
  readonly onnx: string;
  readonly contests: readonly MeasuredContest[];
}

/**
 * Measures trained networks on the study's test set. An ANN is put first: it is what the others are compared with. Throws ConfigError,
 * ShapeError for networks that do not fit the data, InterruptedError when stopped.
 */
export async function measureNetworks(
  study: Study,
  networks: readonly NetworkToMeasure[],
  options: MeasureOptions = {},
): Promise<MeasuredNetworks> {
  const ordered = networks.toSorted((a, b) => Number(!isAnn(a)) - Number(!isAnn(b)));
  const [first] = ordered;
  if (first === undefined) throw new ConfigError('networks', 'got none, expected at least one trained network');
  const meters = options.meters ?? (await detectMeters());
  return withWorkbench(study, { ...options, spec: first.file.spec }, async (bench, environment) => {
    const { test } = bench.data;
    const timed: TimedNetwork[] = [];
    for (const network of ordered) timed.push(await timedNetwork(bench, network));
    const contestants = timed.map((network) => contestantOf(bench, network));
    const { threads } = bench.backend;
    const other = options.onnx === false ? 'not asked for' : await onnxContestant(timed[0]!, test, { threads });
    if (typeof other !== 'string') contestants.splice(1, 0, other);
    const contests: MeasuredContest[] = [];
    for (const batch of options.batches ?? ([1, 'best'] as const))
      contests.push(await contestWithProgress(bench, contestants, batch, meters, options.trials ?? {}));
    return {
      ...{ format: 'spikewatt-measured', version: 1, measuredAt: new Date().toISOString() },
      ...{ environment, data: test.name },
      governor: (await cpuGovernor(systemView())) ?? null,
      onnx: typeof other === 'string' ? other : other.engine,
      contests,
    };
  });
}

/** What a run's record keeps of it: all but the single trials. */
export function measuredRecord({
  measuredAt,
  environment,
  governor,
  onnx,
  contests,
}: MeasuredNetworks): MeasuredRecord {
  return { measuredAt, environment, governor, onnx, contests: contests.map(summariseContest) };
}

const isAnn = ({ file }: NamedNetwork): boolean => file.reading.kind === 'ann';

async function timedNetwork(bench: Workbench, { name, file, accuracy }: NetworkToMeasure): Promise<TimedNetwork> {
  const { spec, weights, reading } = deployed({ ...file, name });
  const correct = accuracy ?? (await runOnTestSet(bench, { name, spec, weights, reading })).accuracy.value;
  return { ...timedAs({ name, spec, weights, reading }), correct };
}

/** A network as it is deployed, ready to be timed. */
export function timedAs({
  name,
  spec,
  weights,
  reading,
}: Pick<Candidate, 'name' | 'spec' | 'weights' | 'reading'>): TimedNetwork {
  const { kind, timesteps, encoder, decoder } = reading;
  const mode = kind === 'ann' ? 'ann' : 'snn';
  return { ...{ name, spec, weights, mode, timesteps, encoder }, decoder: { kind: decoder } };
}

function contestantOf({ backend, data, study }: Workbench, network: TimedNetwork): Contestant {
  return {
    ...{ name: network.name, engine: 'Spikewatt', most: data.test.samples },
    open: (batch) => openNetwork(backend, network, data.test, { batch, seed: study.seed }),
  };
}

async function contestWithProgress(
  { progress, signal }: Workbench,
  contestants: readonly Contestant[],
  batch: BatchChoice,
  meters: DetectedMeters,
  trials: TrialOptions,
): Promise<MeasuredContest> {
  const stage = batch === 'best' ? 'Measure, best batch' : `Measure, batch ${batch}`;
  let begun = false;
  let searching = false;
  const onProgress = (done: number, total: number, next: string): void => {
    if (!begun && searching) progress.end();
    if (!begun) progress.begin(stage, total, 'trials');
    begun = true;
    progress.update(done, next);
  };
  const onSearch = (done: number, total: number, next: string): void => {
    if (!searching) progress.begin('Find best batches', total, 'networks');
    searching = true;
    progress.update(done, next);
  };
  const hooks = { onProgress, onSearch, ...(signal && { signal }) };
  const contest = await measureContest(contestants, batch, meters, trials, hooks);
  progress.end(
    `${contest.result.trials.filter(({ rejected }) => rejected === undefined).length} of ${contest.result.trials.length} trials count`,
  );
  return contest;
}
