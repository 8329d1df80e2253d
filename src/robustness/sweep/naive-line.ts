// FGSM as libraries give it: one step along the gradient that automatic differentiation yields, which through a random encoder is none.
// Each epsilon on its own, nothing carried over, as the literature plots it.

import type { Subject } from '../subject.ts';
import type { AttackChoices } from './attack-choices.ts';
import { gradientWords, NAIVE_GRADIENT } from './attack-choices.ts';
import { attackWith, rememberGradients } from './attacker.ts';
import { type Cohort, firstPositions } from './cohort.ts';
import { type Judge, passCost, rightOf } from './judge.ts';
import type { Laboratory } from './laboratory.ts';
import type { Answers, MeasuredLine } from './measured-line.ts';
import type { Task } from './meter.ts';
import { shareWithoutGradient } from './zero-gradients.ts';

export async function naiveLine(
  lab: Laboratory,
  cohort: Cohort,
  judge: Judge,
  clean: Answers,
  { norm, targeted, epsilons }: AttackChoices,
  task: Task,
): Promise<MeasuredLine> {
  const { subject } = judge;
  const opened = lab.differentiator(subject, NAIVE_GRADIENT);
  try {
    const differentiator = rememberGradients(opened, cohort.source.size);
    const attempt = attackWith(lab, cohort, { kind: 'fgsm', norm, targeted }, { differentiator, cost: 0 });
    const all = firstPositions(clean.length);
    const answers: Answers[] = [];
    for (const epsilon of epsilons) {
      if (epsilon === 0) answers.push(clean.slice());
      else {
        const { predictions } = await judge.judge(await attempt(epsilon, all, task), all, task);
        answers.push(Int8Array.from(rightOf(predictions, cohort, all)));
      }
    }
    return {
      network: subject.name,
      role: 'naive',
      method: `FGSM, one step${gradientWords(subject, NAIVE_GRADIENT)}${targeted ? ', targeted' : ''}`,
      answers,
      // remembered gradients are those of the labels attacked: with targets, others
      zeroGradients: await shareWithoutGradient(cohort, subject, targeted ? opened : differentiator, clean, task),
    };
  } finally {
    opened.close();
  }
}

/** Units of work: the gradients twice, once for the attack and once to look for zeros, and an answer at each epsilon. */
export function naiveCost(subject: Subject, { epsilons }: AttackChoices, samples: number): number {
  return samples * passCost(subject) * (epsilons.length + 2);
}
