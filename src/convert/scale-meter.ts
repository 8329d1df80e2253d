// The scale of one slot while calibration batches pass by.

import { ConfigError, NumericError } from '../core/index.ts';
import { GrowingHistogram, leastErrorScale } from './least-error.ts';
import type { CalibrateOptions } from './options.ts';
import { maximumOf, percentileOf, RunningPercentile } from './statistic.ts';

export interface ScaleMeter {
  add(activations: ArrayLike<number>): void;
  /** Of all activations; -Infinity before the first. */
  largest(): number;
  /** The scale as measured, which may be 0. */
  measured(): number;
  /** Throws NumericError for a scale that nothing can be divided by. */
  scale(): number;
}

/** Weight of a new batch in the moving average; SpikingJelly's momentum. */
const MOMENTUM = 0.1;

/** Throws ConfigError for options no scale can be measured with. */
export function checkMode(options: CalibrateOptions): void {
  const { mode, percentile = 99.9, reciprocal = 2 } = options;
  const modes: readonly string[] = ['max', 'max-moving-average', 'percentile', 'reciprocal', 'least-error'];
  if (!modes.includes(mode)) throw new ConfigError('mode', `got "${mode}", expected one of ${modes.join(', ')}`);
  if (!(percentile > 0 && percentile <= 100))
    throw new ConfigError('percentile', `got ${percentile}, expected more than 0 and at most 100`);
  if (!(reciprocal >= 1 && Number.isFinite(reciprocal)))
    throw new ConfigError('reciprocal', `got ${reciprocal}, expected n of at least 1: the scale is max / n`);
  const { timesteps = 32, schedule = 'none' } = options;
  if (!(Number.isInteger(timesteps) && timesteps >= 1))
    throw new ConfigError('timesteps', `got ${timesteps}, expected a whole number of at least 1`);
  if (schedule !== 'none' && schedule !== 'snntoolbox')
    throw new ConfigError('schedule', `got "${schedule}", expected one of none, snntoolbox`);
}

/** The percentile for slot `index` of the network, counted from 0; SNN Toolbox cuts it to a whole number. */
export function scheduledPercentile({ percentile = 99.9, schedule }: CalibrateOptions, index: number): number {
  return schedule === 'snntoolbox' ? Math.trunc(percentile - 0.02 * index) : percentile;
}

/** `most`: an upper bound of how many activations will be added. */
export function scaleMeter(slot: string, options: CalibrateOptions, most: number): ScaleMeter {
  const meter = meterOf(options, most);
  let largest = -Infinity;
  return {
    add(activations) {
      if (activations.length === 0) return;
      largest = Math.max(largest, maximumOf(activations));
      meter.add(activations);
    },
    largest: () => largest,
    measured: () => meter.scale(),
    scale: () => usable(slot, meter.scale(), largest, options),
  };
}

/** What becomes of activations that were added. */
type Statistic = Pick<ScaleMeter, 'add' | 'scale'>;

function meterOf(options: CalibrateOptions, most: number): Statistic {
  if (options.mode === 'least-error') return balanced(options);
  if (options.mode === 'max-moving-average' || options.movingAverage === true) return movingAverage(options);
  return options.mode === 'percentile' ? gathered(options, most) : running(options);
}

/** The statistic of one set of activations. */
function statistic(activations: ArrayLike<number>, options: CalibrateOptions): number {
  if (options.mode === 'percentile') {
    const chosen = Float32Array.from(activations);
    return percentileOf(options.nonzeroOnly ? chosen.filter((x) => x !== 0) : chosen, options.percentile ?? 99.9);
  }
  return maximumOf(activations) / (options.mode === 'reciprocal' ? (options.reciprocal ?? 2) : 1);
}

function movingAverage(options: CalibrateOptions): Statistic {
  let scale: number | undefined;
  return {
    add(activations) {
      const s = statistic(activations, options);
      scale = scale === undefined ? s : (1 - MOMENTUM) * scale + MOMENTUM * s;
    },
    scale: () => scale ?? 0,
  };
}

function running(options: CalibrateOptions): Statistic {
  let scale = -Infinity;
  return {
    add(activations) {
      scale = Math.max(scale, statistic(activations, options));
    },
    scale: () => scale,
  };
}

function gathered({ percentile = 99.9, nonzeroOnly }: CalibrateOptions, most: number): Statistic {
  const running = new RunningPercentile(percentile, most);
  return {
    add(activations) {
      for (let k = 0; k < activations.length; k++)
        if (!nonzeroOnly || activations[k] !== 0) running.add(activations[k]!);
    },
    scale: () => running.value(),
  };
}

function balanced({ timesteps = 32, halfThreshold = false }: CalibrateOptions): Statistic {
  const histogram = new GrowingHistogram();
  return {
    add: (activations) => histogram.add(activations),
    scale: () => leastErrorScale(histogram, timesteps, halfThreshold ? 0.5 : 0),
  };
}

/** A slot that never let anything through keeps its scale of 1: no spike would ever leave it either. */
function usable(slot: string, scale: number, largest: number, options: CalibrateOptions): number {
  if (largest <= 0) return 1;
  if (scale > 0 && Number.isFinite(scale)) return scale;
  const advice =
    options.mode === 'percentile' ? 'most are zero; take a higher percentile or set nonzeroOnly' : 'check the weights';
  throw new NumericError(
    `slot "${slot}": scale by ${options.mode} is ${scale}, expected a positive number (largest activation ${largest}); ${advice}`,
  );
}
