// One attack on one network as it was measured: which image was still answered right at which epsilon.

import { clusterInterval, pairedDifference } from '../../core/index.ts';
import type { AttackLine, AttackPoint, AttackRole, MaskingAlarm } from '../result.ts';

/** In place of an answer: the attack was not run on this image. */
export const NOT_RUN = -1;

/** One an image of the cohort: 1 right, 0 wrong, NOT_RUN. */
export type Answers = Int8Array;

export interface MeasuredLine {
  readonly network: string;
  readonly role: AttackRole;
  readonly from?: string;
  readonly method: string;
  /** One an epsilon; null where the attack was not run. */
  readonly answers: readonly (Answers | null)[];
  /** Share of rightly answered inputs whose gradient is exactly zero; null where none is taken. */
  readonly zeroGradients: number | null;
  /** What stronger versions of a proper attack did, where they were tried. */
  readonly stronger?: readonly StrongerAttack[];
}

/** A proper attack with more steps, or with another slope, added to the attack itself: an image that either fools is fooled. */
export interface StrongerAttack {
  /** `40 steps`, `surrogate slope x 4` */
  readonly what: string;
  /** Index among the sweep's epsilons. */
  readonly at: number;
  readonly answers: Answers;
}

/** Answers of `a` and of `b` on the images both were run on. */
export function paired(a: Answers, b: Answers): readonly [a: Int8Array, b: Int8Array] {
  const both = (_: number, i: number): boolean => a[i] !== NOT_RUN && b[i] !== NOT_RUN;
  return [a.filter(both), b.filter(both)];
}

export const shareRight = (answers: Answers): number => clusterInterval(ran(answers)).value;

/** Without the images that were left out. */
export const ran = (answers: Answers): Int8Array => answers.filter((answer) => answer !== NOT_RUN);

/** The answers of all of these attacks together: right where none fooled the network, NOT_RUN where none was run. */
export function worstOf(all: readonly Answers[]): Answers {
  return all[0]!.map((_, i) => {
    const seen = all.map((answers) => answers[i]!).filter((answer) => answer !== NOT_RUN);
    return seen.length === 0 ? NOT_RUN : Math.min(...seen);
  });
}

/** For the record. `first` is the line of the same role of the first network, to compare with; transfer has none. */
export function attackLine(
  line: MeasuredLine,
  first: MeasuredLine | undefined,
  alarms: readonly MaskingAlarm[],
): AttackLine {
  const { network, role, from, method, answers, zeroGradients } = line;
  const compared = first === line ? undefined : first;
  return {
    network,
    role,
    ...(from !== undefined && { from }),
    method,
    points: answers.map((at, i) => at && attackPoint(at, compared?.answers[i] ?? undefined)),
    zeroGradients,
    alarms,
    evidence: alarms.length === 0,
  };
}

function attackPoint(answers: Answers, first: Answers | undefined): AttackPoint {
  const own = ran(answers);
  const accuracy = clusterInterval(own);
  if (first === undefined) return { accuracy, samples: own.length };
  return { accuracy, samples: own.length, difference: pairedDifference(...paired(answers, first)) };
}
