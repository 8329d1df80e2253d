// Perturbs images so that a network errs, within a ball around each. Every attack is deterministic for a seed, and what it makes of an
// image does not depend on the other images.

import { ConfigError } from '../../core/index.ts';
import type { AttackSettings } from '../settings.ts';
import type { Images } from '../subject.ts';
import type { AttackContext, AttackTools } from './attack-context.ts';
import { fgsm } from './fgsm.ts';
import { openPause } from './pause.ts';
import { pgd } from './pgd.ts';
import { randomNoise } from './random-noise.ts';
import { square } from './square.ts';

/**
 * The perturbed pixels [n, size], in a fresh array: within `epsilon` of the images (but for float32 rounding) and within the range.
 * Throws ConfigError for settings that cannot be, InterruptedError when stopped.
 */
export async function perturb(
  settings: AttackSettings,
  epsilon: number,
  images: Images,
  labels: Uint8Array,
  tools: AttackTools,
): Promise<Float32Array> {
  const { range, classes, shape, seed, signal, onProgress } = tools;
  const size = shape.reduce((product, length) => product * length, 1);
  checkAttack(settings, epsilon);
  checkImages(images, labels, size);
  if (epsilon === 0 || labels.length === 0) return images.pixels.slice();
  const breathe = openPause('attack', signal);
  const context: AttackContext = {
    epsilon,
    images,
    labels: settings.targeted ? labels.map((label) => (label + 1) % classes) : labels,
    direction: settings.targeted ? -1 : 1,
    size,
    range,
    shape,
    seed,
    async pause(done, total) {
      onProgress?.(done, total);
      await breathe();
    },
  };
  return await run(settings, context, tools);
}

function run(
  settings: AttackSettings,
  context: AttackContext,
  { differentiator, classifier }: AttackTools,
): Promise<Float32Array> | Float32Array {
  switch (settings.kind) {
    case 'fgsm':
      return fgsm(settings.norm, needed(differentiator, settings.kind, 'a differentiator'), context);
    case 'pgd':
      return pgd(settings, needed(differentiator, settings.kind, 'a differentiator'), context);
    case 'square':
      return square(settings, needed(classifier, settings.kind, 'a classifier'), context);
    case 'noise':
      return randomNoise(settings.norm, context);
    default:
      throw unknown(settings);
  }
}

const unknown = (settings: never): ConfigError =>
  new ConfigError('attack.kind', `got "${(settings as AttackSettings).kind}", expected fgsm, pgd, square or noise`);

function needed<Tool>(tool: Tool | undefined, kind: string, name: string): Tool {
  if (tool === undefined)
    throw new ConfigError('attack', `"${kind}" got none, expected ${name} of the network attacked`);
  return tool;
}

function checkAttack(settings: AttackSettings, epsilon: number): void {
  const { norm, kind } = settings;
  if (norm !== 'linf' && norm !== 'l2') throw new ConfigError('attack.norm', `got "${norm}", expected linf or l2`);
  if (!(Number.isFinite(epsilon) && epsilon >= 0))
    throw new ConfigError('epsilon', `got ${epsilon}, expected a finite number, 0 or above`);
  if (kind === 'pgd') {
    checkCount('attack.steps', settings.steps);
    if (!(Number.isFinite(settings.stepSize) && settings.stepSize > 0))
      throw new ConfigError(
        'attack.stepSize',
        `got ${settings.stepSize}, expected a share of epsilon above 0, such as 0.25`,
      );
  }
  if (kind === 'square') checkCount('attack.queries', settings.queries);
}

function checkCount(key: string, count: number): void {
  if (!(Number.isInteger(count) && count >= 1))
    throw new ConfigError(key, `got ${count}, expected a whole number of at least 1`);
}

function checkImages({ pixels, ids }: Images, labels: Uint8Array, size: number): void {
  if (pixels.length === ids.length * size && labels.length === ids.length) return;
  throw new ConfigError(
    'images',
    `got ${pixels.length} pixels, ${ids.length} ids and ${labels.length} labels, expected ${size} pixels, an id and a label for each image`,
  );
}
