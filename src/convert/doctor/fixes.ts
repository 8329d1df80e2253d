// What could be done about a conversion that loses accuracy, each tried on the same samples: one change at a time.

import { NumericError, UnsupportedError } from '../../core/index.ts';
import type { Dataset } from '../../data/index.ts';
import type { Backend } from '../../engine/index.ts';
import type { NetworkSpec, Weights } from '../../model/index.ts';
import { calibrate, calibrateChannels } from '../calibrate.ts';
import { type ConvertedNetwork, type ConvertOptions, convertNetwork } from '../convert.ts';
import { calibrateOffsets } from '../offsets.ts';
import type { CalibrateOptions } from '../options.ts';
import type { BatchOptions } from '../run-batches.ts';
import { accuracyOf } from './accuracy.ts';
import type { TriedFix } from './diagnosis.ts';

/** How the network at hand was converted. */
export interface FixTrials {
  /** The samples that scales are measured on; not those the accuracy is told by. */
  readonly calibration: Dataset;
  readonly calibrate: CalibrateOptions;
  readonly convert?: ConvertOptions;
  /** Samples each fix is tried on; default as many as are diagnosed. */
  readonly samples?: number;
}

interface Trial {
  readonly fix: string;
  readonly change: string;
  readonly calibrate?: Partial<CalibrateOptions>;
  readonly convert?: ConvertOptions;
  readonly timesteps?: number;
  readonly channels?: boolean;
  readonly offsets?: boolean;
}

/** Every change that is not in force already. */
function trialsFor(
  spec: NetworkSpec,
  { calibrate: now, convert = {} }: FixTrials,
  timesteps: number,
): readonly Trial[] {
  const percentile = now.mode === 'percentile' ? (now.percentile ?? 99.9) : 100;
  const percentiles = [99, 99.9, 99.99].filter((p) => p !== percentile);
  const maxPool = convert.maxPool ?? now.maxPool ?? 'winner';
  const pools = spec.layers.some((layer) => layer.kind === 'pool' && layer.mode !== 'average');
  const choices = (['winner', 'or', 'average'] as const).filter((choice) => pools && choice !== maxPool);
  return [
    { fix: 'twice the time steps', change: `timesteps: ${2 * timesteps}`, timesteps: 2 * timesteps },
    ...(convert.halfThreshold
      ? []
      : [{ fix: 'start at half the threshold', change: 'halfThreshold: true', convert: { halfThreshold: true } }]),
    ...percentiles.map((p) => ({
      fix: p < percentile ? 'scales by a lower percentile' : 'scales by a higher percentile',
      change: `mode: percentile, percentile: ${p}`,
      calibrate: { mode: 'percentile' as const, percentile: p, movingAverage: false },
    })),
    ...(percentile === 100
      ? []
      : [{ fix: 'scales by the maximum', change: 'mode: max', calibrate: { mode: 'max' as const } }]),
    {
      fix: 'scales of least error',
      change: `mode: least-error, errorTimesteps: ${timesteps}`,
      calibrate: leastError(convert, timesteps),
    },
    { fix: 'a scale for each channel', change: 'perChannel: true', channels: true },
    { fix: 'calibrated start of the membranes', change: `offsetTimesteps: ${timesteps}`, offsets: true },
    ...choices.map((choice) => ({
      fix: choice === 'winner' ? 'keep max pools' : `max pools as ${choice}`,
      change: `maxPool: ${choice}`,
      calibrate: { maxPool: choice },
      convert: { maxPool: choice },
    })),
  ];
}

const leastError = ({ halfThreshold = false }: ConvertOptions, timesteps: number): Partial<CalibrateOptions> => ({
  ...{ mode: 'least-error', timesteps, halfThreshold, movingAverage: false },
});

/** Accuracies, most gain first; of equal ones the change that costs less time. Throws InterruptedError when stopped. */
export async function tryFixes(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  now: FixTrials & { readonly timesteps: number; readonly accuracy: number },
  run: BatchOptions,
): Promise<readonly TriedFix[]> {
  const tried: TriedFix[] = [];
  for (const trial of trialsFor(spec, now, now.timesteps)) {
    const timesteps = trial.timesteps ?? now.timesteps;
    const converted = await convertAs(backend, spec, weights, now, trial, timesteps);
    if (converted === undefined) continue;
    const accuracy = await accuracyOf(backend, { ...converted, mode: 'snn', timesteps }, dataset, run);
    const { fix, change } = trial;
    tried.push({ fix, change, timesteps, accuracy, gain: accuracy - now.accuracy });
  }
  return tried.toSorted((a, b) => b.gain - a.gain || a.timesteps - b.timesteps);
}

/** undefined for a change that this network does not admit: a percentile that is 0, a pool that must not be the maximum. */
async function convertAs(...trial: Parameters<typeof convertByTrial>): Promise<ConvertedNetwork | undefined> {
  try {
    return await convertByTrial(...trial);
  } catch (error) {
    if (error instanceof NumericError || error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

async function convertByTrial(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  now: FixTrials,
  trial: Trial,
  timesteps: number,
): Promise<ConvertedNetwork> {
  const options = { ...now.calibrate, ...trial.calibrate };
  const measure = trial.channels ? calibrateChannels : calibrate;
  const scales = await measure(backend, spec, weights, now.calibration, options);
  const converted = convertNetwork(spec, weights, scales, { ...now.convert, ...trial.convert });
  if (!trial.offsets) return converted;
  return calibrateOffsets(backend, converted, now.calibration, { timesteps, ...samplesOf(options) });
}

const samplesOf = ({ samples }: CalibrateOptions): { readonly samples?: number } =>
  samples === undefined ? {} : { samples };
