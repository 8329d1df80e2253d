// Signs that an attack failed for reasons of its own, so that what it left right is no robustness: Athalye, Carlini and Wagner 2018,
// arXiv 1802.00420, section 3.1. Pure functions of what was measured. Where an alarm compares two attacks it is on the images both were
// run on, and takes a mean difference of more than 3 standard errors: over 20 epsilons at most one fair comparison in 37 trips.

import { clusterInterval, pairedZ } from '../../core/index.ts';
import type { AlarmKind, MaskingAlarm } from '../result.ts';
import { type Answers, type MeasuredLine, paired, ran, shareRight } from './measured-line.ts';

export interface AlarmContext {
  readonly epsilons: readonly number[];
  /** Accuracy of guessing. */
  readonly chance: number;
  /** From this epsilon on the ball around an image holds every image. */
  readonly extent: number;
  /** The other lines of the same network: proper, noise, transfer, black-box. */
  readonly others: readonly MeasuredLine[];
}

/**
 * Standard errors; points of accuracy; the same for one step (FGSM) against the many steps of PGD, of transfer and of the square attack,
 * which beat it by some 10 points (L2: 28) on an undefended network where accuracy is one half; share of inputs without gradient; points of
 * accuracy for more steps or another slope.
 */
export const CRITERIA = { z: 3, points: 0.02, oneStep: 0.3, zeroGradients: 0.01, convergence: 0.1 } as const;

/**
 * Alarms of a `naive` or `proper` line, which alone take gradients of the network itself; none for other roles.
 *   above-chance            at the largest epsilon, if its ball holds every image, accuracy's 95 % interval is above chance
 *   weaker-than-noise       at some epsilon where this line's interval is above chance, noise leaves fewer right: by more than
 *                           3 standard errors, and by 2 points or more
 *   weaker-than-black-box   the same for transfer and the square attack; naive: by 30 points or more
 *   zero-gradients          more than 1 % of the rightly answered inputs have a gradient of exactly 0
 *   not-converged           proper: more steps or another slope leave fewer right, by 3 standard errors and by more than 10 points;
 *                           naive: the proper attack does, by 30 points or more
 */
export function maskingAlarms(line: MeasuredLine, context: AlarmContext): readonly MaskingAlarm[] {
  if (line.role !== 'naive' && line.role !== 'proper') return [];
  const noise = context.others.filter(({ role }) => role === 'control');
  const proper = context.others.filter(({ role }) => role === 'proper');
  const blind = context.others.filter(({ role }) => role === 'transfer' || role === 'black-box');
  return [
    aboveChance(line, context),
    weakerThan('weaker-than-noise', line, noise, context, CRITERIA.points),
    weakerThan(
      'weaker-than-black-box',
      line,
      blind,
      context,
      line.role === 'naive' ? CRITERIA.oneStep : CRITERIA.points,
    ),
    zeroGradients(line),
    line.role === 'naive'
      ? weakerThan('not-converged', line, proper, context, CRITERIA.oneStep)
      : notConverged(line, context),
  ].filter((alarm) => alarm !== undefined);
}

/**
 * Alarms of the `worst` line, the lowest of all attacks, given those of the network's best line by gradient. Its accuracy is an upper
 * bound whatever trips, but if the attack by gradient is broken, nothing strong bounds it: the square attack and transfer were run
 * briefly, noise is no attack. So it keeps that line's alarms, all but above-chance, which it answers for itself.
 */
export function worstAlarms(
  worst: MeasuredLine,
  inherited: readonly MaskingAlarm[],
  context: AlarmContext,
): readonly MaskingAlarm[] {
  const own = aboveChance(worst, context);
  return [...(own ? [own] : []), ...inherited.filter(({ kind }) => kind !== 'above-chance')];
}

/** The range of float32 pixels, and roots, end a rounding error beside the number meant. */
const ROUNDING = 1e-6;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const isAboveChance = (answers: Answers, chance: number): boolean => clusterInterval(ran(answers)).low > chance;

function aboveChance(
  { answers }: MeasuredLine,
  { epsilons, chance, extent }: Omit<AlarmContext, 'others'>,
): MaskingAlarm | undefined {
  const [last, epsilon] = [answers.at(-1), epsilons.at(-1)!];
  if (!last || epsilon < extent * (1 - ROUNDING) || !isAboveChance(last, chance)) return undefined;
  const text = `at epsilon ${epsilon}, where any image may become any other, accuracy is ${percent(shareRight(last))}, guessing gives ${percent(chance)}`;
  return { kind: 'above-chance', text, epsilon };
}

interface Finding {
  readonly points: number;
  readonly epsilon: number;
  readonly text: string;
}

/** How far `other` is below `own` on the images both were run on; undefined unless that is significant. */
function below(own: Answers, other: Answers, points: number): { points: number; from: number; to: number } | undefined {
  const [a, b] = paired(own, other);
  const [from, to] = [shareRight(a), shareRight(b)];
  if (from - to < points - ROUNDING || pairedZ(a, b) <= CRITERIA.z) return undefined;
  return { points: from - to, from, to };
}

const worstFinding = (kind: AlarmKind, findings: readonly Finding[]): MaskingAlarm | undefined => {
  const [first, ...rest] = findings;
  if (first === undefined) return undefined;
  const { epsilon, text } = rest.reduce((worst, each) => (each.points > worst.points ? each : worst), first);
  return { kind, text, epsilon };
};

function weakerThan(
  kind: AlarmKind,
  line: MeasuredLine,
  others: readonly MeasuredLine[],
  { epsilons, chance }: AlarmContext,
  points: number,
): MaskingAlarm | undefined {
  const findings = others.flatMap((other) =>
    epsilons.flatMap((epsilon, i): Finding[] => {
      const [own, theirs] = [line.answers[i], other.answers[i]];
      if (!own || !theirs || !isAboveChance(own, chance)) return [];
      const found = below(own, theirs, points);
      if (found === undefined) return [];
      const text = `at epsilon ${epsilon} accuracy is ${percent(found.from)}, ${under(other)} ${percent(found.to)}`;
      return [{ points: found.points, epsilon, text }];
    }),
  );
  return worstFinding(kind, findings);
}

function under({ role, from, answers, method }: MeasuredLine): string {
  if (role === 'proper') return `under ${method}`;
  if (role === 'control') return 'under noise of that size';
  if (role === 'transfer') return `under images made against ${from}`;
  const images = ran(answers.find((at) => at !== null)!).length;
  return `under the square attack, on ${images} images,`;
}

function zeroGradients({ zeroGradients: share }: MeasuredLine): MaskingAlarm | undefined {
  if (share === null || share <= CRITERIA.zeroGradients) return undefined;
  return { kind: 'zero-gradients', text: `${percent(share)} of the inputs answered rightly have no gradient at all` };
}

function notConverged(line: MeasuredLine, { epsilons }: AlarmContext): MaskingAlarm | undefined {
  const findings = (line.stronger ?? []).flatMap(({ what, at, answers }): Finding[] => {
    const found = below(line.answers[at]!, answers, CRITERIA.convergence);
    if (found === undefined) return [];
    const text = `at epsilon ${epsilons[at]} accuracy is ${percent(found.from)}, with ${what} ${percent(found.to)}`;
    return [{ points: found.points, epsilon: epsilons[at]!, text }];
  });
  return worstFinding('not-converged', findings);
}
