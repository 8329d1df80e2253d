import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joules, seconds, watts } from '../core/index.ts';
import { counterStep, integratePower } from './integrate.ts';
import type { EnergyReading, PowerReading } from './meter.ts';
import { MeterError } from './meter-error.ts';

const power = (at: number, value: number, averagedOver = 0): PowerReading => ({
  quantity: 'power',
  at: seconds(at),
  power: watts(value),
  averagedOver: seconds(averagedOver),
});
const counter = (at: number, energy: number, range?: number): EnergyReading => ({
  quantity: 'energy',
  at: seconds(at),
  energy: joules(energy),
  ...(range === undefined ? {} : { range: joules(range) }),
});
const close = (got: number, expected: number): void =>
  assert.ok(Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `got ${got}, expected ${expected}`);

const time = fc.double({ min: 0, max: 100, noNaN: true });
const readings = fc.array(
  fc.tuple(time, fc.double({ min: 0, max: 500, noNaN: true })).map(([at, value]) => power(at, value)),
  { minLength: 1, maxLength: 12 },
);

test('by hand: a step seen between two readings is a slope, before the first and after the last power stays', () => {
  const two = [power(2, 10), power(4, 30)];
  close(integratePower(two, seconds(2), seconds(4)), 40);
  close(integratePower(two, seconds(0), seconds(7)), 20 + 40 + 90);
  close(integratePower(two, seconds(2.5), seconds(3.5)), 20);
  close(integratePower([power(9, 7)], seconds(1), seconds(4)), 21);
  close(integratePower([power(3, 10, 2), power(5, 30, 2)], seconds(2), seconds(4)), 40);
});

test('constant power gives power times time, wherever the readings lie', () => {
  fc.assert(
    fc.property(fc.array(time, { minLength: 1 }), time, time, fc.nat({ max: 400 }), (times, a, b, value) => {
      const [from, to] = [seconds(Math.min(a, b)), seconds(Math.max(a, b))];
      close(
        integratePower(
          times.map((at) => power(at, value)),
          from,
          to,
        ),
        value * (to - from),
      );
    }),
  );
});

test('energy is finite, between least and most power times time, and two parts of a window make the whole', () => {
  fc.assert(
    fc.property(readings, fc.tuple(time, time, time), (all, times) => {
      const [from, middle, to] = times.sort((a, b) => a - b).map(seconds);
      const whole = integratePower(all, from!, to!);
      const values = all.map((one) => one.power);
      assert.ok(whole >= Math.min(...values) * (to! - from!) * (1 - 1e-9) - 1e-9);
      assert.ok(whole <= Math.max(...values) * (to! - from!) * (1 + 1e-9) + 1e-9);
      if (new Set(all.map(({ at }) => at)).size < all.length) return;
      const parts = integratePower(all, from!, middle!) + integratePower(all, middle!, to!);
      assert.ok(Math.abs(whole - parts) <= 1e-6 * Math.max(1, whole), `${whole} J, in parts ${parts} J`);
    }),
  );
});

const METER = { label: 'M', period: seconds(0.001) };

test('a step of a counter is never negative or NaN: right, or refused', () => {
  const value = fc.oneof(fc.double({ min: 0, max: 1e9 }), fc.constantFrom(0, 65712.999613, Number.NaN));
  fc.assert(
    fc.property(value, value, fc.option(value, { nil: undefined }), time, (from, to, range, passed) => {
      try {
        const { energy, wrapped } = counterStep(METER, counter(0, from, range), counter(passed, to, range));
        assert.ok(Number.isFinite(energy) && energy >= 0);
        close(energy, wrapped ? to + range! - from : to - from);
      } catch (error) {
        assert.ok(error instanceof MeterError && /^M: /.test(error.message), String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('a counter that starts again from zero by a reset is told from one that wrapped', () => {
  const range = 65712.999613;
  assert.deepEqual(counterStep(METER, counter(0, 65700, range), counter(10, 100, range)).wrapped, true);
  assert.throws(
    () => counterStep(METER, counter(0, 9000, range), counter(10, 100, range)),
    /M: its counter moved by 5\.681e\+4 J in 10\.0 s, more than 5000 W; it was reset/,
  );
  assert.throws(() => counterStep(METER, counter(0, 9), counter(1, 1)), /went back by 8\.000 J, and it does not wrap/);
  assert.throws(() => counterStep(METER, counter(0, 1, range), counter(140, 9, range)), /may have wrapped unseen/);
});
