// Is a network more robust than the one it is compared with? Decided by the worst cases alone, image by image, where no alarm
// speaks against either.

import type { AttackLine, AttackSweep } from '../../robustness/index.ts';

/** A difference in accuracy whose 95 % interval excludes 0, and where. */
interface Difference {
  readonly value: number;
  readonly epsilon: number;
}

export interface Standing {
  /** `masked`: the worst case of one of the two is no evidence. `unknown`: one of the two has none. */
  readonly outcome: 'more' | 'less' | 'mixed' | 'same' | 'masked' | 'unknown';
  /** Where it is furthest ahead. */
  readonly most?: Difference;
  /** Where it is furthest behind. */
  readonly least?: Difference;
  /** Difference without any attack, if its interval excludes 0. */
  readonly unattacked?: number;
  /** Masked: whose worst case it is. */
  readonly from?: string;
}

/** Of the network called `name` against `first`, at all epsilons above 0. */
export function standingOf({ lines, epsilons }: AttackSweep, name: string, first: string): Standing {
  const worstOf = (network: string): AttackLine | undefined =>
    lines.find((line) => line.network === network && line.role === 'worst');
  const [own, other] = [worstOf(name), worstOf(first)];
  if (own === undefined || other === undefined) return { outcome: 'unknown' };
  const masked = [own, other].find(({ evidence }) => !evidence);
  if (masked !== undefined) return { outcome: 'masked', from: masked.network };
  const differences = own.points.flatMap((point, i) =>
    point?.difference === undefined || epsilons[i] === 0 ? [] : [{ ...point.difference, epsilon: epsilons[i]! }],
  );
  if (differences.length === 0) return { outcome: 'unknown' };
  const sorted = differences.toSorted((a, b) => a.value - b.value);
  const most = sorted.filter(({ low }) => low > 0).at(-1);
  const least = sorted.find(({ high }) => high < 0);
  const outcome = most && least ? 'mixed' : most ? 'more' : least ? 'less' : 'same';
  const clean = epsilons[0] === 0 ? own.points[0]?.difference : undefined;
  const unattacked = clean !== undefined && (clean.low > 0 || clean.high < 0) ? { unattacked: clean.value } : {};
  return { outcome, ...unattacked, ...(most === undefined ? {} : { most }), ...(least === undefined ? {} : { least }) };
}
