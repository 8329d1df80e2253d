// Accuracy with its uncertainty: the Wilson score interval, which stays inside [0, 1] and does not collapse at 0 or 1.
//   centre = (p + z^2 / 2n) / (1 + z^2 / n), half width = z sqrt(p (1 - p) / n + z^2 / 4n^2) / (1 + z^2 / n)
// Wilson, "Probable inference", JASA 1927, doi 10.1080/01621459.1927.10502953.

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

/** Two-sided 95 % quantile of the standard normal. */
const Z = 1.959963984540054;

/** 95 % interval of a share of which `correct` of `samples` were seen; [0, 1] if none were. */
export function wilsonInterval(correct: number, samples: number): readonly [low: number, high: number] {
  if (samples === 0) return [0, 1];
  const p = correct / samples;
  const z2 = (Z * Z) / samples;
  const half = Z * Math.sqrt((p * (1 - p) + z2 / 4) / samples);
  return [Math.max(0, (p + z2 / 2 - half) / (1 + z2)), Math.min(1, (p + z2 / 2 + half) / (1 + z2))];
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
