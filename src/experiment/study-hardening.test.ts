import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/index.ts';
import type { NetworkTraining } from '../train/index.ts';
import { loadStudy } from './load-study.ts';
import { parseOverrides } from './study-overrides.ts';
import { trainingOptions } from './train-stage.ts';

const study = (...assignments: string[]) =>
  loadStudy({
    overrides: parseOverrides(assignments.map((assignment) => ({ assignment, written: `--set ${assignment}` }))),
  });
const hardenOf = (...assignments: string[]): NetworkTraining['harden'] =>
  trainingOptions(study(...assignments), 'snn').harden;
const refuses = (message: string | RegExp, ...assignments: string[]): void =>
  assert.throws(
    () => study(...assignments),
    (error) => {
      assert.ok(error instanceof ConfigError);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    },
  );

test('nothing is hardened unless asked for, and only what is asked for', () => {
  for (const kind of ['ann', 'snn'] as const) assert.equal('harden' in trainingOptions(study(), kind), false);
  const hardened = study('training.snn.harden={kind: noise, level: 0.2}');
  assert.equal('harden' in trainingOptions(hardened, 'ann'), false);
  assert.deepEqual(trainingOptions(hardened, 'snn').harden, {
    kind: 'noise',
    corruption: 'gaussian',
    level: 0.2,
    share: 1,
  });
});

test('what is left out of adversarial training has defaults', () => {
  const shared = {
    ...{ kind: 'adversarial', epsilon: 0.1, warmup: 0, share: 1 },
    gradient: { through: 'straight-through', draws: 1, slope: 1 },
  };
  const pgd = { kind: 'pgd', norm: 'linf', randomStart: true };
  assert.deepEqual(hardenOf('training.snn.harden={kind: adversarial, epsilon: 0.1}'), {
    ...shared,
    attack: { ...pgd, steps: 5, stepSize: 0.4 },
  });
  const fgsm = 'training.snn.harden={kind: adversarial, epsilon: 0.1, attack: fgsm}';
  assert.deepEqual(hardenOf(fgsm), { ...shared, attack: { ...pgd, steps: 1, stepSize: 1.25 } });
  assert.deepEqual(hardenOf(fgsm, 'training.snn.harden.randomStart=false', 'training.snn.harden.norm=l2'), {
    ...shared,
    attack: { kind: 'fgsm', norm: 'l2' },
  });
  const all =
    '{kind: adversarial, epsilon: 0.1, attack: pgd, steps: 7, stepSize: 0.25, through: expected, draws: 3, slope: 0.5, share: 0.5}';
  assert.deepEqual(hardenOf(`training.snn.harden=${all}`), {
    ...shared,
    share: 0.5,
    attack: { ...pgd, steps: 7, stepSize: 0.25 },
    gradient: { through: 'expected', draws: 3, slope: 0.5 },
  });
});

test('another kind replaces, null takes back', () => {
  const noise = 'training.snn.harden={kind: noise, corruption: occlusion, level: 0.2}';
  const both = ['training.snn.harden={kind: adversarial, epsilon: 0.1}', noise];
  assert.deepEqual(hardenOf(...both), { kind: 'noise', corruption: 'occlusion', level: 0.2, share: 1 });
  assert.equal(hardenOf(noise, 'training.snn.harden=null'), undefined);
});

test('what cannot be is refused with its place', () => {
  const key = 'training.snn.harden';
  refuses(
    `${key}.epsilon: missing; expected a number (--set ${key}={kind: adversarial})`,
    `${key}={kind: adversarial}`,
  );
  refuses(
    /^training\.snn\.harden\.corruption: got "fog", expected one of gaussian, uniform/,
    `${key}={kind: noise, level: 1, corruption: fog}`,
  );
  refuses(
    /^training\.snn\.harden\.share: got 0, expected a number of more than 0/,
    `${key}={kind: noise, level: 1, share: 0}`,
  );
  refuses(
    /^training\.snn\.harden\.steps: got 5, expected 1, as fgsm makes one step; use pgd for more/,
    `${key}={kind: adversarial, epsilon: 0.1, attack: fgsm, steps: 5}`,
  );
  refuses(
    /^training\.snn\.harden\.eps: unknown key; .*allowed: kind, epsilon/,
    `${key}={kind: adversarial, epsilon: 1, eps: 1}`,
  );
  refuses(/^training\.snn\.harden\.kind: .*adversarial, noise/, `${key}={epsilon: 0.1}`);
});
