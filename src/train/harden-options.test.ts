import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/index.ts';
import { blobs } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { type EncoderSpec, mlp } from '../model/index.ts';
import { type AdversarialTraining, checkHarden, type HardenOptions, type NoiseTraining } from './harden-options.ts';
import { openHardenedStage } from './harden-stage.ts';
import type { NetworkTraining } from './options.ts';

const pgd: AdversarialTraining = {
  kind: 'adversarial',
  attack: { kind: 'pgd', norm: 'linf', steps: 5, stepSize: 0.4, randomStart: true },
  epsilon: 0.1,
  gradient: { through: 'straight-through', draws: 1, slope: 1 },
};
const noise: NoiseTraining = { kind: 'noise', corruption: 'gaussian', level: 0.2 };
const rate: EncoderSpec = { kind: 'rate', gain: 1, offset: 0 };
const check = (options: HardenOptions, encoder: EncoderSpec = rate): void => checkHarden(options, encoder);
const saying = (message: string | RegExp) => (error: unknown) => {
  assert.ok(error instanceof ConfigError);
  if (typeof message === 'string') assert.equal(error.message, message);
  else assert.match(error.message, message);
  return true;
};

test('good options pass', () => {
  check(pgd);
  check({ ...pgd, attack: { kind: 'fgsm', norm: 'l2' }, share: 0.5 });
  check({ ...pgd, gradient: { ...pgd.gradient, through: 'none' } }, { kind: 'constant' });
  check({ ...noise, level: 0 });
});

test('each impossible option is named with its value and what is allowed', () => {
  const refuses = (options: unknown, message: string): void =>
    assert.throws(() => check(options as HardenOptions), saying(message));
  const attack = (change: object): unknown => ({ ...pgd, attack: { ...pgd.attack, ...change } });
  const gradient = (change: object): unknown => ({ ...pgd, gradient: { ...pgd.gradient, ...change } });
  refuses({ kind: 'luck' }, 'harden.kind: got "luck", expected one of adversarial, noise');
  refuses({ ...noise, share: 0 }, 'harden.share: got 0, expected a share above 0, and at most 1');
  refuses({ ...pgd, share: 1.5 }, 'harden.share: got 1.5, expected a share above 0, and at most 1');
  refuses({ ...noise, level: -1 }, 'harden.level: got -1, expected a number of at least 0');
  refuses(
    { ...pgd, epsilon: 0 },
    'harden.epsilon: got 0, expected a positive number, in pixel values (0.1 of a range of 0 to 1)',
  );
  refuses(
    attack({ kind: 'square' }),
    'harden.attack.kind: got "square", expected one of fgsm, pgd (attacks by gradient)',
  );
  refuses({ ...pgd, warmup: 0.5 }, 'harden.warmup: got 0.5, expected an integer of at least 0 (epochs)');
  refuses(attack({ norm: 'l1' }), 'harden.attack.norm: got "l1", expected one of linf, l2');
  refuses(attack({ steps: 0 }), 'harden.attack.steps: got 0, expected an integer of at least 1');
  refuses(attack({ stepSize: 0 }), 'harden.attack.stepSize: got 0, expected a positive number');
  refuses(
    gradient({ through: 'wall' }),
    'harden.gradient.through: got "wall", expected one of none, straight-through, expected',
  );
  refuses(gradient({ draws: 1.5 }), 'harden.gradient.draws: got 1.5, expected an integer of at least 1');
  refuses(gradient({ slope: Number.NaN }), 'harden.gradient.slope: got NaN, expected a positive number');
  refuses(
    { ...noise, corruption: 'fog' },
    'harden.corruption: got "fog", expected one of gaussian, uniform, salt-and-pepper, occlusion, blur, contrast, quantize, dropped-pixels',
  );
  refuses(
    gradient({ through: 'none' }),
    'harden.gradient.through: got "none" with a rate encoder, through which no gradient reaches the pixels; use straight-through or expected',
  );
});

test('data that cannot be disturbed so is refused before anything is learned', () => {
  const { train } = blobs();
  const spec = mlp([7, 4]);
  const open = (dataset: typeof train, harden: HardenOptions) => (): unknown => {
    const options = { seed: 1, batchSize: 8, encoder: rate, harden } as unknown as NetworkTraining & {
      harden: typeof harden;
    };
    return openHardenedStage(referenceBackend(), spec, dataset, options, () => new Map());
  };
  assert.throws(
    open(train, { ...noise, corruption: 'blur' }),
    saying(/^blur: got samples of shape \[7\], expected images/),
  );
  assert.throws(
    open(train, { ...noise, corruption: 'dropped-pixels', level: 2 }),
    saying(/level: got 2, expected a share/),
  );
  assert.throws(open({ ...train, timesteps: 7, shape: [1] }, noise), {
    name: 'UnsupportedError',
    message: /its samples are sequences of 7 steps, and only still images are disturbed/,
  });
});
