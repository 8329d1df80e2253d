// Which points of a chart can carry a label without one lying on another.

export interface Placed {
  /** From 0 to 1 across the plot. */
  readonly x: number;
  readonly y: number;
}

/** Least distances, in shares of the plot: a short number is as wide and as high. */
const APART = { x: 0.045, y: 0.06 };

/** Greedily, in the order given: a point is labelled if no labelled one is near. */
export function spacedLabels<Point>(points: readonly Point[], place: (point: Point) => Placed): readonly Point[] {
  const chosen: { point: Point; at: Placed }[] = [];
  for (const point of points) {
    const at = place(point);
    const near = chosen.some(
      ({ at: other }) => Math.abs(other.x - at.x) < APART.x && Math.abs(other.y - at.y) < APART.y,
    );
    if (!near) chosen.push({ point, at });
  }
  return chosen.map(({ point }) => point);
}

/** Where a value lies between two bounds; in the middle where they are one. */
export const between = (value: number, [low, high]: readonly [number, number]): number =>
  high === low ? 0.5 : (value - low) / (high - low);

/** A domain around percentages: whole fives, with room, within 0 to 100. */
export function percentDomain(values: readonly number[]): [number, number] {
  const low = Math.max(0, Math.floor((Math.min(...values) - 1) / 5) * 5);
  return [low, Math.min(100, Math.ceil((Math.max(...values) + 1) / 5) * 5)];
}
