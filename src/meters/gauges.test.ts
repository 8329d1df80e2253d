import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeSystem } from '../../test/fixtures/fake-system.ts';
import { bytes, count, seconds } from '../core/index.ts';
import { cpuFrequencyGauge, cpuGovernor, parseCpuinfo } from './cpu-frequency.ts';
import { cpuLoadGauge, parseLoad, parseProcStat, readCpuTimes } from './cpu-load.ts';
import { MeterError } from './meter-error.ts';
import { processGauge } from './process-gauge.ts';

const STAT = 'cpu  4705 150 1120 16250 520 30 45 75 0 0\ncpu0 2353 75 560 8125 260 15 22 37 0 0\nintr 114930548\n';

test('busy, idle and stolen time of all processors are told apart, in seconds', async () => {
  assert.deepEqual(parseProcStat(STAT), { busy: 60.5, idle: 167.7, stolen: 0.75 });
  assert.equal(parseProcStat('cpu 1 2 3 4 5 6 7').stolen, 0);
  const view = new FakeSystem({ '/proc/stat': STAT, '/proc/loadavg': '1.25 0.9 0.5 3/321 777\n' });
  assert.deepEqual((await readCpuTimes(view)).stolen, 0.75);
  const figures = await cpuLoadGauge(view).read();
  assert.deepEqual(figures[0], { name: 'load over 1 min', value: 1.25, unit: '1' });
  assert.deepEqual(figures[3], { name: 'stolen time of all processors', value: 0.75, unit: 's' });
  assert.throws(() => parseProcStat('cpu  1 2 3\n'), /does not hold the 7 or more times of cpu/);
  assert.throws(() => parseLoad('much'), /\/proc\/loadavg: got "much", expected a number/);
});

test('clocks come from cpufreq, without the processors that are off, else from cpuinfo', async () => {
  const cpu = '/sys/devices/system/cpu';
  const view = new FakeSystem({
    [`${cpu}/cpu0/cpufreq/scaling_cur_freq`]: '2400000\n',
    [`${cpu}/cpu0/cpufreq/scaling_governor`]: 'schedutil\n',
    [`${cpu}/cpu1/cpufreq/scaling_cur_freq`]: '800000\n',
    [`${cpu}/cpu2/online`]: '0\n',
    [`${cpu}/cpufreq/x`]: '1',
    '/proc/cpuinfo': 'cpu MHz\t\t: 1000.000\n',
  });
  assert.deepEqual(await cpuFrequencyGauge(view).read(), [
    { name: 'slowest clock', value: 8e8, unit: 'Hz' },
    { name: 'mean clock', value: 1.6e9, unit: 'Hz' },
    { name: 'fastest clock', value: 2.4e9, unit: 'Hz' },
  ]);
  assert.equal(await cpuGovernor(view), 'schedutil');
  const virtual = new FakeSystem({ '/proc/cpuinfo': 'processor\t: 0\ncpu MHz\t\t: 2445.432\n' });
  assert.equal((await cpuFrequencyGauge(virtual).read())[1]!.value, 2445.432e6);
  assert.equal(await cpuGovernor(virtual), undefined);
  const arm = new FakeSystem({ '/proc/cpuinfo': 'BogoMIPS: 50\n' });
  await assert.rejects(cpuFrequencyGauge(arm).read(), /neither cpufreq nor \/proc\/cpuinfo gives a clock/);
  const broken = new FakeSystem({ [`${cpu}/cpu0/cpufreq/scaling_cur_freq`]: '<unknown>\n' });
  await assert.rejects(
    cpuFrequencyGauge(broken).read(),
    /scaling_cur_freq: got "<unknown>\\n", expected a whole number/,
  );
});

test('what the process uses is listed with its units', async () => {
  const view = new FakeSystem();
  view.usage = {
    userTime: seconds(1.5),
    systemTime: seconds(0.5),
    resident: bytes(3e8),
    peakResident: bytes(4e8),
    heapUsed: bytes(1e7),
    heapTotal: bytes(2e7),
    external: bytes(5e6),
    minorFaults: count(9000),
    majorFaults: count(2),
    voluntarySwitches: count(40),
    involuntarySwitches: count(7),
  };
  const figures = await processGauge(view).read();
  assert.equal(figures.length, Object.keys(view.usage).length);
  assert.deepEqual(figures[0], { name: 'user time', value: 1.5, unit: 's' });
  assert.deepEqual(figures[7], { name: 'minor page faults', value: 9000, unit: '1' });
  await assert.rejects(processGauge(new FakeSystem()).read(), /a browser does not say what a page uses/);
});

test('whatever the files hold, only MeterErrors come out and values are finite and not negative', () => {
  const line = fc.tuple(
    fc.constantFrom('cpu ', 'cpu MHz : ', 'cpu0', ''),
    fc.oneof(
      fc.string(),
      fc.array(fc.integer()).map((all) => all.join(' ')),
    ),
  );
  const text = fc.array(line.map((parts) => parts.join(' '))).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        fc.nat({ max: STAT.length }).map((cut) => STAT.slice(0, cut)),
      ),
      (content) => {
        for (const parse of [parseLoad, parseCpuinfo, (one: string) => Object.values(parseProcStat(one))]) {
          try {
            for (const value of [parse(content)].flat() as number[]) assert.ok(Number.isFinite(value) && value >= 0);
          } catch (error) {
            assert.ok(error instanceof MeterError, String(error));
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});
