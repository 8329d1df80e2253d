// The section of what was measured: numbers with intervals, words where there is none, and never an estimate among them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMachine } from '../../../test/fixtures/fake-machine.ts';
import { recordFixture } from '../../../test/fixtures/record.ts';
import { detectMeters } from '../../meters/index.ts';
import { parseRecord, type RunRecord, serialiseRecord } from '../../store/index.ts';
import { measureContest, summariseContest } from '../../timing/index.ts';
import { figuresOf, renderHtml } from '../index.ts';

/** The second network of the fixture takes three times as long as the first. */
async function measuredRecord(meter: boolean): Promise<RunRecord> {
  const record = recordFixture();
  const machine = new FakeMachine({ noise: 0.01, meter });
  const meters = await detectMeters(machine.system);
  const contestants = record.networks.slice(0, 2).map(({ name }, i) => ({
    ...{ name, engine: 'Spikewatt', most: 9 },
    open: (batch: number) => ({
      ...machine.subject({ name, time: i === 0 ? 0.01 : 0.03, inferences: batch, correct: 0.8 }),
      ...{ batch, close: () => undefined },
    }),
  }));
  const contest = await measureContest(contestants, 1, meters, {}, { world: machine });
  const { environment } = record;
  const measured = {
    ...{ measuredAt: '2026-01-02T03:04:05.000Z', environment, governor: null, onnx: 'not asked for' },
    contests: [summariseContest(contest)],
  };
  return { ...record, measured };
}

test('a record with it is read back as it was, and the page shows it', async () => {
  const record = await measuredRecord(false);
  assert.deepEqual(parseRecord(serialiseRecord(record, 'r.json'), 'r.json'), record);
  const page = await renderHtml(record);
  assert.match(page, /<section id="measured"><h2>Measured on this machine<\/h2>/);
  assert.match(page, /One image at a time, ANN took [\d.]+ ms an image; [^.]* (2\.9|3\.0)\d times that/);
  assert.match(page, /not measurable here: no powercap, no GPU/);
  assert.match(page, /10 of 10/);
  assert.match(page, /Everything in this section was measured there/);
});

test('with a meter the table has joules; the figure has the ratio with its interval', async () => {
  const record = await measuredRecord(true);
  const section = /<section id="measured">.*?<\/section>/s.exec(await renderHtml(record))![0];
  assert.doesNotMatch(section, /not measurable here/);
  assert.match(section, /RAPL package-0/);
  const figure = figuresOf(record).find(({ id }) => id === 'measured-ratios')!;
  assert.match(figure.alt, /one image at a time: (2\.9|3\.0)\d \((2\.9|3\.0)\d–3\.\d+\)/);
});

test('without it there is neither section nor figure', async () => {
  assert.doesNotMatch(await renderHtml(recordFixture()), /id="measured"/);
  assert.ok(!figuresOf(recordFixture()).some(({ id }) => id === 'measured-ratios'));
});

test('what does not fit together is refused', async () => {
  const record = await measuredRecord(false);
  const [contest] = record.measured!.contests;
  const holding = (changed: object): RunRecord => ({
    ...record,
    measured: { ...record.measured!, contests: [{ ...contest!, ...changed }] },
  });
  const stray = contest!.contestants.map((one, i) => (i === 0 ? { ...one, name: 'other' } : one));
  const subjects = contest!.result.subjects.map((one, i) => (i === 0 ? { ...one, name: 'other' } : one));
  const refused = (changed: object, message: RegExp): void => {
    assert.throws(() => serialiseRecord(holding(changed), 'r.json'), message);
  };
  refused({ contestants: stray }, /subjects\[0\]\.name: got "ANN", expected the contestant's, other/);
  refused(
    { contestants: stray, result: { ...contest!.result, subjects } },
    /contestants\[0\]\.name: got "other", expected a network of this run/,
  );
  refused(
    { result: { ...contest!.result, subjects: [] } },
    /result\.subjects: got \[\], expected 2 subjects, one a contestant/,
  );
});
