// What the output gave, kept: the membrane after the last step, logits, in the order of the samples whatever the batches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asSequence, forecastSamples, mackeyGlass } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { dense, initialWeights, integrator, lif, network, slot } from '../model/index.ts';
import { simulateNetwork } from './simulate.ts';

const { train } = forecastSamples(mackeyGlass({ samples: 40 }), { window: 3, horizon: 2 });

test('of an ANN its logits, of a spiking network the membrane after its last step', async () => {
  const ann = network('ann', [3], [dense('fc', 2)]);
  const weights = initialWeights(ann, 1);
  const { outputs } = await simulateNetwork(referenceBackend(), ann, weights, train, {
    mode: 'ann',
    timesteps: 1,
    keepOutputs: true,
    batchSize: 7,
  });
  const [w, b] = [weights.get('fc/weight')!, weights.get('fc/bias')!];
  for (let i = 0; i < train.samples; i++)
    for (let o = 0; o < 2; o++) {
      let sum = b[o]!;
      for (let k = 0; k < 3; k++) sum += train.values[i * 3 + k]! * w[k * 2 + o]!;
      assert.ok(Math.abs(outputs![i * 2 + o]! - sum) < 1e-6);
    }

  const beta = 0.75;
  const snn = network('snn', [1], [dense('fc', 2), slot('read', integrator({ beta }))]);
  const spiking = initialWeights(snn, 2);
  const run = await simulateNetwork(referenceBackend(), snn, spiking, asSequence(train), {
    ...{ mode: 'snn', timesteps: 3, keepOutputs: true, batchSize: 5 },
  });
  for (let i = 0; i < train.samples; i++)
    for (let o = 0; o < 2; o++) {
      let membrane = 0;
      for (let t = 0; t < 3; t++)
        membrane =
          beta * membrane + train.values[i * 3 + t]! * spiking.get('fc/weight')![o]! + spiking.get('fc/bias')![o]!;
      assert.ok(Math.abs(run.outputs![i * 2 + o]! - membrane) < 1e-6);
    }
});

test('not asked for, not kept; of spikes there are none to keep', async () => {
  const spec = network('fires', [1], [dense('fc', 2), slot('lif', lif())]);
  const options = { mode: 'snn', timesteps: 3 } as const;
  const run = (keepOutputs: boolean) =>
    simulateNetwork(referenceBackend(), spec, initialWeights(spec, 1), asSequence(train), { ...options, keepOutputs });
  assert.equal((await run(false)).outputs, undefined);
  await assert.rejects(run(true), /keepOutputs: got a network read by spike-count, expected one read by its membrane/);
});
