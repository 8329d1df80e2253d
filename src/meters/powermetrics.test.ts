import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeSystem, wrote } from '../../test/fixtures/fake-system.ts';
import type { CommandResult } from '../core/index.ts';
import type { Found } from './meter.ts';
import { MeterError } from './meter-error.ts';
import { findPowermetrics, parsePowermetrics } from './powermetrics.ts';

const SAMPLE = `Machine model: Mac14,9
OS version: 24F74

*** Sampled system activity (Fri Sep 11 13:41:46 2026 -0700) (1010.09ms elapsed) ***


**** Processor usage ****

E-Cluster HW active frequency: 1049 MHz
CPU 4 frequency: 2039 MHz

CPU Power: 823 mW
GPU Power: 26 mW
ANE Power: 323 mW
Combined Power (CPU + GPU + ANE): 1172 mW

**** GPU usage ****

GPU HW active frequency: 389 MHz
GPU Power: 26 mW
`;

const find = (run: () => CommandResult): Promise<Found> =>
  findPowermetrics(new FakeSystem({}, { powermetrics: run }, 'darwin'));

test('the combined power is taken, its parts beside it, and the time it averages', () => {
  const { power, covers, elapsed, beside } = parsePowermetrics(SAMPLE);
  assert.deepEqual([power, covers, elapsed], [1.172, 'chip', 1.01009]);
  assert.deepEqual(beside.slice(0, 3), [
    { name: 'cpu power', value: 0.823, unit: 'W' },
    { name: 'gpu power', value: 0.026, unit: 'W' },
    { name: 'ane power', value: 0.323, unit: 'W' },
  ]);
});

test('older systems and Intel Macs name the package; of several samples the last counts', () => {
  const intel =
    '*** Sampled system activity (x) (500.5ms elapsed) ***\nIntel energy model derived package power (CPUs+GT+SA): 3.29W\n';
  assert.deepEqual(parsePowermetrics(intel), { power: 3.29, covers: 'package', elapsed: 0.5005, beside: [] });
  assert.equal(parsePowermetrics('Package Power: 2100 mW\n').power, 2.1);
  assert.equal(parsePowermetrics(`${SAMPLE}\n${SAMPLE.replace('1172', '4000')}`).power, 4);
});

test('a part alone is not the whole, and nonsense is refused', () => {
  assert.throws(
    () => parsePowermetrics(SAMPLE.slice(0, SAMPLE.indexOf('Combined'))),
    /holds no total power; it is cut short/,
  );
  assert.throws(() => parsePowermetrics(''), MeterError);
  assert.throws(() => parsePowermetrics('Combined Power (CPU + GPU + ANE): -4 mW\n'), /got "-4", expected a number/);
});

test('a Mac whose user is root has a meter that waits for its sample', async () => {
  const view = new FakeSystem({}, {}, 'darwin');
  view.programs.set('powermetrics', (args) => {
    view.time += Number(args.at(-1)) / 1000;
    return wrote(SAMPLE);
  });
  const [meter] = (await findPowermetrics(view)).available;
  assert.deepEqual([meter!.covers, meter!.readEvery, meter!.permission], ['chip', 0, 'root']);
  const { at, ...reading } = await meter!.read();
  assert.ok(reading.quantity === 'power' && reading.power === 1.172 && reading.averagedOver === 1.01009);
  assert.ok(Math.abs(at - 1.1) < 1e-9);
  view.programs.set('powermetrics', () => wrote('Package Power: 2100 mW\n'));
  await assert.rejects(meter!.read(), {
    name: 'MeterError',
    message: 'powermetrics: gave the power of another part than before',
  });
});

test('without root, or without the program, the reason and the remedy are given', async () => {
  const denied = (await find(() => ({ code: 1, out: '', err: 'powermetrics must be invoked as the superuser\n' })))
    .unavailable[0]!;
  assert.deepEqual(
    [denied.reason, denied.remedy, denied.brief],
    ['only root may run powermetrics', 'run Spikewatt with sudo', 'powermetrics is for root only'],
  );
  const missing = (await find(() => ({ problem: 'missing', why: 'ENOENT' }))).unavailable[0]!;
  assert.match(missing.reason, /powermetrics: not installed, or not on the PATH \(ENOENT\)/);
});

test('whatever the program writes, only MeterErrors come out and values are finite and not negative', () => {
  const value = fc.oneof(fc.string(), fc.double().map(String), fc.nat().map(String));
  const unit = fc.constantFrom('mW', 'W', '', 'kW');
  const line = fc.constantFrom(
    'CPU Power',
    'Combined Power (CPU + GPU + ANE)',
    'Combined Power (CPU + GPU)',
    'Package Power',
  );
  const text = fc.array(fc.tuple(line, value, unit).map(([name, number, of]) => `${name}: ${number} ${of}`));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        text.map((lines) => lines.join('\n')),
      ),
      fc.nat({ max: 600 }),
      (out, cut) => {
        for (const one of [out, SAMPLE.slice(0, cut) + out]) {
          try {
            const { power, beside } = parsePowermetrics(one);
            for (const each of [power, ...beside.map((figure) => figure.value)])
              assert.ok(Number.isFinite(each) && each >= 0);
          } catch (error) {
            assert.ok(error instanceof MeterError, String(error));
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});
