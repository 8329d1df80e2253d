// A series cut into samples of a forecast: `window` values as input, the `horizon` values after them as targets. Training,
// validation and test are one after another in time, and no value of one is in a window or a target of another. What is scaled is
// scaled by mean and deviation of the training part, since a forecaster does not know the rest.

import { ConfigError } from '../core/index.ts';
import type { Dataset } from './dataset.ts';
import type { Series } from './series.ts';

export interface ForecastSplit {
  /** Shares of the series, one after another in time; the test has what is left. Default 0.6 and 0.15. */
  readonly train: number;
  readonly validation: number;
}

export interface ForecastSampleOptions {
  /** Values a forecast sees. */
  readonly window: number;
  /** Values it is of, all at once: the next one to the `horizon`th. */
  readonly horizon: number;
  readonly split?: ForecastSplit;
}

/** Values [from, to) of the series. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface ForecastData {
  readonly window: number;
  readonly horizon: number;
  /** Inputs [window], targets [horizon], both scaled: (value - mean) / deviation. */
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly test: Dataset;
  readonly stretches: { readonly train: Stretch; readonly validation: Stretch; readonly test: Stretch };
  /** Of the training stretch. */
  readonly mean: number;
  readonly deviation: number;
}

export const DEFAULT_SPLIT: ForecastSplit = { train: 0.6, validation: 0.15 };

function check(series: Series, { window, horizon, split = DEFAULT_SPLIT }: ForecastSampleOptions): void {
  const whole = (key: string, value: number): void => {
    if (Number.isInteger(value) && value >= 1) return;
    throw new ConfigError(key, `got ${value}, expected a whole number of at least 1`);
  };
  whole('window', window);
  whole('horizon', horizon);
  if (!(split.train > 0 && split.validation >= 0 && split.train + split.validation < 1))
    throw new ConfigError(
      'split',
      `got ${split.train} for training and ${split.validation} for validation, expected shares above 0 (validation: at least 0) that leave some of the series for the test`,
    );
  const bad = series.values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new ConfigError('series', `"${series.name}" has ${series.values[bad]} at ${bad}, expected finite numbers`);
}

/** Throws ConfigError where a stretch is shorter than one sample. */
function checkStretch(series: Series, part: string, { from, to }: Stretch, needed: number): void {
  if (to - from >= needed) return;
  throw new ConfigError(
    'window',
    `the ${part} part of "${series.name}" has ${to - from} of its ${series.values.length} values, expected at least window + horizon = ${needed}; use a shorter window, a longer series or other shares`,
  );
}

/** Mean and deviation of the training stretch. Throws ConfigError where all its values are equal. */
function scaleOf(
  { name, values }: Series,
  { from, to }: Stretch,
): { readonly mean: number; readonly deviation: number } {
  const part = values.subarray(from, to);
  const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
  const deviation = Math.sqrt(part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / part.length);
  if (deviation > 0 && Number.isFinite(deviation)) return { mean, deviation };
  throw new ConfigError(
    'series',
    `the training part of "${name}" has mean ${mean} and deviation ${deviation}; expected values that differ, and not too large to square`,
  );
}

/**
 * Samples of every window that, with its targets, lies within one stretch. Classes are the names of the outputs (`+1` is the next
 * value), labels are 0 and mean nothing. Throws ConfigError.
 */
export function forecastSamples(series: Series, options: ForecastSampleOptions): ForecastData {
  check(series, options);
  const { window, horizon, split = DEFAULT_SPLIT } = options;
  const count = series.values.length;
  const first = Math.floor(count * split.train);
  const second = Math.floor(count * (split.train + split.validation));
  const stretches = {
    train: { from: 0, to: first },
    validation: { from: first, to: second },
    test: { from: second, to: count },
  };
  checkStretch(series, 'training', stretches.train, window + horizon);
  if (split.validation > 0) checkStretch(series, 'validation', stretches.validation, window + horizon);
  checkStretch(series, 'test', stretches.test, window + horizon);
  const scale = scaleOf(series, stretches.train);
  const scaled = Float32Array.from(series.values, (value) => (value - scale.mean) / scale.deviation);
  const part = (stretch: Stretch): Dataset => samplesOf(series, scaled.subarray(stretch.from, stretch.to), options);
  return {
    window,
    horizon,
    train: part(stretches.train),
    validation: part(stretches.validation),
    test: part(stretches.test),
    stretches,
    ...scale,
  };
}

function samplesOf(
  { name, source }: Series,
  values: Float32Array,
  { window, horizon }: ForecastSampleOptions,
): Dataset {
  const samples = Math.max(0, values.length - window - horizon + 1);
  const inputs = new Float32Array(samples * window);
  const targets = new Float32Array(samples * horizon);
  for (let i = 0; i < samples; i++) {
    inputs.set(values.subarray(i, i + window), i * window);
    targets.set(values.subarray(i + window, i + window + horizon), i * horizon);
  }
  return {
    name,
    source,
    classes: Array.from({ length: horizon }, (_, step) => `+${step + 1}`),
    shape: [window],
    samples,
    values: inputs,
    scale: 1,
    labels: new Uint8Array(samples),
    targets,
  };
}

/** The same samples, read one value a step: what a spiking network takes. */
export function asSequence(dataset: Dataset): Dataset {
  const [window] = dataset.shape;
  return { ...dataset, shape: [1], timesteps: window! };
}

/** The same samples as maps [window, 1, 1], which a convolution of kernel [k, 1] slides along. */
export function asMap(dataset: Dataset): Dataset {
  return { ...dataset, shape: [dataset.shape[0]!, 1, 1] };
}
