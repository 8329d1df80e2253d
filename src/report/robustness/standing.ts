// Is a network more robust than the one it is compared with? Decided by the worst cases alone, image by image. What an attack leaves is an
// upper bound: where an alarm speaks against one of the two, it can only be found the weaker one.

import type { AttackLine, AttackSweep } from '../../robustness/index.ts';

/** The largest of the differences in accuracy whose 95 % interval excludes 0, where it is, and at how many epsilons there is one. */
interface Difference {
  readonly value: number;
  readonly epsilon: number;
  readonly count: number;
}

export interface Standing {
  /** `masked`: a worst case is no evidence, and the difference could be due to that. `unknown`: one of the two has none. */
  readonly outcome: 'more' | 'less' | 'mixed' | 'same' | 'masked' | 'unknown';
  /** Where it is furthest ahead. */
  readonly most?: Difference;
  /** Where it is furthest behind. */
  readonly least?: Difference;
  /** Difference without any attack, if its interval excludes 0. */
  readonly unattacked?: number;
  /** Epsilons above 0 at which the two were compared. */
  readonly compared?: number;
  /** Whose worst case an alarm speaks against. Where the outcome is `less` or `more` all the same, a stronger attack would add to it. */
  readonly from?: string;
}

/** Of the network called `name` against `first`, at all epsilons above 0. */
export function standingOf({ lines, epsilons }: AttackSweep, name: string, first: string): Standing {
  const worstOf = (network: string): AttackLine | undefined =>
    lines.find((line) => line.network === network && line.role === 'worst');
  const [own, other] = [worstOf(name), worstOf(first)];
  if (own === undefined || other === undefined) return { outcome: 'unknown' };
  const masked = [own, other].filter(({ evidence }) => !evidence);
  const differences = own.points.flatMap((point, i) =>
    point?.difference === undefined || epsilons[i] === 0 ? [] : [{ ...point.difference, epsilon: epsilons[i]! }],
  );
  const from = masked.length === 0 ? {} : { from: masked[0]!.network };
  if (masked.length === 2) return { outcome: 'masked', ...from };
  if (differences.length === 0) return { outcome: 'unknown' };
  const sorted = differences.toSorted((a, b) => a.value - b.value);
  const [behind, ahead] = [sorted.filter(({ high }) => high < 0), sorted.filter(({ low }) => low > 0)];
  const most = largest(ahead, ahead.at(-1));
  const least = largest(behind, behind[0]);
  const outcome = most && least ? 'mixed' : most ? 'more' : least ? 'less' : 'same';
  if (masked.length === 1 && outcome !== (masked[0] === own ? 'less' : 'more')) return { outcome: 'masked', ...from };
  const clean = epsilons[0] === 0 ? own.points[0]?.difference : undefined;
  const unattacked = clean !== undefined && (clean.low > 0 || clean.high < 0) ? { unattacked: clean.value } : {};
  return {
    outcome,
    compared: differences.length,
    ...from,
    ...unattacked,
    ...(most === undefined ? {} : { most }),
    ...(least === undefined ? {} : { least }),
  };
}

type Found = { readonly value: number; readonly epsilon: number };

const largest = (all: readonly Found[], found: Found | undefined): Difference | undefined =>
  found === undefined ? undefined : { value: found.value, epsilon: found.epsilon, count: all.length };
