// Where the lines that are no evidence say so: above or below each, where the other lines are furthest away.

import type { SweepRow } from './sweep-row.ts';

export interface Spot {
  readonly epsilon: number;
  readonly accuracy: number;
}

/** Of the panel's height, from a line to the middle of its label, and half of the label's width, in shares. */
const OFFSET = 5;
const HALF_WIDTH = 0.24;
/** Lines that are never further apart than this share one label: points. */
const TOGETHER = 5;

/** A spot for each group of alarmed lines; `rows` are the points of all lines, epsilons from 0 to `longest`. */
export function labelSpots(rows: readonly SweepRow[], longest: number): readonly Spot[] {
  const lines = [...Map.groupBy(rows, ({ line }) => line).values()];
  const placed: Spot[] = [];
  for (const group of grouped(lines.filter(([first]) => first!.evidence === 'no'))) {
    const spot = bestSpot(group, lines, placed, longest);
    if (spot !== null) placed.push(spot);
  }
  return placed;
}

type Line = readonly SweepRow[];

function grouped(lines: readonly Line[]): readonly Line[][] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const near = groups.find(([first]) =>
      line.every(({ epsilon, accuracy }) => {
        const beside = first!.find((row) => row.epsilon === epsilon);
        return beside !== undefined && Math.abs(beside.accuracy - accuracy) <= TOGETHER;
      }),
    );
    if (near === undefined) groups.push([line]);
    else near.push(line);
  }
  return groups;
}

function bestSpot(
  group: readonly Line[],
  lines: readonly Line[],
  placed: readonly Spot[],
  longest: number,
): Spot | null {
  const reach = HALF_WIDTH * longest;
  const whole = group[0]!.filter(({ epsilon }) => epsilon >= reach && epsilon <= longest - reach);
  const inside = whole.length > 0 ? whole : group[0]!;
  const spots = inside.flatMap(({ epsilon }) => {
    const heights = group.flatMap((line) => near(line, epsilon, reach));
    return [Math.max(...heights) + OFFSET, Math.min(...heights) - OFFSET].map((accuracy) => ({ epsilon, accuracy }));
  });
  const others = lines.filter((line) => !group.includes(line));
  const clearance = ({ epsilon, accuracy }: Spot): number => {
    const apart = others.flatMap((line) => near(line, epsilon, reach)).map((height) => Math.abs(height - accuracy));
    const labels = placed
      .filter((label) => Math.abs(label.epsilon - epsilon) < 2 * reach)
      .map((label) => Math.abs(label.accuracy - accuracy));
    return Math.min(100, ...apart, ...labels);
  };
  const shown = spots.filter(({ accuracy }) => accuracy >= OFFSET / 2 && accuracy <= 100 - OFFSET / 2);
  return shown.toSorted((a, b) => clearance(b) - clearance(a))[0] ?? spots[0] ?? null;
}

/** Accuracies of a line within `reach` of an epsilon. */
const near = (line: Line, epsilon: number, reach: number): number[] =>
  line.filter((row) => Math.abs(row.epsilon - epsilon) <= reach).map(({ accuracy }) => accuracy);
