// Every moment of every thread is settled, on timelines made by hand and on random ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TimedEvent, Timeline } from '../engine/index.ts';
import { accountOf } from './account.ts';

const OPERATIONS: Timeline['operations'] = [
  { kernel: 'dense', layer: 'fc', stage: 'forward', index: 0 },
  { kernel: 'relu', layer: 'act', stage: 'forward', index: 1 },
  { kernel: 'wait', layer: '', stage: 'forward' },
  { kernel: 'dense-gradient', layer: 'fc', stage: 'gradients', index: 0 },
  { kernel: 'wait', layer: '', stage: 'gradients' },
  { kernel: 'transpose', layer: 'fc', stage: 'refresh' },
];

const event = (thread: number, operation: number, item: number, begin: number, end: number): TimedEvent => ({
  ...{ thread, operation, item, begin, end },
});

const close = (actual: number, expected: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${what}: ${actual}, expected ${expected}`);

test('two threads, one call: kernels, waits, idle and the caller, to the microsecond', () => {
  const timeline: Timeline = {
    threads: 2,
    operations: OPERATIONS,
    calls: [{ call: 'run', begin: 100, end: 120 }],
    events: [
      // Thread 1 starts 1 ms late, waits for thread 0, and is done 2 ms before it.
      ...[event(0, 0, 0, 102, 106), event(0, 1, 0, 106, 107), event(0, 2, 0, 107, 107.5), event(0, 3, 0, 107.5, 117)],
      ...[event(1, 0, 1, 103, 105), event(1, 1, 1, 105, 106), event(1, 2, 0, 106, 107.5), event(1, 3, 1, 107.5, 115)],
    ],
  };
  const account = accountOf(timeline);
  assert.deepEqual([...account.busyCalls], [2, 2, 2, 2, 0, 0]);
  close(account.busySeconds[0]!, 6e-3, 'dense');
  close(account.busySeconds[1]!, 2e-3, 'relu');
  close(account.busySeconds[3]!, 17e-3, 'gradient');
  close(account.waitSeconds, 0.5e-3 + 1.5e-3 + 2e-3, 'waits, the last of which no event tells');
  close(account.callerSeconds, 2e-3 + 3e-3, 'the caller before and after');
  close(account.idleSeconds, 2e-3 + 1e-3 + 3e-3, 'thread 1 meanwhile, and until it started');
  close(account.wallSeconds, 20e-3, 'wall');
});

test('rounds and a refresh are runs of their own: between them the caller works', () => {
  const timeline: Timeline = {
    threads: 1,
    operations: OPERATIONS,
    calls: [{ call: 'run', begin: 0, end: 20 }],
    events: [
      ...[event(0, 5, 0, 1, 2), event(0, 0, 0, 4, 6), event(0, 0, 1, 6, 7)],
      ...[event(0, 0, 0, 10, 12), event(0, 0, 1, 12, 14)],
    ],
  };
  const account = accountOf(timeline);
  close(account.busySeconds[5]!, 1e-3, 'refresh');
  close(account.busySeconds[0]!, 7e-3, 'dense');
  close(account.callerSeconds, (1 + 2 + 3 + 6) * 1e-3, 'before, between and after');
  assert.deepEqual([account.waitSeconds, account.idleSeconds], [0, 0]);
});

test('a thread that found nothing to do waited', () => {
  const account = accountOf({
    ...{ threads: 2, operations: OPERATIONS, calls: [{ call: 'run', begin: 0, end: 10 }] },
    events: [event(0, 0, 0, 1, 5), event(0, 0, 1, 5, 9)],
  });
  close(account.waitSeconds, 8e-3, 'wait');
  close(account.idleSeconds, 2e-3, 'idle');
});

/** Calls one after the other, with events at random times in and around them. */
const timelines = fc
  .record({
    threads: fc.integer({ min: 1, max: 4 }),
    calls: fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 500 })), {
      minLength: 1,
      maxLength: 4,
    }),
    events: fc.array(
      fc.tuple(fc.nat(3), fc.nat(5), fc.nat(3), fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 90 })),
      { maxLength: 40 },
    ),
  })
  .map(({ threads, calls, events }): Timeline => {
    let now = 0;
    return {
      ...{ threads, operations: OPERATIONS },
      calls: calls.map(([pause, length]) => {
        const begin = now + pause;
        now = begin + length;
        return { call: 'run', begin, end: now };
      }),
      events: events.map(([thread, operation, item, begin, length]) =>
        event(thread % threads, operation, item, begin, begin + length),
      ),
    };
  });

test('whatever the events, nothing is lost and nothing counted twice', () => {
  fc.assert(
    fc.property(timelines, (timeline) => {
      const account = accountOf(timeline);
      const { wallSeconds, threads, busySeconds, waitSeconds, idleSeconds, callerSeconds } = account;
      const parts = [...busySeconds, waitSeconds, idleSeconds, callerSeconds];
      assert.ok(parts.every((part) => part >= 0));
      close(
        parts.reduce((sum, part) => sum + part, 0),
        threads * wallSeconds,
        'sum',
      );
    }),
  );
});
