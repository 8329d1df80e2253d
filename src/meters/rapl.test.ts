import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DENIED, type FakeFile, FakeSystem, inFolder, raplZone } from '../../test/fixtures/fake-system.ts';
import { MeterError } from './meter-error.ts';
import { findRapl, POWERCAP } from './rapl.ts';

const zone = (key: string, name: string, more: Record<string, FakeFile> = {}): Record<string, FakeFile> =>
  inFolder(`${POWERCAP}/${key}`, {
    name: `${name}\n`,
    energy_uj: '1500000\n',
    max_energy_range_uj: '65712999613\n',
    ...more,
  });

test('packages may be added; what is inside one, or the same one again, may not', async () => {
  const view = new FakeSystem({
    ...zone('intel-rapl:0', 'package-0'),
    ...zone('intel-rapl:0:0', 'core'),
    ...zone('intel-rapl:0:1', 'dram'),
    ...zone('intel-rapl:1', 'package-1'),
    ...zone('intel-rapl:2', 'psys'),
    ...zone('intel-rapl-mmio:0', 'package-0'),
    ...inFolder(`${POWERCAP}/intel-rapl`, { enabled: '1\n' }),
    ...inFolder(`${POWERCAP}/dtpm`, { name: 'dtpm' }),
  });
  const { available, unavailable } = await findRapl(view);
  assert.deepEqual(unavailable, []);
  assert.deepEqual(
    available.map(({ id, label, covers, within, addable }) => [id, label, covers, within ?? '-', addable ?? '-']),
    [
      ['rapl/intel-rapl-mmio:0', 'RAPL package-0 of package-0', 'package', 'rapl/intel-rapl:0', '-'],
      ['rapl/intel-rapl:0', 'RAPL package-0', 'package', '-', 'processor packages'],
      ['rapl/intel-rapl:0:0', 'RAPL core of package-0', 'cores', 'rapl/intel-rapl:0', '-'],
      ['rapl/intel-rapl:0:1', 'RAPL dram of package-0', 'memory', 'rapl/intel-rapl:0', '-'],
      ['rapl/intel-rapl:1', 'RAPL package-1', 'package', '-', 'processor packages'],
      ['rapl/intel-rapl:2', 'RAPL psys', 'system', '-', '-'],
    ],
  );
});

test('a zone that lies only inside its parent is found; one without a name has a key, and covers nobody knows what', async () => {
  const view = new FakeSystem({
    ...zone('intel-rapl:0', '../../x'),
    ...inFolder(`${POWERCAP}/intel-rapl:0/intel-rapl:0:0`, { name: 'uncore', energy_uj: '3' }),
  });
  const { available } = await findRapl(view);
  assert.deepEqual(
    available.map(({ label, covers, addable }) => [label, covers, addable]),
    [
      ['RAPL intel-rapl:0', 'unknown', undefined],
      ['RAPL uncore of intel-rapl:0', 'uncore', undefined],
    ],
  );
});

test('a reading is in joules, with the range at which it wraps, at the middle of the time it took', async () => {
  const view = new FakeSystem(zone('intel-rapl:0', 'package-0'));
  view.time = 7;
  const [meter] = (await findRapl(view)).available;
  const reading = await meter!.read();
  assert.deepEqual(reading, { quantity: 'energy', at: 7, energy: 1.5, range: 65712.999613 });
  view.files.delete(`${POWERCAP}/intel-rapl:0/max_energy_range_uj`);
  assert.deepEqual(await meter!.read(), { quantity: 'energy', at: 7, energy: 1.5 });
});

test('zones for root only are one line with the command that opens them', async () => {
  const view = new FakeSystem({
    ...zone('intel-rapl:0', 'package-0', { energy_uj: DENIED }),
    ...zone('intel-rapl:1', 'package-1', { energy_uj: DENIED }),
    ...zone('intel-rapl:2', 'psys'),
  });
  const { available, unavailable } = await findRapl(view);
  assert.deepEqual(
    available.map(({ label }) => label),
    ['RAPL psys'],
  );
  assert.equal(unavailable.length, 1);
  assert.equal(unavailable[0]!.label, 'RAPL package-0, package-1');
  assert.match(unavailable[0]!.reason, /may be read by root only/);
  assert.match(unavailable[0]!.remedy, /^sudo chmod a\+r \/sys\/class\/powercap\/\*\/energy_uj/);
  assert.equal(unavailable[0]!.brief, 'powercap is for root only');
});

test('no powercap, and one without zones, are told apart', async () => {
  const without = (await findRapl(new FakeSystem())).unavailable;
  assert.match(without[0]!.reason, /^no \/sys\/class\/powercap, as on most virtual machines$/);
  assert.equal(without[0]!.brief, 'no powercap');
  const empty = (await findRapl(new FakeSystem(inFolder(`${POWERCAP}/dtpm`, { name: 'x' })))).unavailable;
  assert.match(empty[0]!.reason, /lists no RAPL zone$/);
});

test('nonsense in a counter is refused with the file and what it holds', async () => {
  const cases: readonly [string, RegExp][] = [
    ['', /energy_uj: got "", expected a whole number/],
    ['-5\n', /got "-5\\n", expected a whole number of 0 or more/],
    ['12e3', /got "12e3"/],
    ['99999999999999999999', /got "99999999999999999999"/],
    ['65712999614', /counts 65712999614, more than the 65712999613 of its max_energy_range_uj/],
  ];
  for (const [text, message] of cases) {
    const { available, unavailable } = await findRapl(
      new FakeSystem(zone('intel-rapl:0', 'package-0', { energy_uj: text })),
    );
    assert.equal(available.length, 0, text);
    assert.match(unavailable[0]!.reason, message);
  }
});

test('whatever the files hold, looking never fails and a reading is finite and not negative', async () => {
  const text = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String), fc.constant('1\n'));
  const file = fc.oneof(text, fc.constantFrom<FakeFile>(DENIED, { problem: 'missing' }, { problem: 'failed' }));
  await fc.assert(
    fc.asyncProperty(
      file,
      file,
      file,
      fc.constantFrom('intel-rapl:0', 'amd-rapl:0:3', 'x'),
      async (name, uj, range, key) => {
        const files = inFolder(`${POWERCAP}/${key}`, { name, energy_uj: uj, max_energy_range_uj: range });
        for (const meter of (await findRapl(new FakeSystem(files))).available) {
          const reading = await meter.read();
          assert.ok(reading.quantity === 'energy' && Number.isFinite(reading.energy) && reading.energy >= 0);
          assert.ok(reading.range === undefined || reading.range > 0);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a file that vanishes between two readings is a MeterError', async () => {
  const view: FakeSystem = new FakeSystem(
    inFolder(
      `${POWERCAP}/intel-rapl:0`,
      raplZone(
        () => view,
        'package-0',
        () => 9,
      ),
    ),
  );
  const [meter] = (await findRapl(view)).available;
  view.files.clear();
  await assert.rejects(meter!.read(), (error) => error instanceof MeterError && error.problem === 'missing');
});
