// How many time steps does a converted network need? One run answers for every smaller number of steps.

import { blobs, convert, mlp, simulate, train } from 'spikewatt';

const data = blobs({ classes: 5, shape: [24], train: 500, validation: 100, test: 300, seed: 2, noise: 0.3 });
const spec = mlp([24, 32, 5]);
const ann = await train(spec, data, { mode: 'ann', epochs: 10, batchSize: 20 });
const reached = (await simulate(spec, ann.weights, data.test, { mode: 'ann', timesteps: 1 })).accuracy.value;
console.log(`ANN ${(100 * reached).toFixed(1)} %`);

for (const mode of ['max', 'percentile'] as const) {
  const converted = await convert(spec, ann.weights, data.train, { mode, halfThreshold: true });
  const run = await simulate(converted.spec, converted.weights, data.test, { mode: 'snn', timesteps: 32 });
  const shown = [1, 2, 4, 8, 16, 32].map((T) => `T=${T} ${(100 * run.accuracyByStep[T - 1]!).toFixed(1)} %`);
  console.log(`scaled by ${mode}: ${shown.join(', ')}`);
}
