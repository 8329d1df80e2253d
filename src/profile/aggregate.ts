// The table of a profile: a row for each kernel of each layer and stage, the most time first, with what it did and how close that
// came to what this machine can do.

import type { TimedOperation, Timeline } from '../engine/index.ts';
import { accountOf } from './account.ts';
import { type RowName, rowKey } from './plan-work.ts';
import { attainable, type Bound, type Roof } from './roof.ts';
import { flopsOf, repeatWork, type Work } from './work.ts';

export interface ProfileRow extends RowName {
  /** Executions: one a chunk, or one for each part of a parameter. */
  readonly calls: number;
  /** Of threads: two threads that work for a second make two. */
  readonly seconds: number;
  /** Of threads times wall time. */
  readonly share: number;
  /** Absent where the work is not counted (a few operations on a vector). */
  readonly work?: Work;
  readonly rates?: Rates;
}

/** Of one thread while it ran the kernel. */
export interface Rates {
  /** Of the work done: skipped zeros are not in it. */
  readonly flopsPerSecond: number;
  /** As if no zero had been skipped: what a dense engine would have to reach to be as fast. */
  readonly denseFlopsPerSecond: number;
  /** Operands' bytes, read and written; at least so many moved. */
  readonly bytesPerSecond: number;
  /** Flops done a byte. */
  readonly intensity: number;
  /** Time that the roof allows, over the time it took; above 1 where operands were nearer than the roof assumes. */
  readonly roofShare?: number;
  /** What the roof is made of here: arithmetic, or a bandwidth. */
  readonly bound?: Bound;
}

export interface ProfileTable {
  readonly threads: number;
  readonly wallSeconds: number;
  /** Most time first. */
  readonly rows: readonly ProfileRow[];
  readonly waitSeconds: number;
  readonly idleSeconds: number;
  readonly callerSeconds: number;
}

export interface AggregateOptions {
  /** Work for one batch or update, by `rowKey`. */
  readonly works?: ReadonlyMap<string, Work>;
  readonly roof?: Roof;
}

/** Rows, waits, idle and caller's time add up to threads times wall time. */
export function aggregate(timeline: Timeline, { works = new Map(), roof }: AggregateOptions = {}): ProfileTable {
  const account = accountOf(timeline);
  const { threads, wallSeconds, waitSeconds, idleSeconds, callerSeconds } = account;
  const sums = new Map<string, { name: TimedOperation; calls: number; seconds: number }>();
  for (const [k, name] of timeline.operations.entries()) {
    if (name.kernel === 'wait' || account.busyCalls[k] === 0) continue;
    const sum = sums.get(rowKey(name)) ?? { name, calls: 0, seconds: 0 };
    sum.calls += account.busyCalls[k]!;
    sum.seconds += account.busySeconds[k]!;
    sums.set(rowKey(name), sum);
  }
  const times = timesCalled(timeline);
  const rows = [...sums.values()].map(({ name: { stage, layer, kernel }, calls, seconds }): ProfileRow => {
    const name = { stage, layer, kernel };
    const row = { ...name, calls, seconds, share: seconds / (threads * wallSeconds) };
    const one = works.get(rowKey(name));
    if (one === undefined || seconds <= 0) return row;
    const work = repeatWork(one, times(name));
    return { ...row, work, rates: ratesOf(row, work, { timeline, roof, times: times(name) }) };
  });
  rows.sort((a, b) => b.seconds - a.seconds);
  return { threads, wallSeconds, rows, waitSeconds, idleSeconds, callerSeconds };
}

/** How often the work of a row was done: once a batch, or once an update. */
function timesCalled({ calls }: Timeline): (name: RowName) => number {
  const runs = calls.filter(({ call }) => call === 'run').length;
  const updates = calls.length - runs;
  return ({ stage }) => (stage === 'update' || stage === 'refresh' ? updates : runs);
}

interface RateContext {
  readonly timeline: Timeline;
  readonly roof: Roof | undefined;
  readonly times: number;
}

function ratesOf(
  { stage, calls, seconds }: Pick<ProfileRow, 'stage' | 'calls' | 'seconds'>,
  work: Work,
  { timeline, roof, times }: RateContext,
): Rates {
  const [flops, bytes] = [flopsOf(work.done), work.read + work.written];
  const rates = {
    flopsPerSecond: flops / seconds,
    denseFlopsPerSecond: flopsOf(work.dense) / seconds,
    bytesPerSecond: bytes / seconds,
    intensity: bytes === 0 ? 0 : flops / bytes,
  };
  if (roof === undefined || flops + bytes === 0) return rates;
  // A chunk's operands are met again soon, by the next operation; those of parameters and gradients a whole step later.
  const chunkwise = stage === 'forward' || stage === 'backward';
  const workingSet = chunkwise ? bytes / calls : bytes / times / timeline.threads;
  const { seconds: least, bound } = attainable(roof, { flops, bytes, workingSet });
  return { ...rates, roofShare: least / seconds, bound };
}
