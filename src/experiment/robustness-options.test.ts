import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobs, type Dataset } from '../data/index.ts';
import { batchNorm, dense, initialWeights, lif, network, slot } from '../model/index.ts';
import { loadStudy } from './load-study.ts';
import { checkDisturbable, disturbedTimesteps, robustnessOptions, subjectOf } from './robustness-options.ts';
import type { Study } from './study.ts';
import { parseOverrides } from './study-overrides.ts';
import { QUICK_ROBUSTNESS } from './study-robustness.ts';

const studyWith = (assignments: readonly string[], quick = false): Study =>
  loadStudy({
    quick,
    overrides: parseOverrides(assignments.map((assignment) => ({ assignment, written: `--set ${assignment}` }))),
  });
const asked = (...assignments: string[]) => studyWith(assignments).robustness!;
const refused = (pattern: RegExp, ...assignments: string[]): void => {
  assert.throws(() => studyWith(assignments), { name: 'ConfigError', message: pattern }, assignments.join(' '));
};

test('off unless asked for; true and {} are the same whole section', () => {
  assert.equal(studyWith([]).robustness, null);
  assert.equal(studyWith(['robustness=false']).robustness, null);
  assert.deepEqual(asked('robustness=true'), asked('robustness={}'));
  assert.deepEqual(asked('robustness.samples=1000'), asked('robustness={}'));
  assert.equal(asked('robustness={}').noise!.kinds.length, 8);
  assert.deepEqual(
    loadStudy({ file: { label: 'a', settings: studyWith(['robustness=true']), locate: () => undefined } }).robustness,
    asked('robustness=true'),
  );
});

test('--quick makes it shorter where it is asked for, and does not ask for it', () => {
  assert.equal(studyWith([], true).robustness, null);
  const quick = studyWith(['robustness={}'], true).robustness!;
  assert.deepEqual([quick.samples, quick.draws], [QUICK_ROBUSTNESS.samples, QUICK_ROBUSTNESS.draws]);
  assert.equal(studyWith(['robustness.samples=7'], true).robustness!.samples, 7);
});

test('settings become options: kinds with their levels, or with levels of their own', () => {
  const study = asked(
    'robustness.noise={kinds: [gaussian, blur], levels: {gaussian: [0, 0.5]}}',
    'robustness.faults.kinds=[dead-neurons]',
    ...['robustness.draws=2', 'robustness.attack.epsilons=[0, 0.1]'],
  );
  const options = robustnessOptions(study, 5);
  assert.deepEqual(options.noise, {
    kinds: { gaussian: [0, 0.5], blur: 'default', 'dead-neurons': 'default' },
    draws: 2,
  });
  assert.deepEqual([options.seed, options.samples, options.attack?.epsilons], [5, 1000, [0, 0.1]]);
  const without = robustnessOptions(asked('robustness={noise: null, faults: null}'), 1);
  assert.equal(without.noise, null);
  assert.equal('epsilons' in without.attack!, false, 'left to the attack where not given');
  assert.equal(robustnessOptions(asked('robustness.attack=null'), 1).attack, null);
});

test('what cannot be asked is refused with key, value and what is allowed', () => {
  refused(
    /^robustness\.samples: got 0, expected a number of at least 1 \(--set robustness\.samples=0\)$/,
    'robustness.samples=0',
  );
  refused(
    /^robustness\.attack\.epsilons\[0\]: got -0\.1, expected a number of at least 0/,
    'robustness.attack.epsilons=[-0.1, 0.2]',
  );
  refused(
    /^robustness\.attack\.epsilons: got \[0\.3,0\.1\], expected numbers that rise/,
    'robustness.attack.epsilons=[0.3, 0.1]',
  );
  refused(
    /^robustness\.noise\.kinds\[0\]: got "gausian", expected one of .*did you mean "gaussian"\?/,
    'robustness.noise.kinds=[gausian]',
  );
  refused(/^robustness\.noise\.levels\.fog: unknown key; allowed: gaussian, /, 'robustness.noise.levels.fog=[1]');
  refused(/^robustness\.attack\.eps: unknown key; .*allowed: attacks, norm, /, 'robustness.attack.eps=1');
  refused(/^robustness: got 3, expected a mapping/, 'robustness=3');
  refused(
    /^robustness\.convertedTimesteps: got 7, expected one of convert\.timesteps: 5, 10, /,
    'robustness.convertedTimesteps=7',
  );
  refused(
    /^robustness: asks for no noise, no faults and no attack; leave one/,
    'robustness={noise: null, attack: null, faults: {kinds: []}}',
  );
});

test('an epsilon beyond what a pixel can change is refused once the data is known', () => {
  const images: Dataset = {
    ...{ name: 'tiny', source: 'made up', classes: ['a', 'b'], shape: [2], samples: 2, scale: 1 / 255 },
    ...{ values: Uint8Array.of(0, 9, 255, 3), labels: Uint8Array.of(0, 1) },
  };
  checkDisturbable(asked('robustness={}'), images);
  checkDisturbable(asked('robustness.attack.epsilons=[0, 1]'), images);
  assert.throws(() => checkDisturbable(asked('robustness.attack.epsilons=[0, 1.5]'), images), {
    name: 'ConfigError',
    message:
      /^robustness\.attack\.epsilons: got 1\.5, but the pixels of "tiny" lie between 0 and 1, so that no linf change is larger than 1; give sizes up to that$/,
  });
  const l2 = (most: number) => asked('robustness.attack.norm=l2', `robustness.attack.epsilons=[${most}]`);
  checkDisturbable(l2(1.4), images);
  assert.throws(() => checkDisturbable(l2(1.6), images), /no l2 change is larger than 1\.414;/);
});

test('a network is disturbed as it is deployed, without its norms', () => {
  const { test: data } = blobs({ seed: 1, train: 4, validation: 0, test: 4 });
  const neuron = lif({ beta: 0.5 });
  const spec = network('normed', data.shape, [
    ...[dense('fc1', 5), batchNorm('bn1'), slot('act1', neuron)],
    ...[dense('fc2', data.classes.length), slot('act2', neuron, { ann: 'identity' })],
  ]);
  const candidate = {
    ...{ name: 'SNN T=4', spec, weights: initialWeights(spec, 3) },
    reading: { kind: 'snn', timesteps: 4, encoder: { kind: 'constant' }, decoder: 'spike-count' } as const,
  };
  const subject = subjectOf(candidate);
  assert.ok(!subject.spec.layers.some(({ kind }) => kind === 'batch-norm'));
  assert.deepEqual(
    [subject.name, subject.mode, subject.timesteps, subject.decoder],
    ['SNN T=4', 'snn', 4, 'spike-count'],
  );
  assert.equal(subjectOf({ ...candidate, reading: { ...candidate.reading, kind: 'converted' } }).mode, 'snn');
  const tested = [5, 20, 50, 100];
  assert.equal(disturbedTimesteps(null, tested, null), 100);
  assert.equal(disturbedTimesteps(null, tested, undefined), 100);
  assert.equal(disturbedTimesteps(null, tested, 7), 20);
  assert.equal(disturbedTimesteps(null, tested, 20), 20);
  assert.equal(disturbedTimesteps(50, tested, 7), 50);
});
