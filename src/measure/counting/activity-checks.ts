// What must hold of an activity before it is counted: lengths as declared, no NaN, nothing below 0 or above its bound.

import { NumericError } from '../../core/index.ts';

/** Each value of `series` must lie in [0, bound]; `what` names it in the message. */
export function checkSeries(
  layer: string,
  what: string,
  series: readonly number[],
  length: number,
  bound: number,
): void {
  if (series.length !== length) {
    throw new NumericError(
      `layer "${layer}": ${what} has ${series.length} entries, expected ${length}; the trace was not filled as it declares`,
    );
  }
  const slack = bound * (1 + 1e-9);
  series.forEach((value, index) => {
    if (!(value >= 0 && value <= slack)) {
      throw new NumericError(
        `layer "${layer}": ${what}[${index}] is ${value}, expected 0 to ${bound}; the activity was counted wrongly`,
      );
    }
  });
}

/** Two ways to sum the same events must agree (exactly, for whole numbers). */
export function checkSameTotal(layer: string, what: string, one: number, other: number): void {
  if (Math.abs(one - other) > 1e-9 * Math.max(1, one, other)) {
    throw new NumericError(`layer "${layer}": ${what} sum to ${one} over steps but to ${other} over samples`);
  }
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
