// Adversarial and noise training.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainTraining } from '../../test/fixtures/plain-training.ts';
import { blobs, type Dataset, withNormalization } from '../data/index.ts';
import { type Backend, type Batch, type Program, referenceBackend, wasmBackend } from '../engine/index.ts';
import { mlp } from '../model/index.ts';
import { corrupt, openClassifier, openDifferentiator, openPixels, perturb, type Subject } from '../robustness/index.ts';
import type { AdversarialTraining, HardenOptions } from './harden-options.ts';
import { chosenSamples, hardenSeed } from './harden-seed.ts';
import type { NetworkTraining } from './options.ts';
import type { TrainResult } from './result.ts';
import { trainNetwork } from './train-network.ts';

const data = blobs({ train: 60, validation: 20, test: 80 });
const spec = mlp([7, 17, 4]);
const ann = plainTraining;
const snn: NetworkTraining = {
  ...ann,
  mode: 'snn',
  timesteps: 6,
  loss: { kind: 'ce-rate', onTarget: 0, offTarget: 0 },
  encoder: { kind: 'rate', gain: 1, offset: 0 },
};
const gradient = { through: 'straight-through', draws: 2, slope: 1 } as const;
const pgd: AdversarialTraining = {
  kind: 'adversarial',
  attack: { kind: 'pgd', norm: 'linf', steps: 3, stepSize: 0.5, randomStart: true },
  epsilon: 0.1,
  gradient,
};
const fgsm: AdversarialTraining = { ...pgd, attack: { kind: 'fgsm', norm: 'linf' } };
const noise: HardenOptions = { kind: 'noise', corruption: 'gaussian', level: 0.2 };

/** The reference backend, telling what each program was run on: `learned` by the program that is updated. */
function watched(): { backend: Backend; learned: Batch[]; attacks: () => number; validated: Batch[] } {
  const [learned, validated]: [Batch[], Batch[]] = [[], []];
  let attacks = 0;
  const backend = referenceBackend();
  const watch = (program: Program): Program => ({
    ...program,
    run(batch) {
      const { input, sampleIds, labels } = batch;
      const kept: Batch = {
        ...batch,
        input: input.slice(),
        sampleIds: sampleIds!.slice(),
        labels: labels!.slice(),
      };
      if (program.plan.update.length > 0) learned.push(kept);
      else if (program.plan.backward.length > 0) attacks++;
      else validated.push(kept);
      program.run(batch);
    },
  });
  return {
    backend: { ...backend, compile: (plan, options) => watch(backend.compile(plan, options)) },
    learned,
    validated,
    attacks: () => attacks,
  };
}

const hardenedBy = (harden: HardenOptions, options = ann): NetworkTraining => ({ ...options, harden });
const train = (options: NetworkTraining, backend: Backend = referenceBackend()): Promise<TrainResult> =>
  trainNetwork(backend, spec, data, options);

const losses = ({ weights, training }: TrainResult) => ({
  weights,
  losses: training.epochs.map(({ trainLoss, validationLoss }) => [trainLoss, validationLoss]),
});

/** Accuracy on a test set, its images attacked by FGSM at `epsilon`. */
async function underFgsm(backend: Backend, subject: Subject, test: Dataset, epsilon: number): Promise<number> {
  const source = openPixels(test);
  const images = source.images([...test.labels.keys()]);
  const differentiator = openDifferentiator(backend, subject, source, { ...gradient, seed: 0 });
  const classifier = openClassifier(backend, subject, source, { seed: 0 });
  const tools = { differentiator, range: source.range, shape: source.shape, classes: 4, seed: 0 };
  const pixels = await perturb({ kind: 'fgsm', norm: 'linf' }, epsilon, images, test.labels, tools);
  const { predictions } = classifier.classify({ ...images, pixels }, test.labels);
  return predictions.filter((label, i) => label === test.labels[i]).length / test.samples;
}

for (const [name, options, epsilon] of [
  ['ANN', ann, 0.2],
  ['SNN, rate-coded', snn, 0.2],
] as const) {
  test(`adversarial training raises the accuracy under attack: ${name}`, async () => {
    const noisy = blobs({ train: 120, validation: 0, test: 200, shape: [60], noise: 0.3 });
    const wide = mlp([60, 32, 4]);
    const backend = await wasmBackend({ threads: 1 });
    const accuracy = async (harden?: HardenOptions): Promise<number> => {
      const long = { ...options, epochs: 20, ...(harden && { harden }) };
      const { weights } = await trainNetwork(backend, wide, noisy, long);
      const subject = { ...options, name, spec: wide, weights, decoder: 'spike-count' } as const;
      return underFgsm(backend, subject, noisy.test, epsilon);
    };
    const plain = await accuracy();
    for (const each of [fgsm, pgd]) {
      const hardened = await accuracy({ ...each, epsilon });
      assert.ok(hardened >= plain + 0.08, `${each.attack.kind}: ${hardened} against ${plain}`);
    }
    await backend.close();
  });
}

test('a batch of noise training is the clean batch, corrupted', async () => {
  const normalised = withNormalization(data.train, { mean: [0.3], deviation: [0.25] });
  const source = openPixels(normalised);
  for (const train of [data.train, normalised]) {
    const { backend, learned } = watched();
    await trainNetwork(backend, spec, { ...data, train }, hardenedBy(noise));
    assert.equal(learned.length, 24);
    for (const { epoch, sampleIds, input, labels } of learned) {
      const images = source.images(sampleIds!);
      const { shape, range } = source;
      const drawn = { shape, range, seed: hardenSeed(ann.seed, epoch), draw: 0 };
      const expected = corrupt('gaussian', 0.2, images, drawn);
      assert.deepEqual(input, train === data.train ? expected : source.stage(expected));
      assert.deepEqual(
        [...labels!],
        [...sampleIds!].map((id) => data.train.labels[id]),
      );
    }
    const [first, second] = [0, 1].map((nth) => learned.filter(({ sampleIds }) => sampleIds!.includes(7))[nth]!);
    const of = ({ input, sampleIds }: Batch) => input.slice(7 * sampleIds!.indexOf(7), 7 * sampleIds!.indexOf(7) + 7);
    assert.notDeepEqual(of(first!), of(second!), 'each epoch has its own noise');
  }
});

test('augmented images are disturbed, not disturbed ones augmented', async () => {
  const images = blobs({ shape: [5, 6, 1], train: 20, validation: 0 });
  const augment = { crop: { padding: 2 }, flip: true };
  const { backend, learned } = watched();
  await trainNetwork(backend, mlp([30, 4]), images, { ...hardenedBy({ ...noise, corruption: 'blur' }), augment });
  const source = openPixels(images.train, { augment });
  for (const { epoch, sampleIds, input } of learned) {
    const { shape, range } = source;
    const clean = source.images(sampleIds!, ann.seed, epoch);
    assert.deepEqual(input, corrupt('blur', 0.2, clean, { shape, range, seed: 0, draw: 0 }));
  }
});

test('a disturbance of nothing trains to the bits of plain training', async () => {
  const backend = await wasmBackend({ threads: 1 });
  const plain = losses(await train(snn, backend));
  const by = async (level: number) => losses(await train(hardenedBy({ ...noise, level }, snn), backend));
  assert.deepEqual(await by(0), plain);
  assert.notDeepEqual(await by(0.001), plain);
  await backend.close();
});

test('a share of the samples is disturbed, drawn by sample and epoch', async () => {
  const { backend, learned } = watched();
  await train(hardenedBy({ ...noise, share: 0.4 }), backend);
  const source = openPixels(data.train);
  const disturbed = learned.map(({ epoch, sampleIds, input }) =>
    [...sampleIds!].filter((id, i) => {
      const changed = source.images([id]).pixels.some((pixel, k) => pixel !== input[7 * i + k]);
      assert.equal(chosenSamples(Uint32Array.of(id), 0.4, ann.seed, epoch).length === 1, changed);
      return changed;
    }),
  );
  const share = disturbed.flat().length / 180;
  assert.ok(share > 0.3 && share < 0.5, `share ${share}`);
  assert.notDeepEqual(disturbed.slice(0, 8).flat().toSorted(), disturbed.slice(8, 16).flat().toSorted());
});

test('attacked images stay in the ball and do harm; one gradient a step; validation is of clean images', async () => {
  const { backend, learned, attacks, validated } = watched();
  await train(hardenedBy(pgd), backend);
  assert.equal(attacks(), 24 * 3);
  const source = openPixels(data.train);
  let moved = 0;
  for (const { sampleIds, input } of learned) {
    const { pixels } = source.images(sampleIds!);
    for (const [k, value] of input.entries()) {
      assert.ok(value >= 0 && value <= 1 && Math.abs(value - pixels[k]!) <= 0.1 + 1e-7);
      moved += Math.abs(value - pixels[k]!);
    }
  }
  assert.ok(moved / (180 * 7) > 0.05, `mean change ${moved / (180 * 7)}`);
  assert.deepEqual(validated[0]!.input, data.validation.values);
});

test('the ball grows over the epochs of the warm-up', async () => {
  const { backend, learned } = watched();
  await train(hardenedBy({ ...fgsm, warmup: 2 }), backend);
  const source = openPixels(data.train);
  const reach = [0, 0, 0, 0];
  for (const { epoch, sampleIds, input } of learned) {
    const { pixels } = source.images(sampleIds!);
    for (const [k, value] of input.entries()) reach[epoch] = Math.max(reach[epoch]!, Math.abs(value - pixels[k]!));
  }
  assert.deepEqual(
    reach.map((most) => most.toFixed(4)),
    ['0.0000', '0.0333', '0.0667', '0.1000'],
  );
});

test('the attacker attacks the weights of this update', async () => {
  const { backend, learned } = watched();
  await train(hardenedBy(fgsm), backend);
  const { backend: other, learned: frozen } = watched();
  await train({ ...hardenedBy(fgsm), optimizer: { ...ann.optimizer, learningRate: 1e-30 } }, other);
  const inputs = (batches: Batch[]) => batches.map(({ input }) => input);
  assert.deepEqual(inputs(learned.slice(0, 1)), inputs(frozen.slice(0, 1)));
  assert.notDeepEqual(inputs(learned.slice(16)), inputs(frozen.slice(16)));
});

for (const [name, harden] of [
  ['noise', { ...noise, share: 0.5 }],
  ['pgd', pgd],
  ['fgsm in L2', { ...fgsm, attack: { kind: 'fgsm', norm: 'l2' }, share: 0.5 }],
] as const) {
  test(`the same bits with 1 and 2 threads, other bits with another seed: ${name}`, async () => {
    const by = async (threads: number, seed: number) => {
      const backend = await wasmBackend({ threads });
      const found = losses(await train({ ...hardenedBy(harden, snn), seed }, backend));
      await backend.close();
      return found;
    };
    const one = await by(1, 5);
    assert.deepEqual(await by(2, 5), one);
    assert.notDeepEqual((await by(1, 6)).losses, one.losses);
  });
}

test('what it costs is told', async () => {
  const plain = await train(ann);
  assert.deepEqual([plain.hardenSeconds, plain.training.hardening], [0, undefined]);
  const result = await train(hardenedBy({ ...pgd, share: 0.5 }));
  assert.ok(result.bytes > plain.bytes, 'the attacking program takes memory too');
  assert.ok(result.hardenSeconds > 0 && result.hardenSeconds < result.seconds);
  assert.deepEqual(result.training.hardening, {
    kind: 'adversarial',
    label: 'PGD (3 steps of 0.5 epsilon, random start), epsilon 0.1 (L-infinity), 50 % of the images',
    seconds: result.hardenSeconds,
  });
  const labels = [
    (await train(hardenedBy(noise))).training.hardening,
    (await train(hardenedBy(fgsm))).training.hardening,
  ];
  assert.deepEqual(
    labels.map((hardening) => hardening!.label),
    ['gaussian 0.2', 'FGSM, epsilon 0.1 (L-infinity)'],
  );
});
