// Studies of convolutional networks: what is read, fitted to the data, refused.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeCifarFolder } from '../../test/fixtures/cifar-folder.ts';
import { loadStudy } from './load-study.ts';
import { summariseSpec } from './network-summary.ts';
import type { Study } from './study.ts';
import { withActivation } from './study-activation.ts';
import { describeData, loadStudyData } from './study-data.ts';
import { differingKeys } from './study-difference.ts';
import { networkOf } from './study-network.ts';
import { parseOverrides } from './study-overrides.ts';
import { studyPresets } from './study-presets.ts';
import { trainingOptions } from './train-stage.ts';

const parent = mkdtempSync(join(tmpdir(), 'spikewatt-study-'));
after(() => rmSync(parent, { recursive: true }));
const folder = writeCifarFolder(join(parent, 'cifar'), { batch: 20, test: 10 });

const studyOf = (...settings: readonly string[]): Study =>
  loadStudy({ overrides: parseOverrides(settings.map((assignment) => ({ assignment, written: assignment }))) });

const CIFAR = [`data={dataset: folder, path: ${JSON.stringify(folder)}}`, 'encoder={kind: constant}'];
const images = { name: 'images', shape: [20, 24, 1], classes: ['a', 'b', 'c'] };

test('a network by name is fitted to the data: shape, classes, neuron, its own options', () => {
  const study = studyOf('network={preset: niederlechner-mnist-small, batchNorm: true, dropout: 0}', 'neuron.beta=0.7');
  const spec = networkOf(study.network, study.neuron, images);
  assert.deepEqual(spec.input, [20, 24, 1]);
  const { layers } = summariseSpec(spec);
  assert.deepEqual(
    layers.map(({ kind }) => kind),
    ['conv', 'batch-norm', 'slot', 'pool', 'flatten', 'dense', 'slot', 'dense', 'slot'],
  );
  assert.deepEqual(layers.at(-1)!.output, [3]);
  const slot = spec.layers.find((layer) => layer.kind === 'slot')!;
  assert.deepEqual(slot.neuron.decay, { ...slot.neuron.decay, beta: 0.7 });
});

test('a summary counts parameters and multiplications of each layer', () => {
  const study = studyOf('network={preset: niederlechner-mnist-small, batchNorm: true}');
  const summary = summariseSpec(networkOf(study.network, study.neuron, { ...images, shape: [28, 28, 1] }));
  const [conv, norm] = summary.layers;
  assert.deepEqual([conv!.output, conv!.parameters, conv!.macs], [[26, 26, 32], 320, 26 * 26 * 32 * 9]);
  assert.deepEqual([norm!.parameters, norm!.macs], [64, 0]);
  assert.equal(
    summary.parameters,
    summary.layers.reduce((sum, { parameters }) => sum + parameters, 0),
  );
  assert.equal(conv!.detail, '3x3, 32 filters');
});

test('what a network does not take, and data it is not for, are refused', () => {
  const study = studyOf();
  const fitted = (network: Study['network'], data = images) => networkOf(network, study.neuron, data);
  assert.throws(() => fitted({ preset: 'mnist-mlp', batchNorm: true }), {
    name: 'ConfigError',
    message: /^preset "mnist-mlp": batchNorm: got true, but it takes neuron, /,
  });
  assert.throws(() => fitted('vgg16-cifar', { ...images, shape: [7] }), {
    name: 'ConfigError',
    message:
      /^network: "vgg16-cifar" has convolutions and takes images \[height, width, channels\], a sample of "images" is \[7\]; use/,
  });
  assert.throws(() => fitted('vgg16-cifar'), {
    name: 'ShapeError',
    message: /^pool "pool5": kernel \[2, 2\] is larger than its input \[1, 1, 512\]/,
  });
  assert.throws(
    () => studyOf('network={preset: vgg61}'),
    /^ConfigError: network\.preset: got "vgg61".*did you mean "vgg1/,
  );
});

test('an activation of the study stands at every hidden slot', () => {
  const study = studyOf('network=cassetta-cifar-small-four', 'activation={kind: quantized, levels: 4}');
  assert.deepEqual(study.activation, { kind: 'quantized', levels: 4, ceiling: 8 });
  const spec = networkOf(study.network, study.neuron, { ...images, shape: [32, 32, 3] });
  const slots = (given: typeof spec) => given.layers.flatMap((layer) => (layer.kind === 'slot' ? [layer.ann] : []));
  const quantized = slots(withActivation(spec, { kind: 'quantized', levels: 4, ceiling: 6 }));
  assert.deepEqual(quantized.slice(0, -1), Array(6).fill({ kind: 'quantized', levels: 4, ceiling: 6 }));
  assert.equal(quantized.at(-1), 'identity');
  assert.deepEqual(withActivation(spec, { kind: 'as-described' }), spec);
  assert.equal(slots(withActivation(spec, { kind: 'relu6' }))[0], 'relu6');
});

test('CIFAR is normalised by its own values where pixels are currents, and the record says so', async () => {
  const study = studyOf(...CIFAR);
  const data = await loadStudyData(study);
  const record = describeData(data, study);
  assert.deepEqual(record.normalize?.by, 'cifar10');
  assert.deepEqual(record.normalize?.mean, [0.4914, 0.4822, 0.4465]);
  assert.deepEqual([record.trainSamples, record.testSamples, record.officialTestSamples], [90, 10, 10_000]);
  assert.match(record.source, /10 of the 10000 official test images/);
  const rated = studyOf(CIFAR[0]!);
  assert.equal(describeData(await loadStudyData(rated), rated).normalize, undefined);
  const own = studyOf(...CIFAR, 'data.normalize={mean: [0.5], deviation: [0.25]}');
  assert.deepEqual(describeData(await loadStudyData(own), own).normalize, {
    by: 'given',
    mean: [0.5],
    deviation: [0.25],
  });
  const measured = studyOf(...CIFAR, 'data.normalize=measured');
  assert.equal(describeData(await loadStudyData(measured), measured).normalize?.by, 'measured');
  const none = studyOf(...CIFAR, 'data.normalize=none');
  assert.equal(describeData(await loadStudyData(none), none).normalize, undefined);
});

test('normalised values are not rate-coded', () => {
  assert.throws(() => studyOf('data.normalize=mnist'), {
    name: 'ConfigError',
    message:
      /^data\.normalize: got "mnist", but an encoder is "rate" or "latency", .*; set data\.normalize=none, or use/,
  });
});

test('made-up patterns come in the shape asked for', async () => {
  const data = await loadStudyData(studyOf('data={dataset: blobs, shape: [8, 9, 2], train: 30}'));
  assert.deepEqual([data.train.shape, data.train.samples, data.validation.samples], [[8, 9, 2], 27, 3]);
});

test('crops and flips reach training, and are nothing where none are asked for', () => {
  const study = studyOf('training.ann.augment={crop: 4, flip: true}', 'training.snn.augment.flip=true');
  assert.deepEqual(trainingOptions(study, 'ann').augment, { crop: { padding: 4 }, flip: true });
  assert.deepEqual(trainingOptions(study, 'snn').augment, { flip: true });
  assert.equal('augment' in trainingOptions(studyOf(), 'ann'), false);
});

test('an unknown profile for early stopping is refused', () => {
  assert.throws(() => studyOf('earlyStop.profile=keras-loihy'), {
    name: 'ConfigError',
    message:
      /^earlyStop\.profile: no profile "keras-loihy"; did you mean "keras-loihi"\? profiles: horowitz-45nm-fp32, /,
  });
});

test('what does not change the result does not make another study', () => {
  const a = { data: { download: true, test: 3 }, threads: 1 };
  const b = { data: { download: false, test: 4 }, threads: 2 };
  assert.deepEqual(differingKeys(a, b, ['threads', 'data.download']), ['data.test']);
});

test('quick makes every preset of convolutional networks small', () => {
  for (const { name } of studyPresets.filter((preset) => preset.name.startsWith('cnn-'))) {
    const study = loadStudy({ preset: name, quick: true });
    assert.ok(study.data.train! <= 6000 && study.training.ann.epochs <= 3, name);
  }
});
