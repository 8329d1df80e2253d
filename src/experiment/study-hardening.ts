// Hardening as a study writes it: attacked or corrupted training images.

import { z } from 'zod';
import { CORRUPTIONS, type CorruptionKind } from '../robustness/index.ts';
import type { HardenOptions } from '../train/index.ts';

const positive = z.number().gt(0);
const countOf = z.int().min(1);
const share = z.number().gt(0).max(1).default(1);
const corruptions = Object.keys(CORRUPTIONS) as [CorruptionKind, ...CorruptionKind[]];

const PGD_STEPS = 5;
/** How far the steps go together, in epsilons: enough to cross the ball. Madry et al. went 1.3 on MNIST and 1.75 on CIFAR-10. */
const REACH = 2;
/** Step of FGSM from a random start, in epsilons. Wong et al. 2020, arXiv 2001.03994. */
const FAST_STEP = 1.25;

const adversarial = z
  .strictObject({
    kind: z.literal('adversarial'),
    epsilon: positive,
    warmup: z.int().min(0).default(0),
    attack: z.enum(['fgsm', 'pgd']).default('pgd'),
    norm: z.enum(['linf', 'l2']).default('linf'),
    steps: countOf.nullable().default(null),
    stepSize: positive.nullable().default(null),
    randomStart: z.boolean().default(true),
    through: z.enum(['straight-through', 'expected']).default('straight-through'),
    draws: countOf.default(1),
    slope: positive.default(1),
    share,
  })
  .refine(({ attack, steps }) => attack === 'pgd' || steps === null || steps === 1, {
    path: ['steps'],
    error: '1, as fgsm makes one step; use pgd for more',
  });

const noise = z.strictObject({
  kind: z.literal('noise'),
  corruption: z.enum(corruptions).default('gaussian'),
  level: z.number().min(0),
  share,
});

export const hardeningSchema = z.discriminatedUnion('kind', [adversarial, noise]);

export type HardeningStudy = z.infer<typeof hardeningSchema>;

/** As training takes it. FGSM from a random start is PGD of one step. */
export function hardeningOf(study: HardeningStudy): HardenOptions {
  if (study.kind === 'noise') return study;
  const { kind, epsilon, warmup, norm, randomStart, through, draws, slope } = study;
  const shared = { kind, epsilon, warmup, share: study.share, gradient: { through, draws, slope } };
  const fast = study.attack === 'fgsm';
  const steps = fast ? 1 : (study.steps ?? PGD_STEPS);
  const own = fast ? (randomStart ? FAST_STEP : 1) : REACH / steps;
  const stepSize = study.stepSize ?? own;
  if (fast && !randomStart && stepSize === 1) return { ...shared, attack: { kind: 'fgsm', norm } };
  return { ...shared, attack: { kind: 'pgd', norm, steps, stepSize, randomStart } };
}
