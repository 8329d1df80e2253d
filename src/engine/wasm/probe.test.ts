// What the probe notes: every operation of every chunk once, in order, inside the call, and no other result than without it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertSame } from '../../../test/closeness.ts';
import type { ConformanceCase } from '../../../test/conformance/cases.ts';
import { NETWORKS_TRAINED } from '../../../test/conformance/network-cases.ts';
import type { Program, Timeline } from '../index.ts';
import { wasmBackend } from './index.ts';

const backend = await wasmBackend({ threads: 2 });
after(() => backend.close());

const CASES = NETWORKS_TRAINED.filter(({ plan }) => plan.update.length > 0).slice(0, 4);

function open({ plan, parameters, batches }: ConformanceCase, probe: boolean): Program {
  const samples = Math.max(...batches.map((batch) => batch.samples));
  const program = backend.compile(plan, { samples, probe });
  for (const [id, values] of parameters) program.write(id, values);
  return program;
}

function train(program: Program, { batches }: ConformanceCase): void {
  for (const [step, batch] of batches.entries()) {
    program.run(batch);
    program.update({ learningRate: 0.01, step: step + 1 });
  }
}

const named = ({ operations }: Timeline, operation: number) => operations[operation]!;

for (const entry of CASES) {
  test(`${entry.name}: the same bits with the probe`, () => {
    const [plain, probed] = [open(entry, false), open(entry, true)];
    for (const program of [plain, probed]) train(program, entry);
    for (const { id } of entry.plan.parameters) assertSame(id, probed.read(id), plain.read(id));
    assert.equal(plain.timeline, undefined);
    for (const program of [plain, probed]) program.close();
  });

  test(`${entry.name}: every operation is noted, once a chunk or item`, () => {
    const program = open(entry, true);
    train(program, entry);
    const timeline = program.timeline!();
    const times = new Map<number, number>();
    for (const { operation } of timeline.events) times.set(operation, (times.get(operation) ?? 0) + 1);
    timeline.operations.forEach(({ kernel, stage }, operation) => {
      if (kernel !== 'wait') assert.ok(times.has(operation), `${stage} ${kernel} never ran`);
    });
    const forward = timeline.operations.flatMap(({ stage, index, kernel }, operation) =>
      stage === 'forward' && index !== undefined
        ? [{ kernel, planned: entry.plan.forward[index]!.kernel, operation }]
        : [],
    );
    assert.equal(forward.length, entry.plan.forward.length);
    assert.equal(new Set(forward.map(({ operation }) => times.get(operation))).size, 1);
    assert.ok(forward.every(({ kernel, planned }) => kernel === planned || planned === 'conv'));
    assert.deepEqual(program.timeline!().events, [], 'events are given once');
    program.close();
  });

  test(`${entry.name}: a thread does one thing at a time, within the calls`, () => {
    const program = open(entry, true);
    train(program, entry);
    const timeline = program.timeline!();
    assert.deepEqual(
      timeline.calls.map(({ call }) => call),
      entry.batches.flatMap(() => ['run', 'update']),
    );
    const [first, last] = [timeline.calls[0]!.begin, timeline.calls.at(-1)!.end];
    // Origins of the threads' clocks are known to a microsecond or so.
    const slack = 0.01;
    for (let thread = 0; thread < timeline.threads; thread++) {
      const own = timeline.events.filter((event) => event.thread === thread);
      for (const [i, { begin, end, operation }] of own.entries()) {
        assert.ok(
          begin >= first - slack && end <= last + slack,
          `${named(timeline, operation).kernel} outside its call`,
        );
        assert.ok(begin <= end && begin >= (own[i - 1]?.end ?? begin), 'events of a thread overlap');
      }
    }
    program.close();
  });
}

test('a closed program has given its memory back', () => {
  const entry = CASES[0]!;
  const before = backend.compile(entry.plan, { samples: 3 });
  before.close();
  for (let i = 0; i < 50; i++) open(entry, true).close();
  const again = backend.compile(entry.plan, { samples: 3 });
  assert.equal(again.bytes, before.bytes);
  again.close();
});
