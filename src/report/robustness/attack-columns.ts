// Attacks on one network as a table: an attack a row, a few epsilons the columns, and whether the row is evidence.

import type { AttackLine, AttackSweep } from '../../robustness/index.ts';
import { type Column, NONE } from '../columns.ts';
import { NO_BREAK } from '../quantity.ts';
import { attackName, NOT_EVIDENCE, share } from './names.ts';
import { spread } from './noise-columns.ts';

/** Shown where the sweep has them. */
const SHOWN = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1];
/** Fewer of those are not enough to go by. */
const LEAST = 3;

export const MOST_EPSILONS = SHOWN.length;

/** Columns of a table of lines; at most `most` epsilons. */
export function attackColumns(sweep: AttackSweep, most = MOST_EPSILONS): readonly Column<AttackLine>[] {
  const words = (key: string, header: string, text: Column<AttackLine>['text']): Column<AttackLine> => ({
    ...{ key, header, unit: '', kind: 'label', align: 'left', text },
    value: () => null,
  });
  const at = (i: number): Column<AttackLine> => ({
    ...{ key: `epsilon-${i}`, header: `ε${NO_BREAK}${sweep.epsilons[i]}`, unit: '', kind: 'label', align: 'right' },
    text: ({ points }) => (points[i] == null ? NONE : share(points[i].accuracy.value)),
    value: ({ points }) => points[i]?.accuracy.value ?? null,
  });
  return [
    words('attack', 'Attack', attackName),
    ...shownEpsilons(sweep.epsilons, most).map(at),
    words('evidence', 'Evidence', ({ evidence }) => (evidence ? 'ok' : NOT_EVIDENCE)),
  ];
}

/** Indices of the epsilons to show: the usual ones, or where the sweep has few of those, any, spread evenly. */
export function shownEpsilons(epsilons: readonly number[], most: number): readonly number[] {
  const usual = SHOWN.map((wanted) => epsilons.findIndex((epsilon) => Math.abs(epsilon - wanted) < 1e-9));
  const found = usual.filter((i) => i >= 0);
  const pool = found.length < Math.min(LEAST, epsilons.length) ? epsilons.map((_, i) => i) : found;
  return spread(pool.length, Math.max(2, Math.min(most, MOST_EPSILONS))).map((i) => pool[i]!);
}
