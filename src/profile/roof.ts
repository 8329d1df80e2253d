// The roof of this machine: what its threads can reach at most, arithmetic or bandwidth, whichever is less for the work at hand
// (Williams, Waterman and Patterson 2009, doi:10.1145/1498765.1498785).

/** On one thread alone, and on all of them at once. */
export interface OneAndAll {
  readonly one: number;
  readonly all: number;
}

/** Measured by the engine's own kernels on this machine, moments before or after. */
export interface Roof {
  readonly source: 'measured';
  readonly threads: number;
  /** Products of 256 x 256 weights with 24 rows, all in cache: flops a second. */
  readonly flopsPerSecond: OneAndAll;
  /** Bytes read and written a second, from the smallest working set (of one thread) to the largest. */
  readonly bandwidths: readonly Bandwidth[];
  /** The measurement itself took so long. */
  readonly seconds: number;
}

export interface Bandwidth {
  /** Bytes one thread goes over, again and again. */
  readonly workingSet: number;
  readonly bytesPerSecond: OneAndAll;
}

/** `compute`, or the working set whose bandwidth limits. */
export type Bound = 'compute' | 'cache' | 'memory';

interface Demand {
  readonly flops: number;
  readonly bytes: number;
  /** Bytes between two uses of the same operand. */
  readonly workingSet: number;
}

/** Thread-seconds the work takes at least while all threads are busy, and why. */
export function attainable(roof: Roof, { flops, bytes, workingSet }: Demand): { seconds: number; bound: Bound } {
  const { bandwidths, flopsPerSecond, threads } = roof;
  const last = bandwidths.length - 1;
  const found = bandwidths.findIndex((each) => each.workingSet >= workingSet);
  const at = found === -1 ? last : found;
  const arithmetic = (flops * threads) / flopsPerSecond.all;
  const traffic = (bytes * threads) / bandwidths[at]!.bytesPerSecond.all;
  if (arithmetic >= traffic) return { seconds: arithmetic, bound: 'compute' };
  return { seconds: traffic, bound: at === last ? 'memory' : 'cache' };
}
