import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DENIED, FakeSystem, inFolder, raplZone } from '../../test/fixtures/fake-system.ts';
import { joules, type Seconds, seconds, watts } from '../core/index.ts';
import type { Meter, Reading } from './meter.ts';
import { MeterError } from './meter-error.ts';
import { shortestWindow } from './meter-track.ts';
import { addUp, type EnergyOutcome, outcomeProblem } from './outcome.ts';
import { findRapl, POWERCAP } from './rapl.ts';
import { measureEnergy, openWindow } from './window.ts';

/** A machine with these RAPL zones. */
function machine(zones: Record<string, { watts: number; from?: number; range?: number; name?: string }>): FakeSystem {
  const view: FakeSystem = new FakeSystem();
  for (const [key, { watts, name = 'package-0', ...counter }] of Object.entries(zones)) {
    const files = inFolder(
      `${POWERCAP}/${key}`,
      raplZone(
        () => view,
        name,
        () => watts,
        counter,
      ),
    );
    for (const [path, file] of Object.entries(files)) view.files.set(path, file);
  }
  return view;
}

/** Opens a window, lets the clock go on in steps with a reading at each, and stops. */
async function measure(view: FakeSystem, duration: number, step: number): Promise<readonly EnergyOutcome[]> {
  const { available } = await findRapl(view);
  const window = await openWindow(available, { clock: view.now, background: false });
  for (let passed = step; passed < duration - 1e-9; passed += step) {
    view.time += step;
    await window.sample();
  }
  view.time = window.start + duration;
  return window.stop();
}

/** What the outcome measured. */
function measured(outcome: EnergyOutcome | undefined) {
  assert.equal(outcome?.kind, 'measured', JSON.stringify(outcome));
  return outcome as Extract<EnergyOutcome, { kind: 'measured' }>;
}

const near = (got: number, expected: number, relative: number): void =>
  assert.ok(Math.abs(got - expected) <= relative * expected, `got ${got}, expected ${expected}`);

test('a known power is measured within 1 %, through a wrap of the counter too', async () => {
  const plain = measured((await measure(machine({ 'intel-rapl:0': { watts: 37 } }), 30, 10))[0]);
  near(plain.energy, 37 * 30, 0.01);
  near(plain.power, 37, 0.01);
  assert.deepEqual([plain.wraps, plain.readings, plain.time, plain.longestGap], [0, 4, 30, 10]);
  near(plain.edge, 0.037, 0.01);
  const range = 65_712_999_613;
  const over = machine({ 'intel-rapl:0': { watts: 37, from: range - 500_000_000, range } });
  const wrapped = measured((await measure(over, 30, 10))[0]);
  near(wrapped.energy, 37 * 30, 0.01);
  assert.equal(wrapped.wraps, 1);
});

test('any power, start of the counter and range: the energy is right and the wraps are counted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0.5, max: 400, noNaN: true }),
      fc.integer({ min: 0, max: 65e9 }),
      fc.integer({ min: 7, max: 90 }),
      async (watts, from, duration) => {
        const range = 65_712_999_613;
        const view = machine({ 'intel-rapl:0': { watts, from, range } });
        const result = measured((await measure(view, duration, 9))[0]);
        near(result.energy, watts * duration, 1e-5);
        assert.equal(result.wraps, from + watts * duration * 1e6 >= range ? 1 : 0);
      },
    ),
    { numRuns: 100 },
  );
});

test('packages add up, parts and the whole machine do not enter the sum', async () => {
  const view = machine({
    'intel-rapl:0': { watts: 10 },
    'intel-rapl:0:0': { watts: 6, name: 'core' },
    'intel-rapl:1': { watts: 20, name: 'package-1' },
    'intel-rapl:2': { watts: 50, name: 'psys' },
  });
  const outcomes = await measure(view, 20, 10);
  const [sum, ...others] = addUp(outcomes);
  assert.deepEqual(others, []);
  assert.deepEqual([sum!.group, sum!.meters], ['processor packages', ['rapl/intel-rapl:0', 'rapl/intel-rapl:1']]);
  near(sum!.energy!, 30 * 20, 1e-6);
  view.files.set(`${POWERCAP}/intel-rapl:1/energy_uj`, DENIED);
  const half = addUp(await measure(view, 20, 10));
  near(half[0]!.energy!, 10 * 20, 1e-6);
});

test('a meter that vanishes is interrupted, with what it had counted; the others go on', async () => {
  const view = machine({ 'intel-rapl:0': { watts: 10 }, 'intel-rapl:1': { watts: 20, name: 'package-1' } });
  const { available } = await findRapl(view);
  const window = await openWindow(available, { clock: view.now, background: false });
  view.time = 8;
  await window.sample();
  view.files.delete(`${POWERCAP}/intel-rapl:0/energy_uj`);
  view.time = 12;
  await window.sample();
  view.time = 20;
  const outcomes = await window.stop();
  const [gone, whole] = outcomes;
  assert.equal(gone!.kind, 'interrupted');
  assert.ok(gone!.kind === 'interrupted' && gone.energySoFar === 80 && gone.timeSoFar === 8 && gone.at === 12);
  assert.match(outcomeProblem(gone!), /^interrupted at 12\.0 s because \/sys\/.*energy_uj: missing/);
  near(measured(whole).energy, 400, 1e-6);
  assert.equal(addUp(outcomes)[0]!.energy, undefined);
  assert.equal(await window.stop(), outcomes);
});

test('a counter that jumps, goes back, or was left unread too long is interrupted, not believed', async () => {
  const jump = async (from: string, to: string, range: string, after: number): Promise<string> => {
    const path = `${POWERCAP}/intel-rapl:0/energy_uj`;
    const view = machine({ 'intel-rapl:0': { watts: 1 } });
    view.files.set(path, from).set(`${POWERCAP}/intel-rapl:0/max_energy_range_uj`, range);
    const window = await openWindow((await findRapl(view)).available, { clock: view.now, background: false });
    view.files.set(path, to);
    view.time += after;
    const [outcome] = await window.stop();
    assert.equal(outcome!.kind, 'interrupted');
    return outcomeProblem(outcome as Extract<EnergyOutcome, { kind: 'interrupted' }>);
  };
  assert.match(await jump('90000000', '1', '0', 10), /its counter went back by 90\.00 J, and it does not wrap/);
  assert.match(
    await jump('90000000', '1', '262143328850', 10),
    /moved by 2\.621e\+5 J in 10\.0 s, more than 5000 W; it was reset/,
  );
  assert.match(
    await jump('1', '2', '65712999613', 200),
    /not read for 200 s, .* of 65713 J may have wrapped unseen; .*sample\(\)/,
  );
});

test('a counter that does not move is not 0 J but unavailable; so is a meter that cannot be read at all', async () => {
  const view = machine({ 'intel-rapl:0': { watts: 0 }, 'intel-rapl:1': { watts: 3, name: 'package-1' } });
  const { available } = await findRapl(view);
  view.files.clear();
  view.files
    .set(`${POWERCAP}/intel-rapl:0/energy_uj`, '5')
    .set(`${POWERCAP}/intel-rapl:0/max_energy_range_uj`, '65712999613');
  const window = await openWindow(available, { clock: view.now, background: false });
  view.time = 0.01;
  const [still, never] = await window.stop();
  assert.ok(still!.kind === 'unavailable' && never!.kind === 'unavailable');
  assert.match(outcomeProblem(still), /RAPL package-0 did not move in 0\.010 s; measure for 10 s or more/);
  assert.match(outcomeProblem(never), /energy_uj: missing/);
});

/** A power meter of this course, which waits for `averagedOver`. */
function powerMeter(view: FakeSystem, power: (time: number) => number, averagedOver = 0): Meter {
  return {
    ...PLAIN,
    read: async (): Promise<Reading> => ({
      quantity: 'power',
      at: view.now(),
      power: watts(power(view.time - averagedOver / 2)),
      averagedOver: seconds(averagedOver),
      beside: [{ name: 'clock', value: 1e9 + view.time, unit: 'Hz' }],
    }),
  };
}

const PLAIN: Meter = {
  id: 'm',
  label: 'M',
  quantity: 'power',
  covers: 'board',
  period: seconds(0.5),
  step: 0.1,
  readEvery: seconds(0.002),
  permission: 'none',
  note: '',
  read: async () => ({ quantity: 'power', at: seconds(0), power: watts(1) }),
};

test('power is integrated: a ramp exactly, an averaged reading at the middle of its time', async () => {
  for (const averagedOver of [0, 1]) {
    const view = new FakeSystem();
    view.time = 3;
    const ramp = powerMeter(view, (time) => 10 + 4 * time, averagedOver);
    const window = await openWindow([ramp], { clock: view.now, background: false });
    for (const time of [3.7, 4.2, 6, 8.1]) {
      view.time = time;
      await window.sample();
    }
    view.time = 9;
    const result = measured((await window.stop())[0]);
    // The integral of 10 + 4t from 3 to 9 is 204 J. With averages the last half second is held at its last known value, 0.5 J less.
    near(result.energy, averagedOver === 0 ? 204 : 203.5, 1e-9);
    near(result.longestGap, 2.1, 1e-9);
    assert.equal(result.readings, 6);
    assert.deepEqual(result.beside[0], {
      name: 'clock',
      unit: 'Hz',
      least: 1e9 + 3,
      mean: 1e9 + 34 / 6,
      most: 1e9 + 9,
    });
  }
});

test('in the background meters are read at their pace, one reading at a time, and none after the end', async () => {
  let [readings, atOnce, most] = [0, 0, 0];
  const slow: Meter = {
    ...PLAIN,
    read: async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 3));
      atOnce -= 1;
      return { quantity: 'power', at: seconds(performance.now() / 1000), power: watts(5 + (readings++ % 2)) };
    },
  };
  const { value, outcomes } = await measureEnergy([slow], async () => {
    while (readings < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    return 'done';
  });
  const result = measured(outcomes[0]);
  assert.equal(value, 'done');
  assert.equal(result.readings, readings);
  assert.equal(most, 1);
  assert.ok(result.power > 5 && result.power < 6 && result.time > 0, `${result.power} W`);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(result.readings, readings);
});

test('work that fails throws its own error, and nothing is read afterwards', async () => {
  let readings = 0;
  const counting: Meter = { ...PLAIN, read: () => Promise.resolve({ ...ONE, at: seconds(readings++) }) };
  const failing = measureEnergy([counting], async () => {
    throw new RangeError('work failed');
  });
  await assert.rejects(failing, /work failed/);
  const then = readings;
  await new Promise((resolve) => setTimeout(resolve, 15));
  assert.equal(readings, then);
});

const ONE = { quantity: 'power', power: watts(1) } as const;

test('an error that is no meter error is not swallowed', async () => {
  let readings = 0;
  const broken: Meter = {
    ...PLAIN,
    read: async () => {
      readings += 1;
      if (readings > 1) throw new TypeError('a fault of ours');
      return { ...ONE, at: seconds(0) };
    },
  };
  const window = await openWindow([broken]);
  await new Promise((resolve) => setTimeout(resolve, 15));
  await assert.rejects(window.stop(), /a fault of ours/);
});

test('readings of nonsense in the middle keep what was measured before', async () => {
  const view = new FakeSystem();
  const meter = powerMeter(view, (time) => {
    if (time > 5) throw new MeterError('nonsense', 'M', 'got "x"');
    return 8;
  });
  const window = await openWindow([meter], { clock: view.now, background: false });
  for (const time of [2, 4, 6, 8]) {
    view.time = time;
    await window.sample();
  }
  const [outcome] = await window.stop();
  assert.ok(outcome!.kind === 'interrupted');
  assert.deepEqual([outcome.energySoFar, outcome.timeSoFar, outcome.at], [joules(32), 4, 6]);
});

test('the shortest window is 10 s, or 100 periods', () => {
  const of = (period: number): Seconds => shortestWindow({ period: seconds(period) });
  assert.deepEqual([of(0.001), of(0.1), of(1)], [10, 10, 100]);
});
