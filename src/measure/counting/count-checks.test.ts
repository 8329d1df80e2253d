import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf } from '../counts.ts';
import { checkCounts } from './count-checks.ts';

test('counts within their bounds pass, at the bound too', () => {
  checkCounts('fc1', countsOf({ macs: 3, denseMacs: 3, acs: 0, resets: 2, neuronUpdates: 2 }));
});

test('a count above its dense bound stops', () => {
  assert.throws(
    () => checkCounts('fc1', countsOf({ macs: 4, denseMacs: 3 })),
    /"fc1": macs is 4, above its dense bound 3/,
  );
  assert.throws(
    () => checkCounts('fc2', countsOf({ acs: 9, denseAcs: 8 })),
    /"fc2": acs is 9, above its dense bound 8/,
  );
  assert.throws(() => checkCounts('l', countsOf({ resets: 1 })), /"l": resets is 1, above its dense bound 0/);
});

test('a negative count or a NaN stops', () => {
  assert.throws(() => checkCounts('fc1', countsOf({ biasAcs: -1 })), /"fc1": biasAcs is -1, expected a finite count/);
  assert.throws(() => checkCounts('fc1', countsOf({ stateReads: Number.NaN })), /"fc1": stateReads is NaN/);
});
