// Rates of choice: reached, or as near as thresholds go.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { blobs } from '../data/blobs.ts';
import { referenceBackend } from '../engine/index.ts';
import { ifNeuron, initialWeights, lif, mlp, type NeuronSpec } from '../model/index.ts';
import { atSpikeRate, hiddenRate, hiddenSlots } from './index.ts';

const backend = referenceBackend();
after(() => backend.close());
const { test: images } = blobs();
const size = images.shape.reduce((product, length) => product * length, 1);

const network = (neuron: NeuronSpec, hidden: readonly number[] = [40, 30]) => {
  const spec = mlp([size, ...hidden, images.classes.length], { neuron });
  return { name: 'SNN', spec, weights: initialWeights(spec, 3), mode: 'snn', timesteps: 16 } as const;
};
const learning = lif({ beta: 0.9, threshold: 0.7, learn: { threshold: true } });

for (const [name, neuron] of [
  ['IF', ifNeuron({ threshold: 1.3 })],
  ['LIF', lif({ beta: 0.8, threshold: 1 })],
  ['LIF that learns its threshold', learning],
] as const)
  test(`${name} neurons fire at the rate asked for`, async () => {
    for (const target of [0.05, 0.2]) {
      const at = await atSpikeRate(backend, network(neuron), images, target);
      assert.ok(Math.abs(at.rate - target) < 0.15 * target, `${at.rate} for ${target}, thresholds times ${at.factor}`);
      assert.equal(await hiddenRate(backend, at.network, images), at.rate);
    }
  });

test('a rate out of reach is brought as near as it goes, and said', async () => {
  const { rate } = await atSpikeRate(backend, network(ifNeuron()), images, 1);
  assert.ok(rate > 0.2 && rate < 0.95, `${rate}`);
});

test('only hidden layers count, and a network without any is refused', async () => {
  const { spec } = network(ifNeuron());
  assert.equal(hiddenSlots(spec).length, 2);
  await assert.rejects(
    atSpikeRate(backend, network(ifNeuron(), []), images, 0.1),
    /network "SNN": has no hidden layer that fires, so there is no spike rate to vary; give one with a hidden layer/,
  );
});
