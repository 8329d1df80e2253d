import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { climb, project } from './ball.ts';

const range = { low: 0, high: 1 };
const distance = (norm: 'linf' | 'l2', a: Float32Array, b: Float32Array): number => {
  const changes = Array.from(a, (value, k) => Math.abs(value - b[k]!));
  return norm === 'linf' ? Math.max(...changes) : Math.hypot(...changes);
};

const pixel = fc.float({ min: 0, max: 1, noNaN: true });
const anywhere = fc.float({ min: -3, max: 3, noNaN: true });

test('a projected point is in its ball and in the range; one that was in both stays', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(pixel, anywhere), { minLength: 5, maxLength: 40 }),
      fc.double({ min: 1e-3, max: 2, noNaN: true }),
      fc.constantFrom('linf' as const, 'l2' as const),
      (pairs, epsilon, norm) => {
        const centre = Float32Array.from(pairs, ([x]) => x);
        const point = Float32Array.from(pairs, ([, y]) => y);
        const ball = { norm, epsilon, range, size: pairs.length };
        project(point, centre, ball);
        assert.ok(point.every((value) => value >= 0 && value <= 1));
        assert.ok(distance(norm, point, centre) <= epsilon + 1e-6);
        const inner = point.map((value, k) => centre[k]! + 0.5 * (value - centre[k]!));
        const again = inner.slice();
        project(again, centre, ball);
        assert.deepEqual(again, inner);
      },
    ),
  );
});

test('the nearest point: each pixel by itself in L-infinity, along the line to the centre in L2', () => {
  const centre = Float32Array.of(0.5, 0.5, 0.25, 0.5);
  const flat = Float32Array.of(1, 0.5625, -1, 0.25);
  project(flat, centre, { norm: 'linf', epsilon: 0.125, range, size: 2 });
  assert.deepEqual([...flat], [0.625, 0.5625, 0.125, 0.375]);
  const round = Float32Array.of(0.5 + 0.3, 0.5 + 0.4, 0.25, 0.5);
  project(round, centre, { norm: 'l2', epsilon: 0.25, range, size: 2 });
  [0.65, 0.7, 0.25, 0.5].forEach((value, k) => {
    assert.ok(Math.abs(round[k]! - value) < 1e-6, `${k}: ${round[k]}`);
  });
});

test('steps: signs in L-infinity, directions in L2, none without gradient', () => {
  const gradient = Float32Array.of(3, -4, 0, 0);
  const signs = new Float32Array(4);
  climb(signs, gradient, 0.5, { norm: 'linf', size: 2 });
  assert.deepEqual([...signs], [0.5, -0.5, 0, 0]);
  const directions = new Float32Array(4);
  climb(directions, gradient, -0.5, { norm: 'l2', size: 2 });
  assert.deepEqual([...directions], [...Float32Array.of(-0.3, 0.4, 0, 0)]);
});

test('gradients far too small or large to be squared in float32 still give a direction', () => {
  for (const scale of [1e-30, 1e30]) {
    const point = new Float32Array(2);
    climb(point, Float32Array.of(3 * scale, 4 * scale), 1, { norm: 'l2', size: 2 });
    assert.ok(Math.abs(point[0]! - 0.6) < 1e-6 && Math.abs(point[1]! - 0.8) < 1e-6);
  }
});
