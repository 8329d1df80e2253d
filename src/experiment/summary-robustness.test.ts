import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFixture } from '../../test/fixtures/record.ts';
import { robustnessFixture } from '../../test/fixtures/robustness.ts';
import { summariseRecord, summarySchema } from './summary.ts';

const result = robustnessFixture(['ANN', 'SNN T=20']);

test('the document of a record has its robustness, and obeys the schema', () => {
  const document = JSON.parse(JSON.stringify(summariseRecord({ ...recordFixture(), robustness: result })));
  const { robustness } = summarySchema.parse(document);
  assert.ok(robustness !== null && robustness.attack !== null);
  const [gaussian, mismatch] = robustness.noise;
  assert.deepEqual(
    gaussian!.networks.map(({ accuracy }) => accuracy.length),
    [3, 3],
  );
  assert.equal(gaussian!.networks[0]!.difference, null);
  assert.equal(gaussian!.networks[1]!.difference!.length, 3);
  assert.equal(mismatch!.networks[0]!.notApplicable, 'an ANN has no thresholds');
  const { accuracy, high } = {
    accuracy: gaussian!.networks[0]!.accuracy[1],
    high: gaussian!.networks[0]!.accuracyInterval[1]![1],
  };
  assert.equal(accuracy, result.noise[0]!.curves[0]!.points[1]!.accuracy.value);
  assert.equal(high, result.noise[0]!.curves[0]!.points[1]!.accuracy.high);
});

test('masked lines, attacks that were not run everywhere, and sources of transfer are told', () => {
  const { attack } = summariseRecord({ ...recordFixture(), robustness: result }).robustness!;
  const masked = attack!.lines.filter(({ evidence }) => !evidence);
  assert.deepEqual(
    masked.map(({ network, role, alarms }) => [network, role, alarms[0]!.kind]),
    [['SNN T=20', 'naive', 'zero-gradients']],
  );
  const square = attack!.lines.find(({ role }) => role === 'black-box')!;
  assert.deepEqual([square.accuracy[1], square.accuracyInterval[1], square.samples[1]], [null, null, null]);
  assert.deepEqual(
    attack!.lines.filter(({ role }) => role === 'transfer').map(({ network, from }) => [network, from]),
    [
      ['ANN', 'SNN T=20'],
      ['SNN T=20', 'ANN'],
    ],
  );
});

test('a record without it says null', () => {
  assert.equal(summariseRecord(recordFixture()).robustness, null);
});
