import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DENIED, type FakeFile, FakeSystem, inFolder } from '../../test/fixtures/fake-system.ts';
import { findHwmon, HWMON, sensorFiles } from './hwmon.ts';

const chip = (index: number, files: Record<string, FakeFile>): Record<string, FakeFile> =>
  inFolder(`${HWMON}/hwmon${index}`, files);

test('a graphics chip gives watts, a processor module joules a socket, an ACPI meter the whole machine', async () => {
  const view = new FakeSystem({
    ...chip(0, { name: 'amdgpu\n', power1_average: '35000000\n', power1_label: 'PPT\n', temp1_input: '51000' }),
    ...chip(1, {
      name: 'amd_energy\n',
      energy1_input: '1\n',
      energy1_label: 'Ecore000\n',
      energy2_input: '7250000\n',
      energy2_label: 'Esocket0\n',
    }),
    ...chip(2, { name: 'power_meter', power1_average: '180000000' }),
    ...chip(3, { name: 'k10temp', temp1_input: '40000' }),
    ...chip(4, { name: 'corsairpsu', power1_input: '90000000', power1_label: 'power total', power2_input: '1' }),
  });
  view.time = 5;
  const { available, unavailable } = await findHwmon(view);
  assert.deepEqual(unavailable, []);
  assert.deepEqual(
    available.map(({ id, label, covers, addable }) => [id, label, covers, addable]),
    [
      ['hwmon/hwmon0/power1_average', 'AMD GPU PPT (hwmon0)', 'chip', undefined],
      ['hwmon/hwmon1/energy2_input', 'AMD processor Esocket0 (hwmon1)', 'package', 'processor sockets'],
      ['hwmon/hwmon2/power1_average', 'ACPI power meter (hwmon2)', 'system', undefined],
      ['hwmon/hwmon4/power1_input', 'Corsair power supply power total (hwmon4)', 'system', undefined],
    ],
  );
  const readings = await Promise.all(available.map((meter) => meter.read()));
  assert.deepEqual(readings, [
    { quantity: 'power', at: 5, power: 35 },
    { quantity: 'energy', at: 5, energy: 7.25 },
    { quantity: 'power', at: 5, power: 180 },
    { quantity: 'power', at: 5, power: 90 },
  ]);
});

test('of one power the average is taken, of a chip with counters the counters', () => {
  assert.deepEqual(sensorFiles(['power1_average', 'power1_input', 'power2_input', 'power1_cap']), [
    'power1_average',
    'power2_input',
  ]);
  assert.deepEqual(sensorFiles(['power1_input', 'energy1_input', 'energy1_label']), ['energy1_input']);
  assert.deepEqual(sensorFiles(['in1_input']), []);
});

test('closed, sleeping and unknown chips are said, each with a remedy', async () => {
  const view = new FakeSystem({
    ...chip(0, { name: 'amd_energy', energy1_input: DENIED, energy1_label: 'Esocket0' }),
    ...chip(1, { name: 'amdgpu', power1_input: { problem: 'failed' } }),
    ...chip(2, { name: 'ina226', power1_input: '5' }),
    ...chip(3, { name: 'constructor', power1_input: '5' }),
  });
  const { available, unavailable } = await findHwmon(view);
  assert.deepEqual(available, []);
  const said = unavailable.map(({ label, reason, remedy }) => `${label} | ${reason} | ${remedy}`);
  assert.match(said[0]!, /^AMD processor Esocket0 \(hwmon0\) \| .*denied.* \| sudo chmod a\+r/);
  assert.match(said[1]!, /^AMD GPU \(hwmon1\) \| .*power1_input: failed.* \| wake the device/);
  assert.match(said[2]!, /^hwmon ina226 \| has a power sensor, but what it covers is not known/);
  assert.match(said[3]!, /^hwmon constructor \| has a power sensor/);
});

test('without hwmon there is one line', async () => {
  const { unavailable } = await findHwmon(new FakeSystem());
  assert.deepEqual(
    unavailable.map(({ reason, brief }) => [reason, brief]),
    [['no energy or power sensor below /sys/class/hwmon', 'no GPU']],
  );
});

test('whatever the files hold, looking never fails and readings are finite and not negative', async () => {
  const file = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.constantFrom<FakeFile>(DENIED, { problem: 'failed' }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('amdgpu', 'zenergy', 'xe', 'toString', ''),
      file,
      file,
      async (name, value, label) => {
        const files = { name, energy1_input: value, energy1_label: label };
        for (const meter of (await findHwmon(new FakeSystem(chip(0, files)))).available) {
          const reading = await meter.read();
          assert.ok(reading.quantity === 'energy' && Number.isFinite(reading.energy) && reading.energy >= 0);
        }
      },
    ),
    { numRuns: 200 },
  );
});
