// How many samples at once give the most inferences a second: a short search over powers of four, not part of any measurement.

import { seconds, UnsupportedError } from '../core/index.ts';
import { runFor, type TrialWorld } from '../trials/index.ts';
import type { OpenSubject } from './network-subject.ts';

const SIZES = [1, 4, 16, 64, 256, 1024];
/** Seconds of work for each size, after as long a warm-up. */
const EACH = seconds(0.1);
/** A larger batch must be faster by this much: noise is not worth memory. */
const GAIN = 1.03;
/** Once so much slower than the best, larger batches are not tried. */
const LOSS = 1.5;

export interface SearchHooks {
  readonly signal?: AbortSignal;
  /** Before each size that is tried. */
  readonly onSize?: (batch: number) => void;
}

/** The smallest size that is about as fast an image as any, at most `most`. Throws what `open` throws, InterruptedError when stopped. */
export async function findBestBatch(
  world: TrialWorld,
  open: (batch: number) => OpenSubject | Promise<OpenSubject>,
  most: number,
  { signal, onSize }: SearchHooks = {},
): Promise<number> {
  let best = { batch: 1, time: Number.POSITIVE_INFINITY };
  for (const batch of SIZES.filter((size) => size <= most)) {
    onSize?.(batch);
    const time = await timeOf(world, open, batch, signal);
    if (time === undefined || time > LOSS * best.time) break;
    if (time * GAIN < best.time) best = { batch, time };
  }
  return best.batch;
}

/** Seconds an inference; undefined where so large a batch does not fit. */
async function timeOf(
  world: TrialWorld,
  open: (batch: number) => OpenSubject | Promise<OpenSubject>,
  batch: number,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  let subject: OpenSubject;
  try {
    subject = await open(batch);
  } catch (error) {
    if (batch > 1 && error instanceof UnsupportedError) return undefined;
    throw error;
  }
  try {
    await runFor(world, subject, EACH, signal);
    const { time, inferences } = await runFor(world, subject, EACH, signal);
    return time / inferences;
  } finally {
    await subject.close();
  }
}
