// The table of a measured comparison: measured numbers with intervals, and words where there is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMachine, type FakeMachineOptions, PACKAGE } from '../../../test/fixtures/fake-machine.ts';
import { detectMeters } from '../../meters/index.ts';
import { type MeasuredContest, measureContest } from '../../timing/index.ts';
import { measuredNotes, measuredText } from '../index.ts';

async function contest(options: FakeMachineOptions, prepare: (machine: FakeMachine) => void = () => {}) {
  const machine = new FakeMachine({ noise: 0.01, ...options });
  const meters = await detectMeters(machine.system);
  prepare(machine);
  const of = (name: string, time: number) => ({
    ...{ name, engine: name === 'ANN' ? 'Spikewatt' : 'Another 1.0', most: 9 },
    open: (batch: number) => {
      const subject = machine.subject({ name, time, inferences: batch, correct: 0.8 });
      return { ...subject, batch, close: () => undefined };
    },
  });
  return measureContest([of('ANN', 0.01), of('SNN', 0.03)], 4, meters, {}, { world: machine });
}

const textOf = (one: MeasuredContest): string => measuredText(one, { width: 220, color: false });

test('with a meter: time, ratio and energy with their intervals, idle in and out, by correct answer', async () => {
  const one = await contest({ idle: () => 10 });
  const text = textOf(one);
  assert.match(text, /^Batches of 4\n/);
  assert.match(text, /Time × ANN +CPU time +Memory +Energy +ANN +Energy\/correct/);
  assert.match(text, /SNN +4 +7\.[45]\d +\(7\.\d+–7\.\d+\) +(2\.9|3\.0)\d \((2\.9|3\.0)\d–3\.\d+\)/);
  assert.match(text, /RAPL package-0, idle 10\.00? W before and 10\.00? W after/);
  assert.match(text, /SNN: Another 1\.0\./);
  assert.doesNotMatch(text, /not measurable|rejected|NaN/);
});

test('without one the energy column says so, and nothing is 0', async () => {
  const text = textOf(await contest({ meter: false }));
  assert.match(text, /SNN .*not measurable/);
  assert.match(text, /Energy: not measurable here: no powercap/);
  assert.doesNotMatch(text, / {2}0(\.0+)?(?: |$)/m);
});

test('what was refused is a word in the table and a reason below it', async () => {
  const idles = await contest({ idle: (time) => (time > 150 ? 20 : 10) });
  assert.match(textOf(idles), /SNN .*rejected/);
  assert.ok(measuredNotes(idles).some((note) => /^! rejected: idle took 10\.0 W before and 20\.0 W after/.test(note)));
  const busy = await contest({ meter: false }, (machine) => {
    let last = 0;
    machine.tick = () => {
      machine.others += machine.system.time - last;
      last = machine.system.time;
    };
  });
  assert.match(textOf(busy), /SNN +4 +rejected/);
  assert.ok(measuredNotes(busy).some((note) => /^! SNN: 10 of 10 trials dropped; the first because other/.test(note)));
  assert.match(
    measuredNotes(busy).at(-1)!,
    /^! Too few trials were left for a number; close other programs, or allow more of/,
  );
  const lost = await contest({}, (machine) => {
    machine.tick = () => {
      if (machine.now() > 100) machine.system.files.delete(`${PACKAGE}/energy_uj`);
    };
  });
  assert.match(textOf(lost), /SNN .*not measurable/);
  assert.ok(
    measuredNotes(lost).some((note) =>
      /^! unavailable: RAPL package-0, trial \d+ of 20: .*energy_uj: missing/.test(note),
    ),
  );
});
