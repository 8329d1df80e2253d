import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NeuronOpDynamics, Plan } from '../plan.ts';
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

test('a current that the backward pass does not read gives its bytes away', () => {
  const dynamics: NeuronOpDynamics = {
    ...{ a: 'a', b: 'b', c: 'c', threshold: 'h', tie: '>=', reset: 'subtract', resetValue: 0, moment: 'next-step' },
    ...{ dropsInput: false, detachReset: true, surrogate: 'atan', slope: 2, initialMembrane: 0 },
  };
  const neuron = { layer: 'lif', dynamics, current: 'i', spikes: 's', charge: 'u' } as const;
  const backward = { kernel: 'neuron-backward', ...neuron, dSpikes: 'ds', dCurrent: 'di' } as const;
  const plan = (learning: object): Plan => ({
    ...chain,
    forward: [dense('x', 'i'), { kernel: 'neuron', ...neuron }, dense('s', 'ds')],
    backward: [{ ...backward, ...learning }],
  });
  const sizes = new Map(['x', 'i', 's', 'u', 'ds', 'di', 'dB'].map((id) => [id, 128]));
  const shared = placeScratch(plan({}), sizes).offsets;
  assert.equal(shared.get('ds'), shared.get('i'));
  const apart = placeScratch(plan({ dB: 'dB' }), sizes).offsets;
  assert.notEqual(apart.get('ds'), apart.get('i'));
});
