// The comparison's steps one by one, on a small made-up data set: describe, train, convert, run, count, price.

import {
  blobs,
  convert,
  countOperations,
  dense,
  dialects,
  estimateEnergy,
  network,
  profile,
  simulate,
  slot,
  train,
} from 'spikewatt';

const data = blobs({ classes: 4, shape: [20], train: 400, validation: 80, test: 200, seed: 1 });
const neuron = dialects.snntorch.leaky({ beta: 0.9 });
const spec = network(
  'two layers',
  [20],
  [dense('fc1', 16), slot('lif1', neuron), dense('fc2', 4), slot('lif2', neuron, { ann: 'identity' })],
);

const short = { epochs: 40, batchSize: 16 };
const ann = await train(spec, data, { mode: 'ann', ...short });
const snn = await train(spec, data, { mode: 'snn', timesteps: 8, ...short });
const converted = await convert(spec, ann.weights, data.train, { halfThreshold: true });

const results = {
  ANN: await simulate(spec, ann.weights, data.test, { mode: 'ann', timesteps: 1 }),
  'SNN T=8': await simulate(spec, snn.weights, data.test, {
    mode: 'snn',
    timesteps: 8,
    encoder: { kind: 'rate', gain: 1, offset: 0 },
  }),
  'converted T=16': await simulate(converted.spec, converted.weights, data.test, { mode: 'snn', timesteps: 16 }),
};

for (const [name, { accuracy, trace }] of Object.entries(results)) {
  const ledger = countOperations(trace, { zeroSkipping: true });
  const { total } = estimateEnergy(ledger, trace, profile('lemaire-45nm-int32'));
  console.log(
    `${name}: ${(100 * accuracy.value).toFixed(1)} %, ${ledger.total.acs.toFixed(0)} ACs, ${(total * 1e9).toFixed(1)} nJ`,
  );
}
