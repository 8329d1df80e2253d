// What one run says of every shorter one: nothing that happens at a step depends on the steps after it.

import { type Accuracy, accuracyOf } from './accuracy.ts';
import type { SimulationResult } from './options.ts';

/** Accuracy, with its interval, had the run been stopped after each step [T]. */
export const accuracyOverTime = (
  { predictionsByStep }: Pick<SimulationResult, 'predictionsByStep'>,
  labels: ArrayLike<number>,
): Accuracy[] => predictionsByStep.map((predictions) => accuracyOf(predictions, labels));
