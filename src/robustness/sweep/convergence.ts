// Is the proper attack as strong as it gets? Four times the steps, and the other surrogate slopes, on some of the images it left right.

import type { AttackSettings, GradientSettings } from '../settings.ts';
import type { Subject } from '../subject.ts';
import { type AttackChoices, otherSlopes } from './attack-choices.ts';
import { attemptCost, openAttacker, type Plan } from './attacker.ts';
import type { Cohort } from './cohort.ts';
import { type Judge, passCost, rightOf } from './judge.ts';
import type { Laboratory } from './laboratory.ts';
import { type Answers, NOT_RUN, type StrongerAttack, shareRight } from './measured-line.ts';
import type { Task } from './meter.ts';
import { MOST_TELLING, tellingEpsilons } from './telling-epsilons.ts';

const IMAGES = 200;
const TIMES_STEPS = 4;

interface Measured {
  readonly attack: AttackSettings & { readonly kind: 'pgd' };
  readonly gradient: GradientSettings;
  readonly answers: readonly Answers[];
  readonly choices: AttackChoices;
}

/**
 * On the first 200 images, at up to 3 telling epsilons. Only those that the proper attack left right are attacked, so what is found adds
 * to it.
 */
export async function stronger(
  lab: Laboratory,
  cohort: Cohort,
  judge: Judge,
  { attack, gradient, answers, choices: { epsilons } }: Measured,
  task: Task,
): Promise<readonly StrongerAttack[]> {
  const found: StrongerAttack[] = [];
  const at = tellingEpsilons(epsilons, answers.map(shareRight), cohort.chance);
  for (const { what, plan } of variants(judge.subject, attack, gradient)) {
    const attacker = openAttacker(lab, judge.subject, cohort, plan);
    try {
      for (const index of at) {
        const left = answers[index]!.map((answer, i) => (i < IMAGES ? answer : NOT_RUN));
        const survivors = Uint32Array.from(left.keys().filter((i) => left[i] === 1));
        const pixels = await attacker.attempt(epsilons[index]!, survivors, task);
        const { predictions } = await judge.judge(pixels, survivors, task);
        rightOf(predictions, cohort, survivors).forEach((right, i) => {
          left[survivors[i]!] = right;
        });
        found.push({ what, at: index, answers: left });
      }
    } finally {
      attacker.close();
    }
  }
  return found;
}

function variants(
  subject: Subject,
  attack: Measured['attack'],
  gradient: GradientSettings,
): readonly { readonly what: string; readonly plan: Plan }[] {
  const steps = TIMES_STEPS * attack.steps;
  return [
    { what: `${steps} steps`, plan: { attack: { ...attack, steps }, gradient } },
    ...otherSlopes(subject, gradient).map((other) => ({
      what: other.slope === 1 ? 'the surrogate as trained' : `surrogate slope x ${other.slope}`,
      plan: { attack, gradient: other },
    })),
  ];
}

/** Units of work at most. */
export function convergenceCost(subject: Subject, attack: Measured['attack'], draws: number, samples: number): number {
  const gradient = {
    through: 'straight-through',
    slope: 1,
    draws: subject.encoder.kind === 'rate' ? draws : 1,
  } as const;
  const each = variants(subject, attack, gradient).map(({ plan }) => attemptCost(subject, plan) + passCost(subject));
  return Math.min(IMAGES, samples) * MOST_TELLING * each.reduce((sum, cost) => sum + cost, 0);
}
