// One number out of many activations.

/**
 * The p-th percentile of `values`, as numpy.percentile computes it by default: between the two nearest ranks of (n-1) p/100,
 * linearly. Sorts `values` in place. 0 for none.
 */
export function percentileOf(values: Float32Array, p: number): number {
  if (values.length === 0) return 0;
  values.sort();
  const rank = ((values.length - 1) * p) / 100;
  const [low, high] = [values[Math.floor(rank)]!, values[Math.ceil(rank)]!];
  return low + (high - low) * (rank - Math.floor(rank));
}

/** Largest of `values`; -Infinity for none. */
export function maximumOf(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > largest) largest = values[i]!;
  return largest;
}
