import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeSystem, inFolder, raplZone, wrote } from '../../test/fixtures/fake-system.ts';
import { detectMeters, notMeasurable } from './detect.ts';
import { POWERCAP } from './rapl.ts';
import { systemView } from './system-view.ts';

test('on a machine without meters nothing is zero: the column says why', async () => {
  const found = await detectMeters(new FakeSystem());
  assert.deepEqual(found.available, []);
  assert.equal(notMeasurable(found), 'not measurable here: no powercap, no GPU');
  assert.deepEqual(
    found.unavailable.map(({ id }) => id),
    ['rapl', 'nvidia', 'hwmon', 'battery'],
  );
  for (const { reason, remedy } of found.unavailable) assert.ok(reason.length > 0 && remedy.length > 0);
});

test('with a meter there is no such reason', async () => {
  const view: FakeSystem = new FakeSystem(
    inFolder(
      `${POWERCAP}/intel-rapl:0`,
      raplZone(
        () => view,
        'package-0',
        () => 4,
      ),
    ),
  );
  const found = await detectMeters(view);
  assert.equal(notMeasurable(found), undefined);
  assert.deepEqual(
    found.available.map(({ label }) => label),
    ['RAPL package-0'],
  );
});

test('each system is asked for what it can have', async () => {
  const reasons = async (system: string): Promise<string | undefined> =>
    notMeasurable(await detectMeters(new FakeSystem({}, {}, system)));
  assert.equal(await reasons('browser'), 'not measurable here: a browser has no meters');
  assert.equal(await reasons('win32'), 'not measurable here: no processor meter on this system, no GPU');
  assert.equal(await reasons('darwin'), 'not measurable here: no powermetrics');
  assert.equal(await reasons('toString'), 'not measurable here: no processor meter on this system, no GPU');
});

test('a card that is there but cannot be read is not called missing', async () => {
  const found = await detectMeters(new FakeSystem({}, { 'nvidia-smi': () => wrote('garbage') }));
  assert.equal(notMeasurable(found), 'not measurable here: no powercap, GPU cannot be read');
});

test('process, load and clocks are gauges where the system shows them', async () => {
  const view = new FakeSystem({
    '/proc/stat': 'cpu  100 0 50 1000 10 0 5 20 0 0\ncpu0 1 2 3\n',
    '/proc/loadavg': '0.52 0.40 0.30 1/200 4242\n',
  });
  const { gauges, missingGauges } = await detectMeters(view);
  assert.deepEqual(
    gauges.map(({ id }) => id),
    ['cpu-load'],
  );
  assert.deepEqual(
    missingGauges.map(({ id, reason }) => [id, reason]),
    [
      ['process', 'process: a browser does not say what a page uses'],
      ['cpu-frequency', '/proc/cpuinfo: missing (as told)'],
    ],
  );
});

test('this very machine is looked at without a failure, and every meter found on it can be read', async () => {
  const view = systemView();
  const found = await detectMeters(view);
  assert.ok(found.gauges.some(({ id }) => id === 'process'));
  assert.ok(found.available.length > 0 || notMeasurable(found)!.startsWith('not measurable here: '));
  for (const meter of found.available) {
    const reading = await meter.read();
    assert.ok((reading.quantity === 'energy' ? reading.energy : reading.power) >= 0, meter.label);
  }
});

test('the real view says what a file or program lacks', async () => {
  const view = systemView();
  await assert.rejects(view.readText('/no/such/file'), {
    name: 'MeterError',
    problem: 'missing',
    message: '/no/such/file: not there, or gone (ENOENT)',
  });
  assert.deepEqual(await view.list('/no/such/folder'), []);
  await assert.rejects(view.run('no-such-program-here', []), {
    problem: 'missing',
    message: 'no-such-program-here: not installed, or not on the PATH (ENOENT)',
  });
  const { execPath } = process;
  assert.equal(await view.run(execPath, ['-p', '1+1']), '2\n');
  await assert.rejects(view.run(execPath, ['-e', 'console.error("must be root"); process.exit(4)']), {
    problem: 'denied',
    message: `${execPath}: must be root`,
  });
});
