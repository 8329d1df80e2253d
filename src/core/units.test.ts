import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytes,
  count,
  energyOf,
  fromKilowattHours,
  type Joules,
  joules,
  picojoules,
  seconds,
  toKilowattHours,
  watts,
} from './units.ts';

const needsJoules = (energy: Joules): number => energy;

test('joules and kilowatt hours are 3.6e6 apart and convert both ways', () => {
  assert.equal(toKilowattHours(joules(7.2e6)), 2);
  assert.equal(fromKilowattHours(toKilowattHours(joules(5.5))), 5.5);
  assert.equal(energyOf(watts(250), seconds(0.5)), 125);
  assert.ok(Math.abs(picojoules(4.6) - 4.6e-12) < 1e-24);
});

test('quantities of different units do not mix: each line below must be a type error', () => {
  const kilowattHours = toKilowattHours(joules(1));
  // @ts-expect-error kilowatt hours are not joules
  needsJoules(kilowattHours);
  // @ts-expect-error a plain number has no unit
  needsJoules(4.6);
  // @ts-expect-error watts are not joules
  needsJoules(watts(1));
  // @ts-expect-error joules cannot be converted from joules
  fromKilowattHours(joules(1));
  // @ts-expect-error power times a count is no energy
  energyOf(watts(1), count(3));
  // @ts-expect-error bytes are no count
  const operations: ReturnType<typeof count> = bytes(8);
  assert.equal(operations, 8);
  assert.equal(needsJoules(joules(3)), 3);
});
