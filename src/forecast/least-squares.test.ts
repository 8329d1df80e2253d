import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../core/index.ts';
import { leastSquares } from './least-squares.ts';

const dice = rng(4, 99);
const draw = (length: number): Float64Array => Float64Array.from({ length }, () => dice.normal());

const product = (a: Float64Array, x: Float64Array, columns: number, outputs: number): Float64Array =>
  Float64Array.from({ length: (a.length / columns) * outputs }, (_, i) => {
    const [row, output] = [Math.floor(i / outputs), i % outputs];
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += a[row * columns + j]! * x[j * outputs + output]!;
    return sum;
  });

const worst = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

test('gives back the map that made the data', () => {
  const [a, x] = [draw(23 * 5), draw(5 * 3)];
  const found = leastSquares(a.slice(), product(a, x, 5, 3), 5, 3);
  assert.ok(worst(found.map((value, i) => value - x[i]!)) < 1e-12);
});

test('what is left over is at right angles to every column', () => {
  const [a, b] = [draw(40 * 6), draw(40 * 2)];
  const fitted = product(a, leastSquares(a.slice(), b.slice(), 6, 2), 6, 2);
  for (let j = 0; j < 6; j++)
    for (let o = 0; o < 2; o++) {
      let dot = 0;
      for (let i = 0; i < 40; i++) dot += a[i * 6 + j]! * (b[i * 2 + o]! - fitted[i * 2 + o]!);
      assert.ok(Math.abs(dot) < 1e-11, `${dot}`);
    }
});

test('columns that depend on each other, more columns than rows, and zeros', () => {
  const base = draw(20 * 2);
  // Third column: 2 first - second; fourth: 0.
  const a = Float64Array.from({ length: 80 }, (_, i) => {
    const [row, j] = [Math.floor(i / 4), i % 4];
    const [p, q] = [base[row * 2]!, base[row * 2 + 1]!];
    return [p, q, 2 * p - q, 0][j]!;
  });
  const b = product(base, Float64Array.of(3, -1), 2, 1);
  const x = leastSquares(a.slice(), b.slice(), 4, 1);
  assert.ok(worst(product(a, x, 4, 1).map((value, i) => value - b[i]!)) < 1e-12);
  assert.equal(x[3], 0);
  const wide = draw(3 * 5);
  const target = draw(3);
  const exact = leastSquares(wide.slice(), target.slice(), 5, 1);
  assert.ok(worst(product(wide, exact, 5, 1).map((value, i) => value - target[i]!)) < 1e-12);
  assert.deepEqual([...leastSquares(new Float64Array(6), draw(3), 2, 1)], [0, 0]);
});
