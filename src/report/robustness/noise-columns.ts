// Accuracy under one disturbance as a table: a network a row, a few levels the columns.

import type { NoiseCurve, NoiseSweep, SweepPoint } from '../../robustness/index.ts';
import { type Column, NONE } from '../columns.ts';
import { share } from './names.ts';

const MOST_LEVELS = 5;

/** Beside an accuracy whose difference to the first network's has an interval without 0. */
export const MORE = '↑';
export const LESS = '↓';

/** The name, then at most five levels, spread over all of them; the first and the last are among them. */
export function noiseColumns({ levels }: NoiseSweep): readonly Column<NoiseCurve>[] {
  const name: Column<NoiseCurve> = {
    ...{ key: 'network', header: 'Network', unit: '', kind: 'label', align: 'left' },
    text: ({ network }) => network,
    value: () => null,
  };
  const at = (i: number): Column<NoiseCurve> => ({
    ...{ key: `level-${i}`, header: String(levels[i]), unit: '', kind: 'label', align: 'right' },
    text: ({ points }) => (points[i] === undefined ? NONE : pointText(points[i])),
    value: ({ points }) => points[i]?.accuracy.value ?? null,
  });
  return [name, ...spread(levels.length, MOST_LEVELS).map(at)];
}

/** `71.2 ±2.8 ↑`. A mark's place is kept where there is none, so that digits stand below digits. */
function pointText({ accuracy, difference }: SweepPoint): string {
  const half = (accuracy.high - accuracy.low) / 2;
  return `${share(accuracy.value)} ±${share(half)} ${markOf(difference)}`;
}

function markOf(difference: SweepPoint['difference']): string {
  if (difference === undefined) return ' ';
  return difference.low > 0 ? MORE : difference.high < 0 ? LESS : ' ';
}

/** At most `most` indices from 0 to `length` - 1, evenly apart, both ends among them. */
export function spread(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}
