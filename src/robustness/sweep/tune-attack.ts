// Which way through the encoder, which surrogate slope and which loss hurt a network most. An attack with a bad choice of either says little about
// the network: surrogate gradients vanish where the slope is steep, and a rate code passes none of its own.

import { marginLoss } from '../network/attack-loss.ts';
import type { GradientSettings } from '../settings.ts';
import type { Subject } from '../subject.ts';
import { type AttackChoices, candidateGradients, properAttack } from './attack-choices.ts';
import { attemptCost, openAttacker } from './attacker.ts';
import { climbing } from './climb.ts';
import type { Cohort } from './cohort.ts';
import { type Judge, passCost, rightOf } from './judge.ts';
import type { Laboratory } from './laboratory.ts';
import { type Answers, shareRight } from './measured-line.ts';
import type { Task } from './meter.ts';

/**
 * The first `tuningSamples` images that are answered rightly are attacked with every candidate at two epsilons: those at which the
 * first candidate leaves nearest to half of them right (if it leaves nearly all, the middle of the sweep). Most images fooled wins; then
 * the lowest mean margin; then the first. The margin loss is tried with the best of the others.
 */
export async function tuneAttack(
  lab: Laboratory,
  cohort: Cohort,
  judge: Judge,
  clean: Answers,
  choices: AttackChoices,
  task: Task,
): Promise<GradientSettings> {
  const candidates = candidateGradients(judge.subject, choices.draws);
  const positions = Uint32Array.from(
    clean
      .keys()
      .filter((i) => clean[i] === 1)
      .take(choices.tuningSamples),
  );
  if (positions.length === 0) return candidates[0]!;
  const trial = { lab, cohort, judge, clean, choices, task, positions };
  const epsilons = await tuningEpsilons(trial, candidates[0]!);
  let best = { gradient: candidates[0]!, right: Number.POSITIVE_INFINITY, margin: 0 };
  const attempt = async (gradient: GradientSettings): Promise<void> => {
    const score = await scoreOf(trial, gradient, epsilons);
    if (score.right < best.right || (score.right === best.right && score.margin < best.margin))
      best = { gradient, ...score };
  };
  for (const gradient of candidates) await attempt(gradient);
  await attempt({ ...best.gradient, loss: marginLoss(judge.subject) });
  return best.gradient;
}

/** Units of work at most. */
export function tuningCost(subject: Subject, choices: AttackChoices, samples: number): number {
  const candidates = candidateGradients(subject, choices.draws);
  const each = (gradient: GradientSettings): number =>
    attemptCost(subject, { attack: properAttack(choices), gradient }) + passCost(subject);
  const costs = candidates.map(each);
  const scored = 2 * (costs.reduce((sum, cost) => sum + cost, 0) + Math.max(...costs));
  return Math.min(samples, choices.tuningSamples) * (scored + choices.epsilons.length * each(candidates[0]!));
}

interface Trial {
  readonly lab: Laboratory;
  readonly cohort: Cohort;
  readonly judge: Judge;
  readonly clean: Answers;
  readonly choices: AttackChoices;
  readonly task: Task;
  readonly positions: Uint32Array;
}

/** Below this share of right answers larger epsilons tell nothing; above the other, smaller ones. */
const [ENOUGH, NEARLY_ALL] = [0.2, 0.9];

async function tuningEpsilons(trial: Trial, gradient: GradientSettings): Promise<readonly number[]> {
  const { lab, cohort, judge, choices } = trial;
  const epsilons = choices.epsilons.filter((epsilon) => epsilon > 0);
  const attacker = openAttacker(lab, judge.subject, cohort, { attack: properAttack(choices), gradient });
  const shares: number[] = [];
  try {
    for await (const answers of climbing(cohort, { ...trial, attacker, epsilons })) {
      shares.push(shareRight(answers));
      if (shares.at(-1)! < ENOUGH) break;
    }
  } finally {
    attacker.close();
  }
  return twoMiddle(epsilons, shares);
}

/** The two of `epsilons` whose shares are nearest to one half; the two in the middle if all are near 1. */
export function twoMiddle(epsilons: readonly number[], shares: readonly number[]): readonly number[] {
  if (shares.every((share) => share > NEARLY_ALL)) {
    const middle = Math.max(0, Math.ceil(epsilons.length / 2) - 1);
    return epsilons.slice(middle, middle + 2);
  }
  const order = shares.map((share, i) => ({ i, off: Math.abs(share - 0.5) }));
  order.sort((a, b) => a.off - b.off || a.i - b.i);
  return order.slice(0, 2).map(({ i }) => epsilons[i]!);
}

async function scoreOf(
  { lab, cohort, judge, choices, task, positions }: Trial,
  gradient: GradientSettings,
  epsilons: readonly number[],
): Promise<{ right: number; margin: number }> {
  const attacker = openAttacker(lab, judge.subject, cohort, { attack: properAttack(choices), gradient });
  let [right, margin] = [0, 0];
  try {
    for (const epsilon of epsilons) {
      const { predictions, margins } = await judge.judge(
        await attacker.attempt(epsilon, positions, task),
        positions,
        task,
      );
      right += rightOf(predictions, cohort, positions).reduce((sum, each) => sum + each, 0);
      margin += margins.reduce((sum, each) => sum + each, 0);
    }
  } finally {
    attacker.close();
  }
  return { right, margin };
}
