// Where a ratio that grows with the spike rate passes 1: between two measured rates on a straight line through the logarithms of both.

import { isMeasured, type Median } from '../trials/index.ts';

/** A measured ratio at a rate above 0. */
export interface RatioPoint {
  readonly rate: number;
  readonly ratio: Median;
}

/**
 * `at`: the spiking network takes as much as the ANN at `rate`, less below. `low` and `high` are where the bounds of the ratios' 95 %
 * intervals pass 1; null where they do not within the measured rates.
 */
export type BreakEven =
  | { readonly kind: 'at'; readonly rate: number; readonly low: number | null; readonly high: number | null }
  /** Less at every rate measured, the highest being `upTo`; `certain`: whole intervals are. */
  | { readonly kind: 'always-less'; readonly upTo: number; readonly certain: boolean }
  /** More at every rate measured, the lowest being `downTo`. */
  | { readonly kind: 'always-more'; readonly downTo: number; readonly certain: boolean }
  | { readonly kind: 'unknown'; readonly reason: string };

export function breakEven(points: readonly RatioPoint[]): BreakEven {
  const sorted = points.filter(({ rate }) => rate > 0).toSorted((a, b) => a.rate - b.rate);
  const ratios = sorted.map(({ ratio }) => ratio);
  const refused = ratios.find((ratio) => !isMeasured(ratio));
  if (refused !== undefined && !isMeasured(refused)) return { kind: 'unknown', reason: refused.reason };
  const measured = ratios.filter(isMeasured);
  if (measured.length < 2) return { kind: 'unknown', reason: 'fewer than two spike rates could be reached' };
  const rates = sorted.map(({ rate }) => rate);
  const rate = crossing(
    rates,
    measured.map(({ value }) => value),
  );
  if (rate === null) {
    return measured[0]!.value > 1
      ? { kind: 'always-more', downTo: rates[0]!, certain: measured.every(({ low }) => low > 1) }
      : { kind: 'always-less', upTo: rates.at(-1)!, certain: measured.every(({ high }) => high < 1) };
  }
  const [earliest, latest] = [measured.map(({ high }) => high), measured.map(({ low }) => low)];
  return { kind: 'at', rate, low: crossing(rates, earliest), high: crossing(rates, latest) };
}

/** The first rate at which the ratios rise through 1; null if they do not. */
function crossing(rates: readonly number[], ratios: readonly number[]): number | null {
  const k = ratios.findIndex((ratio, i) => i > 0 && ratio > 1 && ratios[i - 1]! <= 1);
  if (k < 0) return null;
  const [before, after] = [Math.log(ratios[k - 1]!), Math.log(ratios[k]!)];
  const share = -before / (after - before);
  return Math.exp(Math.log(rates[k - 1]!) + share * Math.log(rates[k]! / rates[k - 1]!));
}
