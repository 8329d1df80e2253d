import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../plan.ts';
import { placeScratch } from './liveness.ts';

const dense = (x: string, y: string) => ({ kernel: 'dense', layer: 'fc', x, weight: 'w', y }) as const;
const chain: Plan = {
  timesteps: 1,
  tensors: [],
  parameters: [],
  forward: [dense('a', 'b'), dense('b', 'c'), dense('c', 'd')],
  backward: [],
  gradients: [],
  update: [],
};

test('tensors that are never needed together share their bytes', () => {
  const sizes = new Map([
    ['a', 512],
    ['b', 256],
    ['c', 512],
    ['d', 256],
  ]);
  const { offsets, bytes } = placeScratch(chain, sizes);
  assert.deepEqual(Object.fromEntries(offsets), { a: 0, b: 512, c: 0, d: 512 });
  assert.equal(bytes, 768);
});

test('a tensor the backward pass reads keeps its bytes until then', () => {
  const backward = [{ kernel: 'relu-backward', layer: 'r', y: 'b', dy: 'd', dx: 'a' }] as const;
  const { offsets, bytes } = placeScratch(
    { ...chain, backward },
    new Map([
      ['a', 128],
      ['b', 128],
      ['c', 128],
      ['d', 128],
    ]),
  );
  assert.equal(new Set(offsets.values()).size, 4);
  assert.equal(bytes, 512);
});
