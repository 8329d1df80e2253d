import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DENIED, type FakeFile, FakeSystem, inFolder } from '../../test/fixtures/fake-system.ts';
import { findBattery, POWER_SUPPLY } from './battery.ts';
import { MeterError } from './meter-error.ts';

const supply = (name: string, files: Record<string, FakeFile>): Record<string, FakeFile> =>
  inFolder(`${POWER_SUPPLY}/${name}`, files);
const MAINS = supply('AC', { type: 'Mains\n', online: '0\n' });

test('a battery that feeds the machine gives its power, or current times voltage, whatever their sign', async () => {
  const byPower = { type: 'Battery\n', status: 'Discharging\n', power_now: '8400000\n' };
  const byCurrent = {
    type: 'Battery\n',
    status: 'Discharging\n',
    current_now: '-1500000\n',
    voltage_now: '12000000\n',
  };
  for (const [files, power] of [
    [byPower, 8.4],
    [byCurrent, 18],
  ] as const) {
    const view = new FakeSystem({ ...MAINS, ...supply('BAT0', files) });
    view.time = 2;
    const { available, unavailable } = await findBattery(view);
    assert.deepEqual(unavailable, []);
    assert.deepEqual([available[0]!.label, available[0]!.covers], ['Battery BAT0', 'system']);
    const reading = await available[0]!.read();
    assert.ok(reading.quantity === 'power' && Math.abs(reading.power - power) < 1e-9 && reading.at === 2);
  }
});

test('two batteries are one meter of the machine; one of a mouse is none', async () => {
  const view = new FakeSystem({
    ...supply('BAT0', { type: 'Battery', status: 'Discharging', power_now: '5000000' }),
    ...supply('BAT1', { type: 'Battery', status: 'Not charging', power_now: '0' }),
    ...supply('hidpp_battery_0', { type: 'Battery', scope: 'Device', status: 'Discharging', power_now: '1' }),
  });
  const { available } = await findBattery(view);
  assert.deepEqual(
    available.map(({ label }) => label),
    ['Battery BAT0 + BAT1'],
  );
  const reading = await available[0]!.read();
  assert.ok(reading.quantity === 'power' && reading.power === 5);
});

test('on the charger it shows nothing of the machine, and the remedy is to unplug', async () => {
  for (const status of ['Charging\n', 'Full\n', 'Unknown\n', '']) {
    const view = new FakeSystem(supply('BAT0', { type: 'Battery', status, power_now: '9000000' }));
    const { available, unavailable } = await findBattery(view);
    assert.deepEqual(available, []);
    assert.match(unavailable[0]!.reason, /it shows the machine only when discharging$/);
    assert.match(unavailable[0]!.remedy, /^unplug the charger/);
  }
});

test('a charger plugged in half-way ends the readings', async () => {
  const view = new FakeSystem(supply('BAT0', { type: 'Battery', status: 'Discharging', power_now: '9000000' }));
  const [meter] = (await findBattery(view)).available;
  view.files.set(`${POWER_SUPPLY}/BAT0/status`, 'Charging\n');
  await assert.rejects(meter!.read(), { name: 'MeterError', message: /BAT0: is Charging; it shows/ });
});

test('no battery, no value, 0 W and a closed file are told apart', async () => {
  const reason = async (files: Record<string, FakeFile>): Promise<string> => {
    const { available, unavailable } = await findBattery(new FakeSystem(files));
    assert.deepEqual(available, []);
    return unavailable[0]!.reason;
  };
  const battery = { type: 'Battery', status: 'Discharging' };
  assert.equal(await reason(MAINS), 'this machine has none');
  assert.match(await reason(supply('BAT0', battery)), /current_now: missing/);
  assert.match(await reason(supply('BAT0', { ...battery, power_now: '0' })), /discharges at 0 W, which cannot be/);
  assert.match(await reason(supply('BAT0', { ...battery, power_now: DENIED })), /power_now: denied/);
});

test('whatever the files hold, power is finite and above 0, or there is no meter', async () => {
  const file = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.constantFrom<FakeFile>(DENIED, { problem: 'missing' }),
  );
  await fc.assert(
    fc.asyncProperty(file, file, file, async (power_now, current_now, voltage_now) => {
      const files = { type: 'Battery', status: 'Discharging', power_now, current_now, voltage_now };
      for (const meter of (await findBattery(new FakeSystem(supply('BAT0', files)))).available) {
        const reading = await meter.read().catch((error: unknown) => assert.ok(error instanceof MeterError));
        assert.ok(reading?.quantity === 'power' && Number.isFinite(reading.power) && reading.power > 0);
      }
    }),
    { numRuns: 200 },
  );
});
