import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawDirection, drawSigns, drawUniforms, drawWords } from './dice.ts';

const at = { seed: 7, purpose: 1, id: 3 };

test('draws are a function of seed, purpose, image and query; a longer one begins with the shorter', () => {
  const words = drawWords(9, at);
  assert.deepEqual(drawWords(9, at), words);
  assert.deepEqual(drawWords(5, at), words.slice(0, 5));
  for (const other of [{ seed: 8 }, { purpose: 2 }, { id: 4 }, { draw: 1 }])
    assert.notDeepEqual(drawWords(9, { ...at, ...other }), words);
});

test('signs are fair, uniforms fill [-1, 1), directions have length 1 and no preference', () => {
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  const signs = drawSigns(10_001, at);
  assert.ok(signs.every((sign) => sign === 1 || sign === -1));
  assert.ok(Math.abs(mean(signs)) < 0.04);
  const uniforms = drawUniforms(10_001, at);
  assert.ok(uniforms.every((value) => value >= -1 && value < 1));
  assert.ok(Math.abs(mean(uniforms)) < 0.03);
  assert.ok(Math.abs(mean(uniforms.map((value) => value ** 2)) - 1 / 3) < 0.02);
  const direction = drawDirection(4001, at);
  assert.ok(Math.abs(Math.hypot(...direction) - 1) < 1e-12);
  assert.ok(Math.abs(mean(direction.map((value) => 4001 * value ** 4 * 4001)) - 3) < 0.5, 'fourth moment of a normal');
  assert.equal(Math.abs(drawDirection(1, at)[0]!), 1);
});
