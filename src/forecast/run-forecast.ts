// A comparison of forecasters from start to end: cut the series, fit the baselines, train the networks, run all of them on the test,
// count what they did, and judge what they said.

import { type Dataset, type ForecastData, forecastSamples, type Series } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import { countOperations, estimateEnergy, PROFILES, viewsOf } from '../measure/index.ts';
import { countParameters, type Weights } from '../model/index.ts';
import { type SimulationResult, simulateNetwork } from '../simulate/index.ts';
import { type CheckpointStore, type TrainResult, trainNetwork } from '../train/index.ts';
import { linearWeights, persistenceOf } from './baselines.ts';
import { type Contender, contendersOf, trainingOf } from './contenders.ts';
import { type Answer, blockOf, judge } from './judge.ts';
import { linearForecaster } from './networks.ts';
import type { Excerpt, ForecasterRecord, ForecastRecord, RunRecord } from './record.ts';
import { checkForecastStudy, DEFAULT_FORECAST, type ForecastStudy } from './study.ts';

export interface ForecastHooks {
  /** A stage of `total` units begins, moves on, and ends. */
  readonly progress?: {
    begin(stage: string, total: number, unit: string): void;
    update(done: number, detail?: string): void;
    end(result?: string): void;
    note(text: string): void;
  };
  /** Stops between two batches with an InterruptedError. */
  readonly signal?: AbortSignal;
  /** Where the training of each network is kept, to be gone on with; default nowhere. */
  readonly checkpoints?: (network: string) => CheckpointStore;
}

/** Values of the test that are kept to be looked at. */
const EXCERPT = 240;
/** Odd, so that the median is one of them. */
const TIMED_RUNS = 5;

/**
 * Compares forecasters on `series`. Settings left out are those of DEFAULT_FORECAST. The numbers are a function of series, settings and
 * backend alone, times aside. Throws ConfigError, ShapeError, NumericError, InterruptedError.
 */
export async function runForecast(
  backend: Backend,
  series: Series,
  settings: Partial<ForecastStudy> = {},
  hooks: ForecastHooks = {},
): Promise<ForecastRecord> {
  const study: ForecastStudy = { ...DEFAULT_FORECAST, ...settings };
  checkForecastStudy(study);
  const data = forecastSamples(series, study);
  const contenders = contendersOf(study);
  const tried: Tried[] = [
    { name: 'Persistence', kind: 'baseline', parameters: 0, outputs: persistenceOf(data.test) },
    await tryLinear(backend, data, study, hooks),
  ];
  for (const contender of contenders) tried.push(await tryContender(backend, data, contender, study, hooks));
  const judged = judge(series.values, data, tried, study);
  const excerpt = excerptOf(series, data);
  return {
    ...{ format: 'spikewatt-forecast', version: 1, study },
    series: { name: series.name, source: series.source, length: series.values.length },
    stretches: data.stretches,
    scale: { mean: data.mean, deviation: data.deviation },
    origins: data.test.samples,
    block: blockOf(data),
    forecasters: tried.map(
      ({ outputs, ...rest }, i): ForecasterRecord => ({
        ...rest,
        ...judged[i]!,
        excerpt: excerpt.truth.map(
          (_, origin) => outputs[(origin + 1) * data.horizon - 1]! * data.deviation + data.mean,
        ),
      }),
    ),
    excerpt,
  };
}

interface Tried extends Answer {
  readonly parameters: number;
  readonly run?: RunRecord;
}

/** The first values of the test that are forecast the whole horizon ahead. */
function excerptOf({ values }: Series, { stretches, window, horizon, test }: ForecastData): Excerpt {
  const from = stretches.test.from + window + horizon - 1;
  return { from, truth: [...values.subarray(from, from + Math.min(EXCERPT, test.samples))] };
}

async function tryLinear(
  backend: Backend,
  data: ForecastData,
  study: ForecastStudy,
  hooks: ForecastHooks,
): Promise<Tried> {
  const { progress } = hooks;
  progress?.begin('Fit linear model', 0, 'samples');
  const linear: Contender = {
    ...{ name: 'Linear AR', kind: 'ann', timesteps: 1, encoder: { kind: 'constant' } },
    spec: linearForecaster(study),
    view: (dataset) => dataset,
  };
  const started = performance.now();
  const weights = linearWeights(data.train);
  const trainSeconds = (performance.now() - started) / 1000;
  progress?.end(`least squares, ${data.train.samples} samples, ${trainSeconds.toFixed(1)} s`);
  const tried = await runContender(backend, data.test, linear, weights, study, hooks);
  return { ...tried, kind: 'baseline', run: { ...tried.run!, trainSeconds } };
}

async function tryContender(
  backend: Backend,
  data: ForecastData,
  contender: Contender,
  study: ForecastStudy,
  hooks: ForecastHooks,
): Promise<Tried> {
  const trained = await train(backend, data, contender, study, hooks);
  const tried = await runContender(backend, data.test, contender, trained.weights, study, hooks);
  return { ...tried, run: { ...tried.run!, training: trained.training, trainSeconds: trained.seconds } };
}

async function train(
  backend: Backend,
  data: ForecastData,
  contender: Contender,
  study: ForecastStudy,
  { progress, signal, checkpoints }: ForecastHooks,
): Promise<TrainResult> {
  const { name, spec, view } = contender;
  progress?.begin(`Train ${name}`, study.epochs * data.train.samples, 'samples');
  let newest = '';
  const sets = { train: view(data.train), validation: view(data.validation) };
  const result = await trainNetwork(backend, spec, sets, trainingOf(study, contender), {
    ...(signal && { signal }),
    ...(checkpoints && { checkpoints: { store: checkpoints(name) } }),
    onProgress: ({ done, epoch, epochs }) => progress?.update(done, `epoch ${epoch}/${epochs}${newest}`),
    onEpoch: ({ validationLoss, trainLoss }) => {
      newest = ` loss ${(validationLoss ?? trainLoss).toPrecision(3)}`;
    },
    onNote: ({ text }) => progress?.note(`${name}: ${text}`),
  });
  const { bestEpoch, epochs } = result.training;
  const best = epochs[bestEpoch - 1]!;
  const loss =
    best.validationLoss === null
      ? `loss ${best.trainLoss.toPrecision(3)}`
      : `validation loss ${best.validationLoss.toPrecision(3)}`;
  progress?.end(`${loss} at epoch ${bestEpoch}, ${result.seconds.toFixed(1)} s`);
  return result;
}

async function runContender(
  backend: Backend,
  test: Dataset,
  { name, kind, spec, timesteps, encoder, view }: Contender,
  weights: Weights,
  study: ForecastStudy,
  { signal }: ForecastHooks,
): Promise<Tried> {
  const samples = view(test);
  const run = (): Promise<SimulationResult> =>
    simulateNetwork(backend, spec, weights, samples, {
      ...{ mode: kind, timesteps, encoder, keepOutputs: true, seed: study.seed },
      ...(kind === 'snn' ? { decoder: { kind: 'last-membrane' } } : {}),
      ...(signal && { signal }),
    });
  // The first run also warms up what the others are timed on.
  const result = await run();
  const seconds: number[] = [];
  for (let i = 0; i < TIMED_RUNS; i++) seconds.push((await run()).seconds / samples.samples);
  const described = describe(result, study, spec, seconds);
  return { name, kind, parameters: countParameters(spec, kind), outputs: result.outputs!, run: described };
}

function describe(
  { trace, timesteps, encoder }: SimulationResult,
  study: ForecastStudy,
  spec: Contender['spec'],
  seconds: readonly number[],
): RunRecord {
  const sorted = seconds.toSorted((a, b) => a - b);
  const ledger = countOperations(trace, { zeroSkipping: study.zeroSkipping });
  return {
    ...{ spec, timesteps, encoder, trace, ledger },
    energy: PROFILES.map((profile) => estimateEnergy(ledger, trace, profile)),
    kerasSpiking: viewsOf(trace, { spec }).find(({ view }) => view === 'keras-spiking')!,
    seconds: { median: sorted[(TIMED_RUNS - 1) / 2]!, low: sorted[0]!, high: sorted.at(-1)! },
    trainSeconds: 0,
  };
}
