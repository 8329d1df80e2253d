// A timeline as a Chrome trace: https://ui.perfetto.dev and chrome://tracing show it. The format is the "JSON Object Format" of the
// Trace Event Format document (Google, 2016).

import type { TimedEvent, Timeline } from '../engine/index.ts';

export interface ChromeTrace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
  readonly otherData: Readonly<Record<string, string | number>>;
}

export type TraceEvent = CompleteEvent | CounterEvent | MetadataEvent;

interface Placed {
  readonly pid: number;
  readonly tid: number;
}

/** Something with a beginning and an end. Times are microseconds. */
interface CompleteEvent extends Placed {
  readonly ph: 'X';
  readonly name: string;
  readonly cat: string;
  readonly ts: number;
  readonly dur: number;
  readonly args: Readonly<Record<string, string | number>>;
}

interface CounterEvent extends Placed {
  readonly ph: 'C';
  readonly name: string;
  readonly ts: number;
  readonly args: Readonly<Record<string, number>>;
}

interface MetadataEvent extends Placed {
  readonly ph: 'M';
  readonly name: 'process_name' | 'thread_name' | 'thread_sort_index';
  readonly args: Readonly<Record<string, string | number>>;
}

const PID = 1;

/** Times count from the first call. `title` names the process, `about` goes along as it is. */
export function chromeTrace(
  timeline: Timeline,
  title: string,
  about: Readonly<Record<string, string | number>> = {},
): ChromeTrace {
  const { threads, calls, events, operations } = timeline;
  const begins = [...calls, ...events].map(({ begin }) => begin);
  const origin = begins.reduce((least, begin) => Math.min(least, begin), Number.POSITIVE_INFINITY);
  const time = (milliseconds: number): number => Math.round((milliseconds - origin) * 1e6) / 1e3;
  const callTrack = threads;
  const complete = (tid: number, name: string, cat: string, { begin, end }: Pick<TimedEvent, 'begin' | 'end'>) =>
    ({ ph: 'X', pid: PID, tid, name, cat, ts: time(begin), dur: Math.max(0, time(end) - time(begin)) }) as const;
  return {
    displayTimeUnit: 'ms',
    traceEvents: [
      ...metadata(title, threads, callTrack),
      ...calls.map((call) => ({ ...complete(callTrack, call.call, 'call', call), args: {} })),
      ...events.map((event) => {
        const { kernel, layer, stage } = operations[event.operation]!;
        const name = layer === '' ? kernel : `${layer} ${kernel}`;
        return {
          ...complete(event.thread, name, kernel === 'wait' ? 'wait' : stage, event),
          args: { kernel, layer, stage, item: event.item },
        };
      }),
      ...busyThreads(timeline, time),
    ],
    otherData: about,
  };
}

function metadata(title: string, threads: number, callTrack: number): MetadataEvent[] {
  const named = (tid: number, name: string): MetadataEvent[] => [
    { ph: 'M', pid: PID, tid, name: 'thread_name', args: { name } },
    { ph: 'M', pid: PID, tid, name: 'thread_sort_index', args: { sort_index: tid === callTrack ? -1 : tid } },
  ];
  return [
    { ph: 'M', pid: PID, tid: 0, name: 'process_name', args: { name: title } },
    ...named(callTrack, 'calls'),
    ...Array.from({ length: threads }, (_, k) => named(k, k === 0 ? 'thread 0 (caller)' : `thread ${k}`)).flat(),
  ];
}

/** A counter of the threads that run kernels, at each moment it changes. */
function busyThreads({ events, operations }: Timeline, time: (milliseconds: number) => number): CounterEvent[] {
  const changes = new Map<number, number>();
  const change = (at: number, by: number): void => void changes.set(at, (changes.get(at) ?? 0) + by);
  for (const { operation, begin, end } of events) {
    if (operations[operation]!.kernel === 'wait') continue;
    change(time(begin), 1);
    change(time(end), -1);
  }
  let busy = 0;
  return [...changes]
    .filter(([, by]) => by !== 0)
    .sort(([a], [b]) => a - b)
    .map(([ts, by]) => {
      busy += by;
      return { ph: 'C', pid: PID, tid: 0, name: 'busy threads', ts, args: { threads: busy } };
    });
}
