// What is asked of noise, faults and attacks. Every key has a default, so that `robustness: {}` is a whole study of them.

import { z } from 'zod';
import type { AttackName, CorruptionKind, FaultKind } from '../robustness/index.ts';
import type { Settings } from './study-merge.ts';

export const CORRUPTION_KINDS = [
  ...['gaussian', 'uniform', 'salt-and-pepper', 'occlusion'],
  ...['blur', 'contrast', 'quantize', 'dropped-pixels'],
] as const satisfies readonly CorruptionKind[];

export const FAULT_KINDS = [
  'weight-noise',
  'weight-bits',
  'dead-neurons',
  'threshold-mismatch',
] as const satisfies readonly FaultKind[];

export const ATTACK_NAMES = [
  'naive',
  'proper',
  'transfer',
  'black-box',
  'control',
] as const satisfies readonly AttackName[];

const countOf = z.int().min(1);
const rising = (list: readonly number[]): boolean => list.every((value, i) => i === 0 || value > list[i - 1]!);

/** Kinds of disturbance, and levels for those of them that are not to have their own. */
function kindsSchema<const Kind extends string>(kinds: readonly Kind[], about: string) {
  const levels = z.array(z.number().min(0)).min(1).exactOptional();
  const byKind = Object.fromEntries(kinds.map((kind) => [kind, levels])) as Record<Kind, typeof levels>;
  return z.strictObject({
    kinds: z
      .array(z.enum(kinds as readonly [Kind, ...Kind[]]))
      .default([...kinds])
      .meta({ description: `${about}, a curve of accuracy against level each` }),
    levels: z
      .strictObject(byKind)
      .prefault({} as never)
      .meta({ description: 'levels of these kinds; the others have levels of their own' }),
  });
}

const attackSchema = z.strictObject({
  attacks: z
    .array(z.enum(ATTACK_NAMES))
    .min(1)
    .default([...ATTACK_NAMES])
    .meta({
      description:
        '`naive`: FGSM as libraries give it; `proper`: PGD through the encoder, averaged over draws; `transfer`: images made against another network; `black-box`: the square attack; `control`: noise of the same size',
    }),
  norm: z
    .enum(['linf', 'l2'])
    .default('linf')
    .meta({ description: '`linf`: no pixel changes by more than epsilon; `l2`: the Euclidean length of all changes' }),
  epsilons: z.array(z.number().min(0)).min(1).refine(rising, 'numbers that rise').nullable().default(null).meta({
    description:
      'sizes of the perturbation, in units of a pixel before normalisation (a byte is 0 to 1); null: `linf` 0 to 1 by 0.05, `l2` up to a quarter of the longest',
  }),
  targeted: z
    .boolean()
    .default(false)
    .meta({ description: 'towards the class after the true one, instead of away from the true one' }),
  steps: countOf.default(10).meta({ description: 'steps of projected gradient descent' }),
  stepSize: z.number().gt(0).default(0.25).meta({ description: 'length of a step, as a share of epsilon' }),
  draws: countOf
    .default(2)
    .meta({ description: 'random codes a gradient is averaged over (EOT), where it depends on them' }),
  tuningSamples: countOf.default(100).meta({
    description: "images on which the way through the encoder and the surrogate's slope are chosen",
  }),
  blackBoxSamples: countOf.default(100).meta({ description: 'images of the square attack, at most' }),
  queries: countOf.default(300).meta({ description: 'tries that the square attack has for each image' }),
});

const section = z.strictObject({
  samples: countOf.default(1000).meta({ description: 'test images used, at most; the same for every network' }),
  convertedTimesteps: countOf.nullable().default(null).meta({
    description:
      'which converted network is disturbed, of `convert.timesteps`; null: the one of fewest steps within the tolerance of the ANN, else of most',
  }),
  draws: countOf.default(3).meta({ description: 'independent draws of noise and faults at each level' }),
  noise: kindsSchema(CORRUPTION_KINDS, 'disturbances of the images')
    .nullable()
    .prefault({})
    .meta({ description: 'noise on the images; null: none' }),
  faults: kindsSchema(FAULT_KINDS, 'disturbances of the networks themselves')
    .nullable()
    .prefault({})
    .meta({ description: 'faults of the networks; null: none' }),
  attack: attackSchema.nullable().prefault({}).meta({ description: 'attacks, and the checks of them; null: none' }),
  examples: z.int().min(0).default(4).meta({ description: 'images that are kept with what was made of them' }),
});

const switched = (value: unknown): unknown => (value === true ? {} : value === false ? null : value);

/** `null` or `false`: off. `true` or `{}`: on, as by default. */
export const robustnessStudySchema = z.preprocess(switched, section.nullable()).meta({
  description: 'noise, faults and attacks on the networks that are compared; null: none, true or {}: as by default',
});

export type RobustnessStudy = z.infer<typeof section>;

/** What `--quick` changes in it. */
export const QUICK_ROBUSTNESS: Settings = {
  samples: 200,
  draws: 1,
  attack: {
    ...{ epsilons: [0, 0.05, 0.1, 0.2, 0.4, 1], tuningSamples: 40 },
    ...{ blackBoxSamples: 40, queries: 100 },
  },
};
