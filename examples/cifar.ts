// CIFAR-10: a convolutional ANN, converted to spikes, stopped early, and explained.
// node examples/cifar.ts [folder] [epochs]; without a folder CIFAR-10 is fetched once (162 MB).

import { convert, diagnose, diagnosisText, examine, loadDataset, preset, simulate, train } from 'spikewatt';

const [folder = 'cifar10', epochs = '10'] = process.argv.slice(2);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const data = await loadDataset(folder, { download: true, validation: 0.1, seed: 1, normalize: 'cifar10' });
console.log(`${data.test.name}: ${data.train.samples} to train, ${data.test.samples} to test`);

const spec = preset('cassetta-cifar-small-four', { batchNorm: true });
const settings = { mode: 'ann', epochs: Number(epochs), augment: { crop: { padding: 4 }, flip: true } } as const;
const { weights } = await train(spec, data, settings, {
  onEpoch: ({ epoch, validationAccuracy }) => console.log(`epoch ${epoch}: ${percent(validationAccuracy ?? 0)}`),
});
const ann = await simulate(spec, weights, data.test, { mode: 'ann', timesteps: 1 });
console.log(`ANN: ${percent(ann.accuracy.value)}`);

for (const { layer, severity, problem, remedy } of examine(spec, weights)) {
  if (severity !== 'note') console.log(`${layer} ${severity}: ${problem}; ${remedy}`);
}

const options = { percentile: 99.9, samples: Math.min(1000, data.train.samples), halfThreshold: true };
const converted = await convert(spec, weights, data.train, options);
const run = await simulate(converted.spec, converted.weights, data.test, {
  mode: 'snn',
  timesteps: 32,
  earlyStop: { rule: 'probability', threshold: [0.8, 0.95] },
});
for (const T of [4, 8, 16, 32]) console.log(`converted T=${T}: ${percent(run.accuracyByStep[T - 1]!)}`);
for (const { threshold, meanSteps, accuracy } of run.earlyStops) {
  console.log(
    `stopped when ${percent(threshold)} sure: ${percent(accuracy.value)} after ${meanSteps.toFixed(1)} steps`,
  );
}

const found = await diagnose({ spec, weights }, converted, data.validation, { timesteps: 32 });
console.log(diagnosisText(found, { width: 100, color: false }));
