// Errors of every forecaster, with intervals that are resampled together.

import type { ForecastData } from '../data/index.ts';
import { percentileInterval, type Resampled, resampleBlocks } from './block-bootstrap.ts';
import { deviationOf, errorByStep, originErrors, persistenceScale } from './measures.ts';
import type { Estimate, ForecastErrors, ForecasterRecord } from './record.ts';
import type { ForecastStudy } from './study.ts';

/** What a forecaster said of the test, scaled as the data is [origins, horizon]. */
export interface Answer {
  readonly name: string;
  readonly kind: ForecasterRecord['kind'];
  readonly outputs: Float32Array;
}

export type Judged = Pick<ForecasterRecord, 'errors' | 'errorByStep' | 'againstAnn'>;

/** Forecasts that share no value of the series are this far apart. */
export const blockOf = ({ window, horizon }: Pick<ForecastData, 'window' | 'horizon'>): number => window + horizon;

/** Values of the series itself at each origin's steps ahead [origins, horizon]: not rounded to float32 on the way. */
function truthOf(values: Float64Array, { stretches, window, horizon, test }: ForecastData): Float64Array {
  const first = stretches.test.from + window;
  return Float64Array.from(
    { length: test.samples * horizon },
    (_, i) => values[first + Math.floor(i / horizon) + (i % horizon)]!,
  );
}

/** `values`: the whole series. */
export function judge(
  values: Float64Array,
  data: ForecastData,
  answers: readonly Answer[],
  { draws, seed }: Pick<ForecastStudy, 'draws' | 'seed'>,
): readonly Judged[] {
  const { horizon, mean, deviation, stretches } = data;
  const truth = truthOf(values, data);
  const forecasts = answers.map(({ outputs }) => ({
    horizon,
    truth,
    forecast: Float64Array.from(outputs, (value) => value * deviation + mean),
  }));
  const errors = forecasts.map(originErrors);
  const series = errors.flatMap(({ squared, absolute, symmetric }) => [squared, absolute, symmetric]);
  const resampled = resampleBlocks(series, { block: blockOf(data), draws, seed });
  const scales = {
    truth: deviationOf(truth),
    persistence: persistenceScale(values.subarray(stretches.train.from, stretches.train.to), horizon),
  };
  const best = bestAnn(answers, resampled);
  return answers.map(({ kind }, i) => ({
    errors: errorsOf(resampled, i, scales),
    errorByStep: errorByStep(forecasts[i]!),
    ...(best !== undefined && best !== i && kind !== 'baseline'
      ? { againstAnn: { name: answers[best]!.name, ratio: ratioOf(resampled, i, best) } }
      : {}),
  }));
}

/** Where a forecaster's three series are among those resampled. */
const SQUARED = 0;
const ABSOLUTE = 1;
const SYMMETRIC = 2;
const at = (forecaster: number, measure: number): number => 3 * forecaster + measure;

function estimate(resampled: Resampled, index: number, of: (mean: number) => number): Estimate {
  const value = of(resampled.mean(index));
  return { value, interval: percentileInterval(value, resampled.draws(index).map(of)) };
}

function errorsOf(
  resampled: Resampled,
  forecaster: number,
  scales: { readonly truth: number; readonly persistence: number },
): ForecastErrors {
  const [squared, absolute] = [at(forecaster, SQUARED), at(forecaster, ABSOLUTE)];
  return {
    rmse: estimate(resampled, squared, Math.sqrt),
    mae: estimate(resampled, absolute, (mean) => mean),
    nrmse: estimate(resampled, squared, (mean) => Math.sqrt(mean) / scales.truth),
    mase: estimate(resampled, absolute, (mean) => mean / scales.persistence),
    smape: estimate(resampled, at(forecaster, SYMMETRIC), (mean) => mean),
  };
}

function bestAnn(answers: readonly Answer[], resampled: Resampled): number | undefined {
  const anns = [...answers.keys()].filter((i) => answers[i]!.kind === 'ann');
  const error = (i: number): number => resampled.mean(at(i, SQUARED));
  return anns.length === 0 ? undefined : anns.reduce((best, i) => (error(i) < error(best) ? i : best));
}

function ratioOf(resampled: Resampled, forecaster: number, against: number): Estimate {
  const [top, bottom] = [at(forecaster, SQUARED), at(against, SQUARED)];
  const value = Math.sqrt(resampled.mean(top) / resampled.mean(bottom));
  const below = resampled.draws(bottom);
  return {
    value,
    interval: percentileInterval(
      value,
      resampled.draws(top).map((mean, i) => Math.sqrt(mean / below[i]!)),
    ),
  };
}
