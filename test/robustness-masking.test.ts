// Real networks: an undefended one must trip nothing, masked ones must.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { blobs } from '../src/data/index.ts';
import { type Backend, referenceBackend, wasmBackend } from '../src/engine/index.ts';
import { type EncoderSpec, lif, mlp } from '../src/model/index.ts';
import type { AttackOptions } from '../src/robustness/options.ts';
import { openPixels } from '../src/robustness/pixels.ts';
import type { AlarmKind, AttackRole, AttackSweep } from '../src/robustness/result.ts';
import { studyWith } from '../src/robustness/study.ts';
import type { Subject } from '../src/robustness/subject.ts';
import { openCohort } from '../src/robustness/sweep/cohort.ts';
import { type Laboratory, openLaboratory } from '../src/robustness/sweep/laboratory.ts';
import { simulateNetwork } from '../src/simulate/index.ts';
import { type NetworkTraining, trainNetwork } from '../src/train/index.ts';
import { plainTraining } from './fixtures/plain-training.ts';

const data = blobs({ train: 240, validation: 0, test: 90, shape: [4, 4, 1], noise: 0.12, seed: 3 });
const spec = mlp([16, 18, 4], { input: [4, 4, 1], neuron: lif({ surrogate: { kind: 'atan', slope: 2 } }) });
const constant: EncoderSpec = { kind: 'constant' };
const rate: EncoderSpec = { kind: 'rate', gain: 1, offset: 0 };
const training: NetworkTraining = { ...plainTraining, epochs: 6, batchSize: 16, validation: 0 };

async function trained(
  backend: Backend,
  mode: 'ann' | 'snn',
  timesteps: number,
  encoder: EncoderSpec,
): Promise<Subject> {
  const loss = { kind: mode === 'ann' ? 'cross-entropy' : 'ce-rate', onTarget: 0, offTarget: 0 } as const;
  const { weights } = await trainNetwork(backend, spec, data, { ...training, mode, timesteps, encoder, loss });
  return { name: mode.toUpperCase(), spec, weights, mode, timesteps, encoder, decoder: 'spike-count' };
}

const backend = await wasmBackend({ threads: 1 });
after(() => backend.close());
const ann = await trained(backend, 'ann', 1, constant);
const snn = await trained(backend, 'snn', 6, rate);

const attack: AttackOptions = {
  epsilons: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1],
  steps: 7,
  queries: 60,
  blackBoxSamples: 60,
  tuningSamples: 20,
};

async function sweep(
  subjects: readonly Subject[],
  options: AttackOptions = attack,
  change: (lab: Laboratory) => Laboratory = (lab) => lab,
  engine: Backend = backend,
): Promise<AttackSweep> {
  const source = openPixels(data.test);
  const lab = change(openLaboratory(engine, source, 1));
  const cohort = openCohort(source, data.test, 90);
  return (await studyWith(lab, cohort, subjects, { noise: null, attack: options, examples: 0 })).attack!;
}

const lineOf = ({ lines }: AttackSweep, network: string, role: AttackRole) =>
  lines.find((line) => line.network === network && line.role === role)!;
const kinds = (result: AttackSweep, network: string, role: AttackRole): readonly AlarmKind[] =>
  lineOf(result, network, role).alarms.map(({ kind }) => kind);
const accuracies = (result: AttackSweep, network: string, role: AttackRole): readonly number[] =>
  lineOf(result, network, role).points.map((point) => point?.accuracy.value ?? Number.NaN);

test('an undefended ANN trips nothing; a rate-coded SNN does if attacked naively, and not if attacked properly', async () => {
  const result = await sweep([ann, snn]);
  assert.ok(accuracies(result, 'ANN', 'naive')[0]! > 0.95 && accuracies(result, 'SNN', 'naive')[0]! > 0.95);
  for (const role of ['naive', 'proper', 'worst'] as const) assert.deepEqual(kinds(result, 'ANN', role), [], role);
  assert.deepEqual(kinds(result, 'SNN', 'naive'), [
    'above-chance',
    'weaker-than-noise',
    'weaker-than-black-box',
    'zero-gradients',
    'not-converged',
  ]);
  assert.equal(lineOf(result, 'SNN', 'naive').evidence, false);
  assert.equal(lineOf(result, 'SNN', 'naive').zeroGradients, 1);
  assert.deepEqual(kinds(result, 'SNN', 'proper'), []);
  assert.ok(accuracies(result, 'SNN', 'proper').at(-1)! < 0.05);

  // proper and worst never rise, worst is the lowest, transfer is between networks
  for (const network of ['ANN', 'SNN']) {
    const [proper, worst] = [accuracies(result, network, 'proper'), accuracies(result, network, 'worst')];
    for (const i of proper.keys()) assert.ok(worst[i]! <= proper[i]! && !(proper[i]! > proper[i - 1]!));
  }
  assert.equal(lineOf(result, 'SNN', 'transfer').from, 'ANN');
  assert.match(lineOf(result, 'SNN', 'naive').method, /^FGSM, one step, no gradient through the encoder$/);
  assert.match(
    lineOf(result, 'SNN', 'proper').method,
    /^PGD, 7 steps of 0\.25 epsilon, (straight-through, 2 draws|expected gradient)/,
  );
  assert.equal(lineOf(result, 'ANN', 'proper').points[0]!.difference, undefined);
  assert.ok(lineOf(result, 'SNN', 'proper').points[0]!.difference !== undefined);
});

/** The last layer times 10,000: predictions stay, the cross-entropy saturates. */
function saturated(): Subject {
  const last = [...ann.weights].filter(([key]) => key.startsWith('fc2'));
  assert.equal(last.length, 2);
  const scaled = last.map(([key, values]) => [key, values.map((weight) => 1e4 * weight)] as const);
  return { ...ann, name: 'masked', weights: new Map([...ann.weights, ...scaled]) };
}

/** The proper attack finds out that the margin has a gradient where cross-entropy has none: what was masked is open. */
function assertOpened(result: AttackSweep): void {
  assert.match(lineOf(result, 'masked', 'proper').method, /, margin loss$/);
  for (const role of ['proper', 'worst'] as const) assert.deepEqual(kinds(result, 'masked', role), [], role);
  const [masked, open] = ['masked', 'ANN'].map((network) => accuracies(result, network, 'proper'));
  masked!.forEach((accuracy, i) => {
    assert.ok(Math.abs(accuracy - open![i]!) < 0.1, `${accuracy} against ${open![i]} at ${attack.epsilons![i]}`);
  });
}

test('a saturated loss masks the naive attack: in float64 the gradient is 0', async () => {
  const result = await sweep([ann, saturated()], attack, undefined, referenceBackend());
  assert.equal(accuracies(result, 'masked', 'naive')[0], accuracies(result, 'ANN', 'naive')[0]);
  const found = kinds(result, 'masked', 'naive');
  for (const kind of ['above-chance', 'weaker-than-noise', 'weaker-than-black-box', 'zero-gradients'] as const)
    assert.ok(found.includes(kind), `naive: ${kind} not among ${found.join(', ')}`);
  assert.equal(lineOf(result, 'masked', 'naive').evidence, false);
  assert.deepEqual(kinds(result, 'ANN', 'proper'), []);
  assertOpened(result);
});

test('a saturated loss masks: in float32 the exponentials are cut off, and directions are wrong', async () => {
  const result = await sweep([ann, saturated()]);
  assert.deepEqual(kinds(result, 'masked', 'naive'), ['weaker-than-black-box', 'not-converged']);
  assertOpened(result);
});

test('a cut input gradient trips alarms without a second network to transfer from', async () => {
  const cut = (lab: Laboratory): Laboratory => ({
    ...lab,
    differentiator: () => ({
      gradient: ({ pixels, ids }) => ({
        values: new Float32Array(pixels.length),
        losses: new Float32Array(ids.length),
      }),
      load: () => {},
      close: () => {},
    }),
  });
  const result = await sweep([ann], attack, cut);
  for (const kind of ['above-chance', 'weaker-than-black-box', 'zero-gradients'] as const)
    assert.ok(kinds(result, 'ANN', 'proper').includes(kind), kind);
});

test('too few steps of too small a size have not converged', async () => {
  const result = await sweep([ann], { ...attack, steps: 2, stepSize: 0.05, attacks: ['proper'] });
  assert.ok(kinds(result, 'ANN', 'proper').includes('not-converged'));
  assert.match(lineOf(result, 'ANN', 'proper').alarms.at(-1)!.text, /with 8 steps/);
});

test('at epsilon 0 accuracy is that of the usual test run, to the image', async () => {
  const { lines } = await sweep([ann, snn], { epsilons: [0], attacks: ['naive'] });
  for (const { name, mode, timesteps, encoder, weights } of [ann, snn]) {
    const usual = { mode, timesteps, encoder, decoder: { kind: 'spike-count' }, seed: 1 } as const;
    const { accuracy } = await simulateNetwork(backend, spec, weights, data.test, usual);
    assert.equal(lines.find(({ network }) => network === name)!.points[0]!.accuracy.value, accuracy.value);
  }
});
