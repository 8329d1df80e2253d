// The attack part of a study's options with its defaults filled in, and what there is to choose from against one network.

import { ConfigError } from '../../core/index.ts';
import { ATTACKS, type AttackOptions } from '../options.ts';
import type { AttackSettings, GradientSettings, Norm } from '../settings.ts';
import type { PixelRange, Subject } from '../subject.ts';

export type AttackChoices = Required<AttackOptions>;

const EPSILONS = 20;

/** Throws ConfigError for what cannot be. */
export function attackChoices(options: AttackOptions, range: PixelRange, size: number): AttackChoices {
  const norm = options.norm ?? 'linf';
  const choices = {
    norm,
    targeted: options.targeted ?? false,
    epsilons: options.epsilons ?? defaultEpsilons(norm, range, size),
    attacks: options.attacks ?? ATTACKS,
    steps: options.steps ?? 10,
    stepSize: options.stepSize ?? 0.25,
    draws: options.draws ?? 2,
    tuningSamples: options.tuningSamples ?? 100,
    blackBoxSamples: options.blackBoxSamples ?? 100,
    queries: options.queries ?? 300,
  };
  for (const key of ['steps', 'draws', 'tuningSamples', 'blackBoxSamples', 'queries'] as const)
    checkCount(`attack.${key}`, choices[key]);
  checkEpsilons(choices.epsilons);
  for (const name of choices.attacks)
    if (!ATTACKS.includes(name))
      throw new ConfigError('attack.attacks', `got "${name}", expected some of ${ATTACKS.join(', ')}`);
  if (choices.attacks.includes('transfer') && !choices.attacks.includes('proper'))
    throw new ConfigError('attack.attacks', 'got transfer without proper, whose images it shows; add proper');
  return choices;
}

function checkCount(key: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1))
    throw new ConfigError(key, `got ${value}, expected a whole number of at least 1`);
}

function checkEpsilons(epsilons: readonly number[]): void {
  const ascending = epsilons.every(
    (epsilon, i) => Number.isFinite(epsilon) && epsilon >= 0 && !(epsilon <= epsilons[i - 1]!),
  );
  if (!ascending || epsilons.length === 0)
    throw new ConfigError('attack.epsilons', `got ${epsilons.join(', ')}, expected ascending numbers from 0 on`);
}

/** Linf: 0 to the whole range. L2: 0 to a quarter of the range's diagonal, by steps of two digits. */
function defaultEpsilons(norm: Norm, range: PixelRange, size: number): readonly number[] {
  const most = extentOf(norm, range, size) / (norm === 'linf' ? 1 : 4);
  const step = Number((most / EPSILONS).toPrecision(2));
  return Array.from({ length: EPSILONS + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

/** The epsilon from which on the ball around any image holds every image. */
export function extentOf(norm: Norm, { low, high }: PixelRange, size: number): number {
  return (high - low) * (norm === 'linf' ? 1 : Math.sqrt(size));
}

export function properAttack({ norm, targeted, steps, stepSize }: AttackChoices): AttackSettings & { kind: 'pgd' } {
  return { kind: 'pgd', norm, targeted, steps, stepSize, randomStart: true };
}

/** As libraries give it: nothing through a random encoder, the surrogate as trained. */
export const NAIVE_GRADIENT: GradientSettings = { through: 'none', draws: 1, slope: 1 };

const SLOPES = [1, 0.25, 4] as const;

/**
 * What a proper attack could do against this network: every way through its encoder (a rate code has two) with every slope. Draws matter
 * where the code is random and not replaced by its mean.
 */
export function candidateGradients(subject: Subject, draws: number): readonly GradientSettings[] {
  const { kind } = subject.encoder;
  const throughs = kind === 'rate' ? (['straight-through', 'expected'] as const) : (['straight-through'] as const);
  const slopes = subject.mode === 'ann' ? [1] : SLOPES;
  return throughs.flatMap((through) =>
    slopes.map((slope) => ({ through, slope, draws: kind === 'rate' && through === 'straight-through' ? draws : 1 })),
  );
}

export const otherSlopes = (subject: Subject, gradient: GradientSettings): readonly GradientSettings[] =>
  subject.mode === 'ann'
    ? []
    : SLOPES.filter((slope) => slope !== gradient.slope).map((slope) => ({ ...gradient, slope }));

/** `expected gradient, surrogate slope x 0.25, margin loss`. */
export function gradientWords(subject: Subject, { through, draws, slope, loss }: GradientSettings): string {
  const { kind } = subject.encoder;
  const way = {
    none: 'no gradient through the encoder',
    'straight-through': 'straight-through',
    expected: 'expected gradient',
  };
  const words = [
    ...(kind === 'constant' ? [] : [way[through]]),
    ...(draws > 1 ? [`${draws} draws`] : []),
    ...(subject.mode === 'snn' && slope !== 1 ? [`surrogate slope x ${slope}`] : []),
    ...(loss?.startsWith('margin') ? ['margin loss'] : []),
  ];
  return words.map((word) => `, ${word}`).join('');
}
