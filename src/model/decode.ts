// How the output layer is read. With s[t,c] its spikes and m[t,c] its membranes, the class after step t is
//   spike-count    argmax_c sum_{k<=t} s[k,c]        max-membrane   argmax_c max_{k<=t} m[k,c]
//   first-spike    the class that spiked first       mean-membrane  argmax_c mean_{k<=t} m[k,c]
//                                                    last-membrane  argmax_c m[t,c]
// Ties go to the lowest class. A sample whose output has not spiked yet is UNDECIDED under the two decoders that read spikes.

import { UnsupportedError } from '../core/index.ts';
import type { DecoderSpec } from './spec.ts';

/** Prediction of a sample whose outputs all stayed silent; never equal to a label. */
export const UNDECIDED = -1;

type Values = ArrayLike<number>;

/** What the output layer did over a batch, row-major [samples, timesteps, classes]. */
export interface DecoderInput {
  readonly samples: number;
  readonly timesteps: number;
  readonly classes: number;
  readonly spikes?: Values | undefined;
  readonly membrane?: Values | undefined;
}

/** Folds the row that starts at `row` into the running score of each class; `step` counts from 0. */
type Fold = (score: Float64Array, values: Values, row: number, step: number) => void;

const FOLDS: Readonly<Record<DecoderSpec['kind'], Fold>> = {
  'spike-count': (score, values, row) => {
    for (let c = 0; c < score.length; c++) score[c]! += values[row + c]!;
  },
  'first-spike': (score, values, row, step) => {
    for (let c = 0; c < score.length; c++) if (values[row + c]! > 0 && score[c] === 0) score[c] = 1 / (step + 1);
  },
  'max-membrane': (score, values, row, step) => {
    for (let c = 0; c < score.length; c++) {
      if (step === 0 || values[row + c]! > score[c]!) score[c] = values[row + c]!;
    }
  },
  'mean-membrane': (score, values, row) => {
    for (let c = 0; c < score.length; c++) score[c]! += values[row + c]!;
  },
  'last-membrane': (score, values, row) => {
    for (let c = 0; c < score.length; c++) score[c] = values[row + c]!;
  },
};

/** The decoders there are. */
export const DECODERS = Object.keys(FOLDS) as readonly DecoderSpec['kind'][];

/** Does this decoder read spikes (or else membranes)? */
export const readsSpikes = (decoder: DecoderSpec): boolean =>
  decoder.kind === 'spike-count' || decoder.kind === 'first-spike';

/** What the decoder reads. Throws UnsupportedError where the output layer does not give it. */
function valuesOf(decoder: DecoderSpec, { spikes, membrane }: DecoderInput): Values {
  const spiking = readsSpikes(decoder);
  const values = spiking ? spikes : membrane;
  if (values !== undefined) return values;
  const [lacks, use] = spiking ? ['spikes', 'a membrane decoder'] : ['membranes', 'spike-count or first-spike'];
  throw new UnsupportedError(`decoder "${decoder.kind}": the output layer gives no ${lacks}; use ${use}`);
}

/** Predicted class of each sample had its run been stopped after each step, row-major [samples, timesteps]. */
export function decode(decoder: DecoderSpec, input: DecoderInput): Int16Array {
  const { samples, timesteps, classes } = input;
  const spiking = readsSpikes(decoder);
  const values = valuesOf(decoder, input);
  const fold = FOLDS[decoder.kind];
  const predictions = new Int16Array(samples * timesteps);
  const score = new Float64Array(classes);
  for (let sample = 0; sample < samples; sample++) {
    score.fill(0);
    for (let step = 0; step < timesteps; step++) {
      const row = sample * timesteps + step;
      fold(score, values, row * classes, step);
      const best = argmax(score, 0, classes);
      predictions[row] = spiking && score[best] === 0 ? UNDECIDED : best;
    }
  }
  return predictions;
}

/**
 * What each class scored after the last step, row-major [samples, classes]: spikes, a membrane (summed over time under
 * mean-membrane), or 1 / step of the first spike (0: none).
 */
export function finalScores(decoder: DecoderSpec, input: DecoderInput): Float64Array {
  const { samples, timesteps, classes } = input;
  const values = valuesOf(decoder, input);
  const scores = new Float64Array(samples * classes);
  for (let sample = 0; sample < samples; sample++) {
    const score = scores.subarray(sample * classes, (sample + 1) * classes);
    for (let step = 0; step < timesteps; step++)
      FOLDS[decoder.kind](score, values, (sample * timesteps + step) * classes, step);
  }
  return scores;
}

/** Index within [start, start + length) of the largest value, counted from `start`; the lowest of several. */
export function argmax(values: Values, start: number, length: number): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}
