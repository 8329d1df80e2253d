// Ratios in words, spiking network to ANN, the same way round everywhere.

import { type EnergyRatio, isLess, isMore } from './contest.ts';
import { times } from './quantity.ts';

/** `0.42 times`, or `0.42 to 3.3 times`. */
export function range(ratios: readonly number[]): string {
  const [low, high] = [times(Math.min(...ratios)), times(Math.max(...ratios))];
  return low === high ? low : `${low.replace(' times', '')} to ${high}`;
}

/** `0.42 times the energy of the ANN (45 nm, fp32)`, or `about as much energy as ...` within 5 %. */
export function energyWords({ ratio, against, label }: EnergyRatio): string {
  const other = against === 'ANN' ? 'the ANN' : `the ${against}`;
  const about = !isLess(ratio) && !isMore(ratio);
  return about ? `about as much energy as ${other} (${label})` : `${times(ratio)} the energy of ${other} (${label})`;
}

/** Entries with their labels, `2.8 times (45 nm, fp32), 11 times (...)`; of more than three only the lowest and the highest. */
export function listed<T extends { readonly label: string }>(
  entries: readonly T[],
  text: (entry: T) => string,
  by: (entry: T) => number,
): string {
  const sorted = entries.toSorted((a, b) => by(a) - by(b));
  const one = (entry: T): string => `${text(entry)} (${entry.label})`;
  return sorted.length > 3 ? `${one(sorted[0]!)} to ${one(sorted.at(-1)!)}` : sorted.map(one).join(', ');
}
