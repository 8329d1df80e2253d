// The trace against a schema of the Trace Event Format's fields, and what it says against the timeline.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { z } from 'zod';
import { NETWORKS_TRAINED } from '../../test/conformance/network-cases.ts';
import { type Timeline, wasmBackend } from '../engine/index.ts';
import { chromeTrace } from './chrome-trace.ts';

const backend = await wasmBackend({ threads: 2 });
after(() => backend.close());

const placed = { pid: z.number().int(), tid: z.number().int().nonnegative(), name: z.string().min(1) };
const schema = z.strictObject({
  displayTimeUnit: z.literal('ms'),
  traceEvents: z.array(
    z.discriminatedUnion('ph', [
      z.strictObject({
        ...{ ...placed, ph: z.literal('X'), cat: z.string().min(1), ts: z.number().nonnegative() },
        ...{ dur: z.number().nonnegative(), args: z.record(z.string(), z.union([z.string(), z.number()])) },
      }),
      z.strictObject({
        ...{ ...placed, ph: z.literal('C'), ts: z.number().nonnegative() },
        args: z.record(z.string(), z.number()),
      }),
      z.strictObject({
        ...{ ...placed, ph: z.literal('M'), name: z.enum(['process_name', 'thread_name', 'thread_sort_index']) },
        args: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ]),
  ),
  otherData: z.record(z.string(), z.union([z.string(), z.number()])),
});

function timelineOfSteps(): Timeline {
  const entry = NETWORKS_TRAINED.find(({ plan }) => plan.update.length > 0)!;
  const program = backend.compile(entry.plan, { samples: 64, probe: true });
  for (const [id, values] of entry.parameters) program.write(id, values);
  for (const batch of entry.batches) {
    program.run(batch);
    program.update({ learningRate: 0, step: 1 });
  }
  const timeline = program.timeline!();
  program.close();
  return timeline;
}

test('a real timeline gives a valid trace, through JSON too', () => {
  const timeline = timelineOfSteps();
  const trace = chromeTrace(timeline, 'a network', { batchSize: 3 });
  const read = schema.parse(JSON.parse(JSON.stringify(trace)));
  const complete = read.traceEvents.filter((event) => event.ph === 'X');
  assert.equal(complete.length, timeline.events.length + timeline.calls.length);
  const named = read.traceEvents.filter((event) => event.name === 'thread_name').map(({ args }) => args.name);
  assert.deepEqual(named, ['calls', 'thread 0 (caller)', 'thread 1']);
  assert.ok(complete.some(({ cat, args }) => cat === 'gradients' && args.kernel === 'dense-gradient'));
  assert.deepEqual(trace.otherData, { batchSize: 3 });
});

test('times are microseconds since the first call; the counter follows the threads that run kernels', () => {
  const operations = [
    { kernel: 'dense', layer: 'fc', stage: 'forward', index: 0 },
    { kernel: 'wait', layer: '', stage: 'forward' },
  ] as const;
  const { traceEvents } = chromeTrace(
    {
      ...{ threads: 2, operations, calls: [{ call: 'run', begin: 1000, end: 1010 }] },
      events: [
        { thread: 0, operation: 0, item: 0, begin: 1001, end: 1004 },
        { thread: 1, operation: 0, item: 1, begin: 1002.5, end: 1003 },
        { thread: 1, operation: 1, item: 0, begin: 1003, end: 1004 },
      ],
    },
    'n',
  );
  const complete = traceEvents.flatMap((event) => (event.ph === 'X' ? [event] : []));
  assert.deepEqual(
    complete.map(({ name, cat, tid, ts, dur }) => [name, cat, tid, ts, dur]),
    [
      ['run', 'call', 2, 0, 10_000],
      ['fc dense', 'forward', 0, 1000, 3000],
      ['fc dense', 'forward', 1, 2500, 500],
      ['wait', 'wait', 1, 3000, 1000],
    ],
  );
  const counted = traceEvents.flatMap((event) => (event.ph === 'C' ? [[event.ts, event.args.threads]] : []));
  assert.deepEqual(counted, [
    ...[
      [1000, 1],
      [2500, 2],
    ],
    ...[
      [3000, 1],
      [4000, 0],
    ],
  ]);
});
