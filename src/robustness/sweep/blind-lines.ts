// Attacks that see no gradient: the square attack, on some images at the epsilons where it tells something, and noise of the same size.

import type { Subject } from '../subject.ts';
import type { AttackChoices } from './attack-choices.ts';
import { attackWith, attemptCost, openAttacker } from './attacker.ts';
import { climbing } from './climb.ts';
import { type Cohort, firstPositions } from './cohort.ts';
import { answersTo, type Defender, passCost } from './judge.ts';
import type { Laboratory } from './laboratory.ts';
import { type Answers, type MeasuredLine, shareRight } from './measured-line.ts';
import type { Task } from './meter.ts';
import { MOST_TELLING, tellingEpsilons } from './telling-epsilons.ts';

/**
 * `compared`: the answers of the attack it is to be compared with; without one, the quartiles of the epsilons are taken. Its queries are
 * answered with other random codes than the test's: a user sees scores, but not the dice of the next run.
 */
export async function blackBoxLine(
  lab: Laboratory,
  cohort: Cohort,
  { judge, clean }: Defender,
  compared: readonly (Answers | null)[] | undefined,
  choices: AttackChoices,
  task: Task,
): Promise<MeasuredLine> {
  const { norm, targeted, epsilons, queries, blackBoxSamples } = choices;
  const at = whereTo(epsilons, compared, cohort.chance);
  const positions = firstPositions(Math.min(blackBoxSamples, clean.length));
  const attacker = openAttacker(lab, judge.subject, cohort, { attack: { kind: 'square', norm, targeted, queries } });
  const answers: (Answers | null)[] = epsilons.map(() => null);
  try {
    let next = 0;
    const climb = { attacker, judge, clean, positions, epsilons: at.map((i) => epsilons[i]!), task };
    for await (const each of climbing(cohort, climb)) answers[at[next++]!] = each;
  } finally {
    attacker.close();
  }
  task.finish();
  const method = `square attack, ${queries} queries, ${positions.length} images${targeted ? ', targeted' : ''}`;
  return { network: judge.subject.name, role: 'black-box', method, answers, zeroGradients: null };
}

function whereTo(
  epsilons: readonly number[],
  compared: readonly (Answers | null)[] | undefined,
  chance: number,
): readonly number[] {
  if (compared === undefined) {
    const quartiles = [0.25, 0.5, 0.75].map((part) => Math.round(part * (epsilons.length - 1)));
    return [...new Set(quartiles)].filter((i) => epsilons[i]! > 0);
  }
  return tellingEpsilons(
    epsilons,
    compared.map((answers) => (answers === null ? 0 : shareRight(answers))),
    chance,
  );
}

/** Units of work at most. */
export function blackBoxCost(subject: Subject, choices: AttackChoices, samples: number): number {
  const { norm, queries, blackBoxSamples } = choices;
  const each = attemptCost(subject, { attack: { kind: 'square', norm, queries } }) + passCost(subject);
  return MOST_TELLING * Math.min(blackBoxSamples, samples) * each;
}

/** The same noise for every network. */
export async function controlLines(
  lab: Laboratory,
  cohort: Cohort,
  defenders: readonly Defender[],
  { norm, epsilons }: AttackChoices,
  task: Task,
): Promise<readonly MeasuredLine[]> {
  const attempt = attackWith(lab, cohort, { kind: 'noise', norm }, { cost: 0 });
  const all = firstPositions(cohort.labels.length);
  const answers = defenders.map((): Answers[] => []);
  for (const epsilon of epsilons) {
    const pixels = epsilon === 0 ? undefined : await attempt(epsilon, all, task);
    for (const [k, { judge, clean }] of defenders.entries())
      answers[k]!.push(pixels === undefined ? clean : await answersTo(pixels, judge, cohort, task));
  }
  task.finish();
  return defenders.map(({ judge }, k) => ({
    network: judge.subject.name,
    role: 'control',
    method: norm === 'linf' ? 'each value up or down at random' : 'a random direction',
    answers: answers[k]!,
    zeroGradients: null,
  }));
}
