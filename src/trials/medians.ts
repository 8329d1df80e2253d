// Medians of trials, and medians of ratios of trials that were run next to each other in one pass: what slows both down cancels.

import { bootstrapMedian } from './bootstrap.ts';
import { FEWEST, type TrialSettings } from './options.ts';
import type { Compared, Median, NotMeasured, Trial } from './result.ts';

/** A number a trial gives, such as its seconds an inference; undefined where it was not read. */
export type Figure = (trial: Trial) => number | undefined;

/** Trials of one subject, those of the subject it is compared with, and how to work on them. */
export interface Sides {
  readonly own: readonly Trial[];
  readonly first: readonly Trial[];
  readonly settings: TrialSettings;
}

export function compare(sides: Sides, figure: Figure, missing: string): Compared {
  return { perInference: medianOf(sides, figure, missing), ratio: ratioOf(sides, figure, missing) };
}

export const refused = (problem: NotMeasured): Compared => ({ perInference: problem, ratio: problem });

/** Of the trials that count. */
export function medianOf({ own, settings }: Sides, figure: Figure, missing: string): Median {
  const used = own.filter(({ rejected }) => rejected === undefined);
  if (used.length < FEWEST) return tooFew(own);
  const values = used.map(figure);
  return values.every((value) => value !== undefined)
    ? { kind: 'measured', ...bootstrapMedian(values, settings.seed), trials: values.length }
    : { kind: 'unavailable', reason: missing };
}

function ratioOf({ own, first, settings }: Sides, figure: Figure, missing: string): Median {
  const pairs = own.flatMap((trial) => {
    const other = first.find(({ pass }) => pass === trial.pass);
    return other === undefined || (other.rejected ?? trial.rejected) !== undefined ? [] : [{ trial, other }];
  });
  if (pairs.length < FEWEST) return tooFew([...own, ...first]);
  const ratios: number[] = [];
  for (const { trial, other } of pairs) {
    const [value, base] = [figure(trial), figure(other)];
    if (value === undefined || base === undefined) return { kind: 'unavailable', reason: missing };
    if (!(base > 0)) return { kind: 'rejected', reason: NOTHING_ABOVE };
    ratios.push(value / base);
  }
  return { kind: 'measured', ...bootstrapMedian(ratios, settings.seed), trials: ratios.length };
}

const NOTHING_ABOVE = 'what it is compared with took no more than the machine takes when it idles';

/** In the reason of each number that was refused for want of trials. */
export const TOO_FEW = 'which leaves too few';

function tooFew(trials: readonly Trial[]): NotMeasured {
  const rejected = trials.filter((trial) => trial.rejected !== undefined);
  const because = rejected[0]?.rejected ?? 'too few were run';
  return {
    kind: 'rejected',
    reason: `${rejected.length} of ${trials.length} trials were rejected, ${TOO_FEW}; the first because ${because}`,
  };
}
