// What any network has to beat: persistence ("it stays as it is") and a linear autoregression, fitted exactly.

import type { Dataset } from '../data/index.ts';
import type { Weights } from '../model/index.ts';
import { leastSquares } from './least-squares.ts';

/** The last value of each window, at every step ahead [samples, horizon]; scaled as the dataset is. */
export function persistenceOf({ samples, shape, values, classes }: Dataset): Float32Array {
  const [window, horizon] = [shape[0]!, classes.length];
  return Float32Array.from(
    { length: samples * horizon },
    (_, i) => values[Math.floor(i / horizon) * window + window - 1]!,
  );
}

/**
 * Weights of `linearForecaster`: the linear map with a constant term from window to horizon with the least squared error over the
 * training samples (an AR(window), direct for each step ahead). Values are scaled, so the constant is the last column.
 */
export function linearWeights({ samples, shape, values, classes, targets }: Dataset): Weights {
  const [window, horizon] = [shape[0]!, classes.length];
  const columns = window + 1;
  const inputs = Float64Array.from({ length: samples * columns }, (_, i) => {
    const column = i % columns;
    return column === window ? 1 : values[Math.floor(i / columns) * window + column]!;
  });
  const solved = leastSquares(inputs, Float64Array.from(targets!), columns, horizon);
  return new Map([
    ['out/weight', Float32Array.from(solved.subarray(0, window * horizon))],
    ['out/bias', Float32Array.from(solved.subarray(window * horizon))],
  ]);
}
