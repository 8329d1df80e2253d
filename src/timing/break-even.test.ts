// Break-even on ratios whose crossing is known.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breakEven } from './index.ts';

const point = (rate: number, value: number, spread = 1.1) => ({
  rate,
  ratio: { kind: 'measured', value, low: value / spread, high: value * spread, trials: 5 } as const,
});

test('a ratio that grows as the rate to a power passes 1 where it should, its bounds before and after', () => {
  const rates = [0.4, 0.01, 0.1, 0.04];
  const even = breakEven(rates.map((rate) => point(rate, (rate / 0.05) ** 0.5)));
  assert.ok(even.kind === 'at');
  assert.ok(Math.abs(even.rate - 0.05) < 1e-9);
  assert.ok(Math.abs(even.low! - 0.05 / 1.21) < 1e-9);
  assert.ok(Math.abs(even.high! - 0.05 * 1.21) < 1e-9);
});

test('no crossing is said as such, and a bound that does not cross is open', () => {
  assert.deepEqual(breakEven([point(0.01, 2), point(0.1, 3)]), { kind: 'always-more', downTo: 0.01, certain: true });
  assert.deepEqual(breakEven([point(0.01, 0.2), point(0.1, 0.3)]), { kind: 'always-less', upTo: 0.1, certain: true });
  assert.deepEqual(breakEven([point(0.01, 1.05), point(0.1, 3)]), {
    kind: 'always-more',
    downTo: 0.01,
    certain: false,
  });
  const wide = breakEven([point(0.01, 0.9, 2), point(0.1, 1.1, 2)]);
  assert.ok(wide.kind === 'at' && wide.low === null && wide.high === null);
});

test('what was refused, and a single rate, give no break-even but the reason', () => {
  const refused = { rate: 0.1, ratio: { kind: 'rejected', reason: 'others worked' } as const };
  assert.deepEqual(breakEven([point(0.01, 0.5), refused]), { kind: 'unknown', reason: 'others worked' });
  const alone = breakEven([point(0.01, 0.5), point(0, 0.1)]);
  assert.deepEqual(alone, { kind: 'unknown', reason: 'fewer than two spike rates could be reached' });
});
