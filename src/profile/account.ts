// Where the threads' time went: every millisecond of every thread during the calls of a program is a kernel's, a wait at a barrier,
// idle, or the caller's own. The four add up to threads times wall time by construction.

import type { TimedEvent, Timeline } from '../engine/index.ts';

/** Seconds of threads. */
export interface Account {
  readonly threads: number;
  /** Of all calls of the program, by the caller's clock. */
  readonly wallSeconds: number;
  /** By operation, as `Timeline.operations` counts them. */
  readonly busySeconds: Float64Array;
  readonly busyCalls: Int32Array;
  /** Waiting for other threads at a barrier. */
  readonly waitSeconds: number;
  /** Workers that were not started yet, or had nothing to do while the caller worked. */
  readonly idleSeconds: number;
  /** The caller's own work around the kernels: staging, copying, starting threads. */
  readonly callerSeconds: number;
}

interface Span {
  readonly begin: number;
  readonly end: number;
}

class Ledger {
  readonly seconds: Float64Array;
  readonly calls: Int32Array;
  wait = 0;
  idle = 0;
  caller = 0;
  private readonly timeline: Timeline;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
    this.seconds = new Float64Array(timeline.operations.length);
    this.calls = new Int32Array(timeline.operations.length);
  }

  call(call: Span, events: readonly TimedEvent[]): void {
    let from = call.begin;
    for (const run of runsOf(this.timeline, events)) {
      const begin = within(Math.min(...run.map((event) => event.begin)), from, call.end);
      const end = within(Math.max(...run.map((event) => event.end)), begin, call.end);
      this.outside(begin - from);
      this.run({ begin, end }, run);
      from = end;
    }
    this.outside(call.end - from);
  }

  /** While no kernel runs, the caller works and the others have nothing to do. */
  private outside(milliseconds: number): void {
    this.caller += milliseconds / 1e3;
    this.idle += ((this.timeline.threads - 1) * milliseconds) / 1e3;
  }

  private run(run: Span, events: readonly TimedEvent[]): void {
    for (let thread = 0; thread < this.timeline.threads; thread++) {
      let from = run.begin;
      for (const event of events) {
        if (event.thread !== thread) continue;
        const begin = within(event.begin, from, run.end);
        const end = within(event.end, begin, run.end);
        this.idle += (begin - from) / 1e3;
        this.note(event.operation, (end - begin) / 1e3);
        from = end;
      }
      // The wait at the last barrier of a run is not noted by the threads.
      this.wait += (run.end - from) / 1e3;
    }
  }

  private note(operation: number, seconds: number): void {
    this.calls[operation]!++;
    if (this.timeline.operations[operation]!.kernel === 'wait') this.wait += seconds;
    else this.seconds[operation]! += seconds;
  }
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/**
 * Cuts the events of a call, in order of time, into runs of a table of phases: a batch takes several where it is run in rounds, and
 * weights are refreshed before the first. In one run nothing is executed twice, so the second time begins the next run.
 */
function runsOf({ operations }: Timeline, events: readonly TimedEvent[]): TimedEvent[][] {
  const runs: TimedEvent[][] = [];
  const seen = new Set<string>();
  let refreshing = false;
  for (const event of events) {
    const { kernel, stage } = operations[event.operation]!;
    const key = `${event.operation} ${event.item} ${kernel === 'wait' ? event.thread : ''}`;
    if (runs.length === 0 || seen.has(key) || (refreshing && stage !== 'refresh')) {
      runs.push([]);
      seen.clear();
    }
    seen.add(key);
    refreshing = stage === 'refresh';
    runs.at(-1)!.push(event);
  }
  return runs;
}

/** Settles every moment of every thread within the timeline's calls. */
export function accountOf(timeline: Timeline): Account {
  const { threads, calls } = timeline;
  const ledger = new Ledger(timeline);
  const events = [...timeline.events].sort((a, b) => a.begin - b.begin);
  let next = 0;
  for (const [k, call] of calls.entries()) {
    const until = calls[k + 1]?.begin ?? Number.POSITIVE_INFINITY;
    const from = next;
    while (next < events.length && events[next]!.begin < until) next++;
    ledger.call(call, events.slice(from, next));
  }
  return {
    threads,
    wallSeconds: calls.reduce((sum, { begin, end }) => sum + end - begin, 0) / 1e3,
    busySeconds: ledger.seconds,
    busyCalls: ledger.calls,
    waitSeconds: ledger.wait,
    idleSeconds: ledger.idle,
    callerSeconds: ledger.caller,
  };
}
