import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScheduleOptions } from './options.ts';
import { learningRate } from './schedule.ts';

const optimizer = {
  kind: 'sgd',
  learningRate: 0.4,
  momentum: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
} as const;
const base: ScheduleOptions = { kind: 'constant', every: 2, gamma: 0.5, warmup: 0, floor: 0.1 };
const rates = (schedule: Partial<ScheduleOptions>, epochs: number, stepsPerEpoch: number): number[] =>
  Array.from({ length: epochs * stepsPerEpoch }, (_, i) =>
    learningRate({ epochs, optimizer, schedule: { ...base, ...schedule } }, i + 1, stepsPerEpoch),
  );
const near = (actual: readonly number[], expected: readonly number[]): void => {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(actual[i]! - value) < 1e-12, `step ${i + 1}: ${actual[i]} against ${value}`);
};

test('constant stays at the base rate', () => near(rates({}, 2, 3), [0.4, 0.4, 0.4, 0.4, 0.4, 0.4]));

test('step multiplies by gamma every so many epochs', () => {
  near(rates({ kind: 'step' }, 5, 2), [0.4, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2, 0.1, 0.1]);
});

test('cosine falls from the base rate to its floor, half way in the middle', () => {
  const middle = 0.4 * (0.1 + 0.9 * 0.5);
  const quarter = 0.4 * (0.1 + 0.9 * 0.5 * (1 + Math.SQRT1_2));
  const threeQuarters = 0.4 * (0.1 + 0.9 * 0.5 * (1 - Math.SQRT1_2));
  near(rates({ kind: 'cosine' }, 1, 5), [0.4, quarter, middle, threeQuarters, 0.04]);
});

test('warm-up rises linearly from 0 and its last step has the full rate', () => {
  near(rates({ warmup: 2 }, 3, 2), [0.1, 0.2, 0.3, 0.4, 0.4, 0.4]);
  near(rates({ warmup: 0.5 }, 1, 5), [0.4 / 3, 0.8 / 3, 0.4, 0.4, 0.4]);
});

test('cosine starts after the warm-up', () => {
  near(rates({ kind: 'cosine', warmup: 1, floor: 0 }, 3, 2), [0.2, 0.4, 0.4, 0.4 * 0.75, 0.4 * 0.25, 0]);
});

test('the step schedule counts its epochs from the start, warm-up included', () => {
  near(rates({ kind: 'step', every: 1, warmup: 1 }, 3, 2), [0.2, 0.4, 0.2, 0.2, 0.1, 0.1]);
});

test('one single step of a cosine runs at the base rate', () => near(rates({ kind: 'cosine' }, 1, 1), [0.4]));
