// The scale of one slot while calibration batches pass by.

import { ConfigError, NumericError } from '../core/index.ts';
import type { CalibrateOptions } from './options.ts';
import { maximumOf, percentileOf } from './statistic.ts';

export interface ScaleMeter {
  add(activations: ArrayLike<number>): void;
  /** Throws NumericError for a scale that nothing can be divided by. */
  scale(): number;
}

/** Weight of a new batch in the moving average; SpikingJelly's momentum. */
const MOMENTUM = 0.1;

/** Throws ConfigError for options no scale can be measured with. */
export function checkMode(options: CalibrateOptions): void {
  const { mode, percentile = 99.9, reciprocal = 2 } = options;
  const modes: readonly string[] = ['max', 'max-moving-average', 'percentile', 'reciprocal'];
  if (!modes.includes(mode)) throw new ConfigError('mode', `got "${mode}", expected one of ${modes.join(', ')}`);
  if (!(percentile > 0 && percentile <= 100))
    throw new ConfigError('percentile', `got ${percentile}, expected more than 0 and at most 100`);
  if (!(reciprocal >= 1 && Number.isFinite(reciprocal)))
    throw new ConfigError('reciprocal', `got ${reciprocal}, expected n of at least 1: the scale is max / n`);
}

export function scaleMeter(slot: string, options: CalibrateOptions): ScaleMeter {
  const moving = options.mode === 'max-moving-average' || options.movingAverage === true;
  const meter = moving ? movingAverage(options) : options.mode === 'percentile' ? gathered(options) : running(options);
  let largest = -Infinity;
  return {
    add(activations) {
      if (activations.length === 0) return;
      largest = Math.max(largest, maximumOf(activations));
      meter.add(activations);
    },
    scale: () => usable(slot, meter.scale(), largest, options),
  };
}

/** The statistic of one set of activations. */
function statistic(activations: ArrayLike<number>, options: CalibrateOptions): number {
  if (options.mode === 'percentile') {
    const chosen = Float32Array.from(activations);
    return percentileOf(options.nonzeroOnly ? chosen.filter((x) => x !== 0) : chosen, options.percentile ?? 99.9);
  }
  return maximumOf(activations) / (options.mode === 'reciprocal' ? (options.reciprocal ?? 2) : 1);
}

function movingAverage(options: CalibrateOptions): ScaleMeter {
  let scale: number | undefined;
  return {
    add(activations) {
      const s = statistic(activations, options);
      scale = scale === undefined ? s : (1 - MOMENTUM) * scale + MOMENTUM * s;
    },
    scale: () => scale ?? 0,
  };
}

function running(options: CalibrateOptions): ScaleMeter {
  let scale = -Infinity;
  return {
    add(activations) {
      scale = Math.max(scale, statistic(activations, options));
    },
    scale: () => scale,
  };
}

/** A percentile needs all values at once: 4 bytes each, zeros left out already where they do not count. */
function gathered(options: CalibrateOptions): ScaleMeter {
  const parts: Float32Array[] = [];
  return {
    add(activations) {
      const part = Float32Array.from(activations);
      parts.push(options.nonzeroOnly ? part.filter((x) => x !== 0) : part);
    },
    scale() {
      const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return percentileOf(all, options.percentile ?? 99.9);
    },
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
