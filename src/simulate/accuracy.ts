// Accuracy with its uncertainty, and who was taken for whom.

import { wilsonInterval } from '../core/index.ts';

export interface Accuracy {
  /** Share of correct samples; undecided ones count as wrong. */
  readonly value: number;
  readonly correct: number;
  readonly samples: number;
  /** Samples for which no output ever fired. */
  readonly undecided: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Accuracy of predicted classes (-1: undecided) against labels. */
export function accuracyOf(predictions: ArrayLike<number>, labels: ArrayLike<number>): Accuracy {
  const samples = predictions.length;
  let [correct, undecided] = [0, 0];
  for (let i = 0; i < samples; i++) {
    if (predictions[i] === labels[i]) correct++;
    if (predictions[i] === -1) undecided++;
  }
  const [low, high] = wilsonInterval(correct, samples);
  return { value: samples === 0 ? 0 : correct / samples, correct, samples, undecided, low, high };
}

/** [true class][predicted class]; undecided samples are in no column. */
export function confusionOf(
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): readonly (readonly number[])[] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < predictions.length; i++) {
    const predicted = predictions[i]!;
    if (predicted >= 0) matrix[labels[i]!]![predicted]!++;
  }
  return matrix;
}
