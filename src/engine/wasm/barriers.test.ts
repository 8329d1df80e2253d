import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackwardOp, ForwardOp, Plan } from '../plan.ts';
import { barriersOf } from './barriers.ts';

const relu = (x: string, y: string) => ({ kernel: 'relu', layer: 'r', x, y }) as const;
const shared = { gamma: 'bn/scale', factor: 1, epsilon: 1e-5, repeats: 1 } as const;
const norm = (x: string, y: string, statistics: 'batch' | 'running' = 'batch') =>
  ({
    kernel: 'batch-norm',
    ...{ layer: y, x, y, ...shared, batchMean: `${y}@mean`, batchDeviation: `${y}@deviation` },
    ...{ beta: 'bn/shift', mean: 'bn/mean', variance: 'bn/variance', momentum: 0.1, statistics },
  }) as const;
const back = (y: string, x: string, dy: string, dx?: string) =>
  ({
    kernel: 'batch-norm-backward',
    ...{ layer: y, x, dy, ...shared, batchMean: `${y}@mean` },
    ...{ batchDeviation: `${y}@deviation`, dGamma: 'dg', dBeta: 'db', ...(dx !== undefined && { dx }) },
  }) as const;

function planOf(forward: readonly ForwardOp[], backward: readonly BackwardOp[] = []): Plan {
  const ids = new Set(
    [...forward, ...backward].flatMap((op) => Object.values(op)).filter((v) => /^[d-z]$/.test(String(v))),
  );
  return {
    ...{ timesteps: 1, parameters: [], gradients: [], update: [], forward, backward },
    tensors: [...ids].map((id) => ({ id, rows: 'sample', features: 3, values: 'analog', keep: 'chunk' }) as const),
  };
}
/** Steps and the layers of their norms. */
const layers = (steps: ReadonlyMap<number, readonly { layer: string }[]>) =>
  [...steps].map(([step, norms]) => [step, ...norms.map(({ layer }) => layer)]);

test('a norm is summed after its input is written, and combined before it is applied', () => {
  const { partials, combinations, kept } = barriersOf(
    planOf([relu('i', 'x'), relu('x', 'o'), relu('o', 'p'), norm('x', 'y'), relu('y', 'z')]),
  );
  assert.deepEqual(layers(partials), [[1, 'y']]);
  assert.deepEqual(layers(combinations), [[3, 'y']]);
  // o and p live before the barrier only, y and z after it
  assert.deepEqual([...kept], ['x']);
});

test('norms whose inputs are there share a barrier', () => {
  const plan = planOf([relu('i', 'x'), relu('i', 'w'), norm('x', 'y'), norm('w', 'z'), relu('y', 'p'), norm('p', 'q')]);
  const { combinations, kept } = barriersOf(plan);
  assert.deepEqual(layers(combinations), [
    [2, 'y', 'z'],
    [5, 'q'],
  ]);
  // z is written and last read between two barriers
  assert.deepEqual([...kept].sort(), ['p', 'w', 'x']);
});

test('a gradient waits for the statistics it needs, and without dx for nothing', () => {
  const forward = [relu('i', 'x'), norm('x', 'y')];
  const whole = barriersOf(planOf(forward, [back('y', 'x', 'i', 'd')]));
  assert.deepEqual(layers(whole.partials), [
    [0, 'y'],
    [1, 'y'],
  ]);
  assert.deepEqual(layers(whole.combinations), [
    [1, 'y'],
    [2, 'y'],
  ]);
  const parameters = barriersOf(planOf(forward, [back('y', 'x', 'i')]));
  assert.deepEqual(layers(parameters.combinations), [[1, 'y']]);
  assert.deepEqual(
    parameters.last.map(({ layer }) => layer),
    ['y'],
  );
});

test('running statistics need no barrier', () => {
  const { partials, combinations, kept } = barriersOf(planOf([relu('i', 'x'), norm('x', 'y', 'running')]));
  assert.deepEqual([partials.size, combinations.size, kept.size], [0, 0, 0]);
});
