// Where costly checks are worth their time: at the epsilons where an attack leaves some images right and some wrong.

const [LOW, HIGH] = [0.1, 0.9];
/** Of costly checks. */
export const MOST_TELLING = 3;

/**
 * Indices, ascending, of up to 3 epsilons at which accuracy is between 10 and 90 %: the ends and the middle of that range. If there is
 * none, the largest epsilon above 0 at which it is 90 % or more, just before it falls: a stronger attack may make it fall there.
 * Only accuracies above `chance` count.
 */
export function tellingEpsilons(
  epsilons: readonly number[],
  accuracies: readonly number[],
  chance: number,
): readonly number[] {
  const usable = [...epsilons.keys()].filter((i) => epsilons[i]! > 0 && accuracies[i]! > chance);
  const between = usable.filter((i) => accuracies[i]! >= LOW && accuracies[i]! <= HIGH);
  if (between.length === 0) return usable.filter((i) => accuracies[i]! > HIGH).slice(-1);
  const picked = [0, (between.length - 1) / 2, between.length - 1].map((at) => between[Math.round(at)]!);
  return [...new Set(picked)].slice(0, MOST_TELLING);
}
