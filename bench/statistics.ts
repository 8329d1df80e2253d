// Times of repeated work. Sides that are compared take turns, so that a slow moment of the machine meets all of them.

export interface Timing {
  /** Milliseconds. */
  readonly min: number;
  readonly median: number;
  readonly runs: number;
}

export function timingOf(milliseconds: readonly number[]): Timing {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: median(sorted), runs: sorted.length };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Milliseconds of one call. */
export function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Runs all works in turn, `warmup` rounds uncounted and `rounds` counted; one timing each. */
export function interleave(works: readonly (() => unknown)[], warmup: number, rounds: number): readonly Timing[] {
  const times = works.map((): number[] => []);
  for (let round = -warmup; round < rounds; round++)
    works.forEach((work, k) => {
      const spent = time(work);
      if (round >= 0) times[k]!.push(spent);
    });
  return times.map(timingOf);
}
