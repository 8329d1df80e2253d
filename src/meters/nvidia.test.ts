import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeSystem, wrote } from '../../test/fixtures/fake-system.ts';
import type { CommandResult } from '../core/index.ts';
import type { Found } from './meter.ts';
import { MeterError } from './meter-error.ts';
import { findNvidia } from './nvidia.ts';
import { parseNvidiaAnswer, parseNvidiaValue } from './nvidia-query.ts';

/** A driver that knows these fields, with a row of values for each card; answers as nvidia-smi does. */
function driver(...cards: readonly Record<string, string>[]): (args: readonly string[]) => CommandResult {
  return (args) => {
    const fields = args
      .find((arg) => arg.startsWith('--query-gpu='))!
      .slice('--query-gpu='.length)
      .split(',');
    const unknown = fields.find((field) => !(field in cards[0]!));
    if (unknown !== undefined)
      return { code: 2, out: `Field "${unknown}" is not a valid field to query.\n\n`, err: '' };
    return wrote(cards.map((card) => `${fields.map((field) => card[field]).join(', ')}\n`).join(''));
  };
}

const OLD = {
  index: '0',
  name: 'NVIDIA GeForce RTX 3060 Ti',
  'power.draw': '133.20 W',
  'clocks.sm': '1905 MHz',
  'clocks.mem': '7000 MHz',
  'utilization.gpu': '87 %',
  'utilization.memory': '41 %',
  'memory.used': '3217 MiB',
  'temperature.gpu': '64',
};
const NEW = {
  ...OLD,
  name: 'NVIDIA H200',
  total_energy_consumption: '123456789012 mJ',
  'power.draw.instant': '412.55 W',
  'power.draw.average': '398.12 W',
};

const find = (program: (args: readonly string[]) => CommandResult): Promise<Found> =>
  findNvidia(new FakeSystem({}, { 'nvidia-smi': program }));

test('a driver with an energy counter gives joules, and clocks, use, memory and temperature beside', async () => {
  const { available, unavailable } = await find(driver(NEW));
  assert.deepEqual(unavailable, []);
  assert.deepEqual(
    available.map(({ id, label, quantity, covers }) => [id, label, quantity, covers]),
    [['nvidia/0', 'GPU 0 NVIDIA H200', 'energy', 'board']],
  );
  const reading = await available[0]!.read();
  assert.ok(reading.quantity === 'energy' && Math.abs(reading.energy - 123456789.012) < 1e-6);
  assert.deepEqual(reading.beside, [
    { name: 'clocks.sm', value: 1905e6, unit: 'Hz' },
    { name: 'clocks.mem', value: 7e9, unit: 'Hz' },
    { name: 'utilization.gpu', value: 0.87, unit: '1' },
    { name: 'utilization.memory', value: 0.41, unit: '1' },
    { name: 'memory.used', value: 3217 * 2 ** 20, unit: 'B' },
    { name: 'temperature.gpu', value: 64, unit: '°C' },
  ]);
});

test('an older driver gives power: of the moment where it has it, else the average of 1 s', async () => {
  const { total_energy_consumption: _, ...newer } = NEW;
  const instant = await (await find(driver(newer))).available[0]!.read();
  assert.deepEqual(instant.quantity === 'power' && [instant.power, instant.averagedOver], [412.55, 0]);
  const [meter] = (await find(driver(OLD))).available;
  const average = await meter!.read();
  assert.deepEqual([meter!.quantity, meter!.period], ['power', 1]);
  assert.deepEqual(average.quantity === 'power' && [average.power, average.averagedOver], [133.2, 1]);
});

test('several cards are several meters; what one lacks is left out, one without any sensor is said', async () => {
  const second = { ...OLD, index: '1', name: 'Tesla M10', 'utilization.gpu': '[N/A]', 'temperature.gpu': 'N/A' };
  const third = { ...OLD, index: '2', name: 'GRID V100', 'power.draw': '[Not Supported]' };
  const { available, unavailable } = await find(driver(OLD, second, third));
  assert.deepEqual(
    available.map(({ label, addable }) => [label, addable]),
    [
      ['GPU 0 NVIDIA GeForce RTX 3060 Ti', 'GPU boards'],
      ['GPU 1 Tesla M10', 'GPU boards'],
    ],
  );
  const names = (await available[1]!.read()).beside!.map(({ name }) => name);
  assert.deepEqual(names, ['clocks.sm', 'clocks.mem', 'utilization.memory', 'memory.used']);
  assert.equal(unavailable[0]!.label, 'GPU 2 GRID V100');
  assert.match(unavailable[0]!.reason, /neither energy nor power/);
});

test('cards read together ask the program once', async () => {
  const view = new FakeSystem({}, { 'nvidia-smi': driver(OLD, { ...OLD, index: '1' }) });
  const { available } = await findNvidia(view);
  view.reads.length = 0;
  await Promise.all(available.map((meter) => meter.read()));
  assert.deepEqual(view.reads, ['nvidia-smi']);
});

test('a card that is lost, or a driver that stops, is a MeterError', async () => {
  const view = new FakeSystem({}, { 'nvidia-smi': driver(OLD, { ...OLD, index: '1' }) });
  const [, second] = (await findNvidia(view)).available;
  view.programs.set('nvidia-smi', driver(OLD));
  await assert.rejects(second!.read(), { name: 'MeterError', message: 'nvidia-smi: GPU 1 is no longer listed' });
  view.programs.set('nvidia-smi', driver(OLD, { ...OLD, index: '1', 'power.draw': '[GPU requires reset]' }));
  await assert.rejects(second!.read(), { message: 'nvidia-smi: GPU 1 no longer gives power.draw' });
  view.programs.set('nvidia-smi', () => ({ problem: 'timeout', why: 'no end within 10 s' }));
  await assert.rejects(second!.read(), { message: 'nvidia-smi: does not answer (no end within 10 s)' });
});

test('without driver, card or luck the reason is given', async () => {
  const reasonOf = async (result: CommandResult): Promise<readonly [string, string | undefined]> => {
    const { available, unavailable } = await find(() => result);
    assert.equal(available.length, 0);
    return [unavailable[0]!.reason, unavailable[0]!.brief];
  };
  assert.deepEqual(await reasonOf({ problem: 'missing', why: 'ENOENT' }), ['no nvidia-smi on the PATH', 'no GPU']);
  const lost =
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that it runs.\n";
  assert.deepEqual((await reasonOf({ code: 9, out: lost, err: '' }))[1], 'no GPU');
  assert.deepEqual(await reasonOf({ code: 6, out: 'No devices were found\n', err: '' }), [
    'nvidia-smi: No devices were found',
    'no GPU',
  ]);
  assert.deepEqual(await reasonOf(wrote('')), ['nvidia-smi: No devices were found', 'no GPU']);
  const [cut, brief] = await reasonOf(wrote('0, NVIDIA H200, 12'));
  assert.match(cut, /got 3 of 12 values in "0, NVIDIA H200, 12"; the answer is cut short/);
  assert.equal(brief, 'GPU cannot be read');
  assert.deepEqual((await reasonOf({ code: 1, out: '', err: '' }))[0], 'nvidia-smi: ended with code 1');
  assert.deepEqual(
    (await reasonOf({ code: 2, out: 'Field "index" is not a valid field to query.', err: '' }))[1],
    'GPU cannot be read',
  );
});

test('values of unknown units are refused, not guessed', () => {
  assert.throws(() => parseNvidiaValue('power.draw', '12 kcal'), /power\.draw: got "12 kcal", of no known unit/);
  assert.throws(() => parseNvidiaValue('power.draw', 'twelve W'), /expected a number of 0 or more/);
  assert.throws(() => parseNvidiaValue('power.draw', '-3.00 W'), MeterError);
  assert.throws(() => parseNvidiaValue('power.draw', '3 constructor'), MeterError);
  assert.deepEqual(parseNvidiaValue('total_energy_consumption', '2500'), { value: 2.5, unit: 'J' });
  assert.equal(parseNvidiaValue('power.draw', '[Unknown Error]'), undefined);
});

test('whatever the program writes, only MeterErrors come out and values are finite and not negative', async () => {
  const fields = ['index', 'name', 'total_energy_consumption', 'power.draw'];
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('[N/A]', '0', '1.5 W', '7 mJ', '1e9 W', 'NaN', '-1 W'),
    fc.integer().map(String),
  );
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.array(cell, { minLength: 3, maxLength: 4 }).map((row) => row.join(', ')))
      .map((rows) => rows.join('\n')),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 0, max: 3 }), async (out, code) => {
      try {
        for (const { values } of parseNvidiaAnswer(fields, out)) {
          for (const { value } of values.values()) assert.ok(Number.isFinite(value) && value >= 0);
        }
      } catch (error) {
        assert.ok(error instanceof MeterError, String(error));
      }
      for (const meter of (await find(() => ({ code, out, err: '' }))).available)
        await meter.read().catch(() => undefined);
    }),
    { numRuns: 300 },
  );
});
