// PGD through the encoder with the choice that hurts most, and on the way its images shown to every other network.

import type { GradientSettings } from '../settings.ts';
import type { Subject } from '../subject.ts';
import { type AttackChoices, gradientWords, properAttack } from './attack-choices.ts';
import { attemptCost, openAttacker } from './attacker.ts';
import { climbing, openCrafted } from './climb.ts';
import { type Cohort, firstPositions } from './cohort.ts';
import { stronger } from './convergence.ts';
import { answersTo, type Defender, passCost } from './judge.ts';
import type { Laboratory } from './laboratory.ts';
import type { Answers, MeasuredLine } from './measured-line.ts';
import type { Task } from './meter.ts';
import { drawnOut } from './transfer.ts';
import { tuneAttack } from './tune-attack.ts';
import { shareWithoutGradient } from './zero-gradients.ts';

export interface ProperTasks {
  readonly tune: Task;
  readonly attack: Task;
  readonly transfer: Task;
  readonly converge: Task;
}

export interface ProperLines {
  readonly proper: MeasuredLine;
  /** One for each of the `shownTo`. */
  readonly transfers: readonly MeasuredLine[];
  readonly gradient: GradientSettings;
}

export async function properLines(
  lab: Laboratory,
  cohort: Cohort,
  { judge, clean }: Defender,
  shownTo: readonly Defender[],
  choices: AttackChoices,
  tasks: ProperTasks,
): Promise<ProperLines> {
  const { subject } = judge;
  const gradient = await tuneAttack(lab, cohort, judge, clean, choices, tasks.tune);
  tasks.tune.finish();
  const plan = { attack: properAttack(choices), gradient };
  const crafted = openCrafted(cohort);
  const { epsilons, norm } = choices;
  const positions = firstPositions(clean.length);
  const answers: Answers[] = [];
  const theirs = shownTo.map((): Answers[] => []);
  const attacker = openAttacker(lab, subject, cohort, plan);
  try {
    const climb = { attacker, judge, clean, positions, epsilons, task: tasks.attack, everyone: shownTo.length > 0 };
    for await (const at of climbing(cohort, climb, crafted)) {
      const epsilon = epsilons[answers.push(at) - 1]!;
      const pixels = shownTo.length > 0 ? drawnOut(cohort, crafted, epsilon, norm) : crafted.pixels;
      for (const [k, other] of shownTo.entries())
        theirs[k]!.push(epsilon === 0 ? other.clean : await answersTo(pixels, other.judge, cohort, tasks.transfer));
    }
  } finally {
    attacker.close();
  }
  const method = `PGD, ${choices.steps} steps of ${choices.stepSize} epsilon${gradientWords(subject, gradient)}${choices.targeted ? ', targeted' : ''}`;
  const line = { network: subject.name, role: 'proper', method, answers } as const;
  const proper = {
    ...line,
    zeroGradients: await zeros(lab, cohort, subject, clean, gradient, tasks.attack),
    stronger: await stronger(lab, cohort, judge, { ...plan, answers, choices }, tasks.converge),
  };
  for (const task of Object.values(tasks)) task.finish();
  const transfers = shownTo.map(
    (other, k): MeasuredLine => ({
      network: other.judge.subject.name,
      role: 'transfer',
      from: subject.name,
      method: `images of PGD against ${subject.name}`,
      answers: theirs[k]!,
      zeroGradients: null,
    }),
  );
  return { proper, transfers, gradient };
}

async function zeros(
  lab: Laboratory,
  cohort: Cohort,
  subject: Subject,
  clean: Answers,
  gradient: GradientSettings,
  task: Task,
): Promise<number> {
  const differentiator = lab.differentiator(subject, gradient);
  try {
    return await shareWithoutGradient(cohort, subject, differentiator, clean, task);
  } finally {
    differentiator.close();
  }
}

/** Units of work at most: every image attacked at every epsilon, and the gradients looked at. */
export function properCost(subject: Subject, choices: AttackChoices, samples: number): number {
  const gradient = {
    through: 'straight-through',
    slope: 1,
    draws: subject.encoder.kind === 'rate' ? choices.draws : 1,
  } as const;
  const each = attemptCost(subject, { attack: properAttack(choices), gradient }) + passCost(subject);
  return samples * (choices.epsilons.length * each + 2 * gradient.draws * passCost(subject));
}
