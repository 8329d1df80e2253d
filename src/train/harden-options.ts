// Hardening: training on images that were disturbed on purpose. Madry et al. 2018, arXiv 1706.06083, for adversarial training;
// Wong et al. 2020, arXiv 2001.03994, for one step from a random start.

import { ConfigError } from '../core/index.ts';
import type { EncoderSpec } from '../model/index.ts';
import { type AttackSettings, CORRUPTIONS, type CorruptionKind, type GradientSettings } from '../robustness/index.ts';

export type HardenOptions = AdversarialTraining | NoiseTraining;

/** Each batch is attacked through the network as it is before the update, with no dropout, and learned from with its true labels. */
export interface AdversarialTraining {
  readonly kind: 'adversarial';
  readonly attack: TrainingAttack;
  /** Size of the ball, in pixel values before normalisation (0 to 1). */
  readonly epsilon: number;
  /** Epochs of a smaller ball, that grows epoch by epoch: epsilon * epoch / (warmup + 1). Default 0. */
  readonly warmup?: number;
  /** Share of the samples that is attacked, in (0, 1]; drawn for (seed, epoch, sample). Default 1. */
  readonly share?: number;
  readonly gradient: GradientSettings;
}

/** Attacks by gradient, away from the true class. PGD gives its last point, as in Madry et al., at one gradient a step. */
export type TrainingAttack = Omit<Extract<AttackSettings, { kind: 'fgsm' }>, 'targeted'> | PgdAttack;
type PgdAttack = Omit<Extract<AttackSettings, { kind: 'pgd' }>, 'targeted' | 'last'>;

/** Each batch is corrupted; another draw in each epoch. */
export interface NoiseTraining {
  readonly kind: 'noise';
  readonly corruption: CorruptionKind;
  /** As `corrupt` takes it. */
  readonly level: number;
  /** Share of the samples that is corrupted, in (0, 1]; drawn for (seed, epoch, sample). Default 1. */
  readonly share?: number;
}

/** What was done and what it took, as the run record keeps it. */
export interface HardeningReport {
  readonly kind: HardenOptions['kind'];
  /** In words: `PGD (5 steps of 0.4 epsilon, random start), epsilon 0.1 (L-infinity)`. */
  readonly label: string;
  /** Spent on making the training batches, a part of the training's seconds; validation is of clean images. */
  readonly seconds: number;
}

/** How many times as long the whole training took as it would have on clean images. */
export const hardeningFactor = ({ seconds }: Pick<HardeningReport, 'seconds'>, trainSeconds: number): number =>
  trainSeconds / (trainSeconds - seconds);

type Rule = readonly [key: string, value: unknown, holds: boolean, expected: string];

const THROUGH = ['none', 'straight-through', 'expected'];
const positive = (value: number): boolean => value > 0 && value < Infinity;
const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;

function attackRules({ attack, epsilon, gradient, warmup = 0 }: AdversarialTraining): readonly Rule[] {
  const pgd = attack.kind === 'pgd' ? attack : undefined;
  const { kind, norm } = attack;
  const { through, draws, slope } = gradient;
  return [
    ['attack.kind', kind, ['fgsm', 'pgd'].includes(kind), 'one of fgsm, pgd (attacks by gradient)'],
    ['attack.norm', norm, ['linf', 'l2'].includes(norm), 'one of linf, l2'],
    ['attack.steps', pgd?.steps, pgd === undefined || whole(pgd.steps), 'an integer of at least 1'],
    ['attack.stepSize', pgd?.stepSize, pgd === undefined || positive(pgd.stepSize), 'a positive number'],
    ['epsilon', epsilon, positive(epsilon), 'a positive number, in pixel values (0.1 of a range of 0 to 1)'],
    ['warmup', warmup, Number.isInteger(warmup) && warmup >= 0, 'an integer of at least 0 (epochs)'],
    ['gradient.through', through, THROUGH.includes(through), `one of ${THROUGH.join(', ')}`],
    ['gradient.draws', draws, whole(draws), 'an integer of at least 1'],
    ['gradient.slope', slope, positive(slope), 'a positive number'],
  ];
}

/**
 * Throws a ConfigError that names the key, the value and what is allowed; also where no gradient reaches the pixels, since
 * such a training would be hardened in name only.
 */
export function checkHarden(options: HardenOptions, encoder: EncoderSpec): void {
  const { kind, share = 1 } = options;
  const level = kind === 'noise' ? options.level : 0;
  const rules: readonly Rule[] = [
    ['kind', kind, ['adversarial', 'noise'].includes(kind), 'one of adversarial, noise'],
    ['share', share, share > 0 && share <= 1, 'a share above 0, and at most 1'],
    ...(kind === 'adversarial' ? attackRules(options) : []),
    ['level', level, level >= 0 && level < Infinity, 'a number of at least 0'],
  ];
  for (const [key, value, holds, expected] of rules) {
    const got = typeof value === 'string' ? `"${value}"` : value;
    if (!holds) throw new ConfigError(`harden.${key}`, `got ${got}, expected ${expected}`);
  }
  const corruptions = Object.keys(CORRUPTIONS);
  if (kind === 'noise' && !corruptions.includes(options.corruption)) {
    throw new ConfigError(
      'harden.corruption',
      `got "${options.corruption}", expected one of ${corruptions.join(', ')}`,
    );
  }
  if (kind === 'adversarial') checkThrough(options.gradient.through, encoder);
}

function checkThrough(through: GradientSettings['through'], { kind }: EncoderSpec): void {
  if (through !== 'none' || kind === 'constant') return;
  throw new ConfigError(
    'harden.gradient.through',
    `got "none" with a ${kind} encoder, through which no gradient reaches the pixels; use straight-through or expected`,
  );
}

/** The hardening in words. */
export function hardenLabel(options: HardenOptions): string {
  const { share = 1 } = options;
  const part = share === 1 ? '' : `, ${Number((100 * share).toFixed(2))} % of the images`;
  if (options.kind === 'noise') return `${options.corruption} ${options.level}${part}`;
  const { attack, epsilon } = options;
  return `${attackLabel(attack)}, epsilon ${epsilon} (${attack.norm === 'linf' ? 'L-infinity' : 'L2'})${part}`;
}

function attackLabel(attack: TrainingAttack): string {
  if (attack.kind === 'fgsm') return 'FGSM';
  const { steps, stepSize, randomStart } = attack;
  if (steps === 1 && randomStart) return `FGSM (a step of ${stepSize} epsilon, random start)`;
  const start = randomStart ? ', random start' : '';
  return `PGD (${steps} step${steps === 1 ? '' : 's'} of ${stepSize} epsilon${start})`;
}
