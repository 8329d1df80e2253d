import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DENIED, FakeSystem, inFolder, raplZone, wrote } from '../../test/fixtures/fake-system.ts';
import { detectMeters } from '../meters/index.ts';
import { metersDocument, metersText } from './meters-text.ts';

const RAPL = '/sys/class/powercap/intel-rapl';

function laptop(): FakeSystem {
  const view: FakeSystem = new FakeSystem(
    {
      ...inFolder(
        `${RAPL}:0`,
        raplZone(
          () => view,
          'package-0',
          () => 9,
        ),
      ),
      ...inFolder(
        `${RAPL}:0:0`,
        raplZone(
          () => view,
          'core',
          () => 5,
        ),
      ),
      ...inFolder(`${RAPL}:1`, {
        ...raplZone(
          () => view,
          'psys',
          () => 20,
        ),
        energy_uj: DENIED,
      }),
      ...inFolder('/sys/class/power_supply/BAT0', { type: 'Battery', status: 'Charging', power_now: '1' }),
      '/proc/cpuinfo': 'cpu MHz : 1200\n',
    },
    { 'nvidia-smi': () => wrote('') },
  );
  return view;
}

test('what is there, and what is not with the remedy, in lines of at most 80 cells', async () => {
  const text = metersText(await detectMeters(laptop()), 80);
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
  const flat = text.replaceAll(/\s+/g, ' ');
  assert.match(
    flat,
    /^Energy meters: 2 found RAPL package-0: available; energy of the processor package, a new value every 1/,
  );
  assert.match(
    flat,
    /RAPL core of package-0: available; energy of the cores of a package, .*never added to the meter it is a part of/,
  );
  assert.match(flat, /RAPL psys: its energy_uj may be read by root only .* -> sudo chmod a\+r/);
  assert.match(flat, /NVIDIA GPU: nvidia-smi: No devices were found -> run nvidia-smi by hand/);
  assert.match(flat, /Battery BAT0: .* is Charging; it shows the machine only when discharging -> unplug the charger/);
  assert.match(
    flat,
    /Also read: CPU clocks\. CPU time, memory, page faults of this process: not read; process: a browser/,
  );
});

test('without a meter the first line says so and why', async () => {
  const text = metersText(await detectMeters(new FakeSystem()), 80);
  assert.match(text, /^Energy meters: not measurable here: no powercap, no GPU\n {2}RAPL: no \/sys\/class\/powercap/);
});

test('the document holds the same, and what the gauges say', async () => {
  const document = await metersDocument(await detectMeters(laptop()));
  assert.deepEqual(
    document.available.map(({ id }) => id),
    ['rapl/intel-rapl:0', 'rapl/intel-rapl:0:0'],
  );
  assert.deepEqual(document.available[1], JSON.parse(JSON.stringify(document.available[1])));
  assert.ok(document.unavailable.some(({ id, remedy }) => id === 'battery' && remedy.startsWith('unplug')));
  assert.deepEqual(document.gauges[0]!.figures[0], { name: 'slowest clock', value: 1.2e9, unit: 'Hz' });
  assert.deepEqual(
    document.missingGauges.map(({ id }) => id),
    ['process', 'cpu-load'],
  );
});
