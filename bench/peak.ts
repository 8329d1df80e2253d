// What one core of this machine could do at best, for shares of it.

import { median, time } from './statistics.ts';

export interface Peak {
  /** GHz, from a chain of dependent multiplications of three cycles each, as x86-64 processors have had them since 2008. */
  readonly clock: number;
  /** GFLOP/s with two fused multiply-adds of eight lanes a cycle, as AVX2 processors have. */
  readonly gflops: number;
  /** G additions a second, two of eight lanes a cycle. */
  readonly additions: number;
  /** GB/s read and written by a copy within the second-level cache, and beyond all caches. */
  readonly cacheCopy: number;
  readonly memoryCopy: number;
}

/** Short enough (about 3 ms) for some of the chains to meet no other process. */
const LINKS = 3e6;
const CHAINS = 40;
const CYCLES = 3;
const FLOPS_A_CYCLE = 32;
const ADDITIONS_A_CYCLE = 16;
const CACHE_BYTES = 128 * 1024;
const MEMORY_BYTES = 64 * 1024 * 1024;

/** Eight links a turn, so that the loop's own work hides behind the multiplier. */
function chain(links: number): number {
  let x = 12345;
  for (let k = 0; k < links; k += 8) {
    x = Math.imul(x, x);
    x = Math.imul(x, x);
    x = Math.imul(x, x);
    x = Math.imul(x, x);
    x = Math.imul(x, x);
    x = Math.imul(x, x);
    x = Math.imul(x, x);
    x = Math.imul(x, x) + 1;
  }
  return x;
}

function copySpeed(bytes: number, times: number): number {
  const [from, to] = [new Float32Array(bytes / 8).fill(1), new Float32Array(bytes / 8)];
  const copies = Array.from({ length: 7 }, () =>
    time(() => {
      for (let k = 0; k < times; k++) to.set(from);
    }),
  );
  return (bytes * times) / median(copies) / 1e6;
}

export function measurePeak(): Peak {
  let kept = chain(LINKS);
  const chains = Array.from({ length: CHAINS }, () =>
    time(() => {
      kept ^= chain(LINKS);
    }),
  );
  // The addition of each turn waits for the multiplications, and is one cycle.
  const cycles = LINKS * CYCLES + LINKS / 8;
  const clock = cycles / Math.min(...chains) / 1e6 + (Number.isNaN(kept) ? 1 : 0);
  return {
    clock,
    gflops: FLOPS_A_CYCLE * clock,
    additions: ADDITIONS_A_CYCLE * clock,
    cacheCopy: copySpeed(CACHE_BYTES, 500),
    memoryCopy: copySpeed(MEMORY_BYTES, 1),
  };
}

/** What is the best there is of a figure in this unit; undefined for times. */
export function peakOf(unit: string, peak: Peak): number | undefined {
  if (unit === 'GFLOP/s') return peak.gflops;
  if (unit === 'G additions/s') return peak.additions;
  return unit === 'GB/s' ? peak.cacheCopy : undefined;
}
