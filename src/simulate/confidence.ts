// How sure the output is after each step, from the running score of each class (what the decoder takes the largest of).
//   margin       largest score minus the second largest: spikes, or membrane
//   probability  largest softmax of the scores

import { ConfigError } from '../core/index.ts';
import type { DecoderSpec } from '../model/index.ts';

export type ConfidenceRule = 'margin' | 'probability';

/** What nobody can be sure of: a sample whose outputs have all been silent. Below every threshold. */
const UNSURE = -1;

/** Adds the step's values to the running scores. */
type Fold = (score: Float64Array, values: ArrayLike<number>, row: number, step: number) => void;

const FOLDS: Readonly<Partial<Record<DecoderSpec['kind'], Fold>>> = {
  'spike-count': (score, values, row) => {
    for (let c = 0; c < score.length; c++) score[c]! += values[row + c]!;
  },
  'max-membrane': (score, values, row, step) => {
    for (let c = 0; c < score.length; c++)
      score[c] = step === 0 ? values[row + c]! : Math.max(score[c]!, values[row + c]!);
  },
  'mean-membrane': (score, values, row, step) => {
    for (let c = 0; c < score.length; c++) score[c]! += (values[row + c]! - score[c]!) / (step + 1);
  },
  'last-membrane': (score, values, row) => {
    for (let c = 0; c < score.length; c++) score[c] = values[row + c]!;
  },
};

/** Throws ConfigError for a decoder whose scores grade nothing: the first spike decides, and nothing after it. */
export function checkGraded(kind: DecoderSpec['kind'] | 'logits'): void {
  if (kind !== 'logits' && FOLDS[kind] !== undefined) return;
  const why = kind === 'logits' ? 'an ANN has one step' : `decoder "${kind}" gives no degree of certainty`;
  throw new ConfigError('earlyStop', `${why}; simulate a spiking network read by ${Object.keys(FOLDS).join(', ')}`);
}

/** `outputs`: [samples, T, classes]. Confidence after each step [samples * T]; -1 where no output has spiked yet. */
export function confidences(
  rule: ConfidenceRule,
  kind: DecoderSpec['kind'],
  outputs: ArrayLike<number>,
  { samples, timesteps, classes }: { readonly samples: number; readonly timesteps: number; readonly classes: number },
): Float64Array {
  const fold = FOLDS[kind]!;
  const measure = rule === 'margin' ? marginOf : probabilityOf;
  const found = new Float64Array(samples * timesteps);
  const score = new Float64Array(classes);
  for (let sample = 0; sample < samples; sample++) {
    score.fill(0);
    for (let step = 0; step < timesteps; step++) {
      const row = sample * timesteps + step;
      fold(score, outputs, row * classes, step);
      const silent = kind === 'spike-count' && score.every((count) => count === 0);
      found[row] = silent ? UNSURE : measure(score);
    }
  }
  return found;
}

function marginOf(score: Float64Array): number {
  let [first, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of score) {
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  return first - second;
}

function probabilityOf(score: Float64Array): number {
  const largest = score.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return 1 / score.reduce((sum, value) => sum + Math.exp(value - largest), 0);
}
