// Threshold balancing: the scale s with the least squared error between activations a > 0 and s k / T, where k is how often a
// neuron driven by a / s fires in T steps: clip(floor(T a / s + start), 0, T). Li et al. 2021 (arXiv 2106.06984) search a grid of
// shares of the maximum; so does this, over a histogram, which keeps memory small and moves no activation by more than 1/2048 of
// the maximum.

const BINS = 4096;
const CANDIDATES = 100;

/** Counts of values in bins of equal width from 0 on, twice as wide whenever a value lies beyond the last. */
export class GrowingHistogram {
  readonly counts = new Float64Array(BINS);
  width = 0;
  largest = 0;

  /** Values of 0 and below are left out. */
  add(values: ArrayLike<number>): void {
    for (let k = 0; k < values.length; k++) if (values[k]! > this.largest) this.largest = values[k]!;
    if (this.largest === 0 || !Number.isFinite(this.largest)) return;
    if (this.width === 0) this.width = this.largest / (BINS - 1);
    while (this.largest >= this.width * BINS) this.#widen();
    for (let k = 0; k < values.length; k++) if (values[k]! > 0) this.counts[Math.floor(values[k]! / this.width)]!++;
  }

  #widen(): void {
    for (let bin = 0; bin < BINS; bin++) {
      const [left, right] = [this.counts[2 * bin] ?? 0, this.counts[2 * bin + 1] ?? 0];
      this.counts[bin] = left + right;
    }
    this.width *= 2;
  }
}

/** The share of the largest value, of 1/100 to 1, whose squared error is least; 0 for no values. `start` in thresholds. */
export function leastErrorScale(histogram: GrowingHistogram, timesteps: number, start: number): number {
  let best = { scale: 0, error: Number.POSITIVE_INFINITY };
  for (let candidate = 1; candidate <= CANDIDATES; candidate++) {
    const scale = (histogram.largest * candidate) / CANDIDATES;
    const error = squaredError(histogram, scale, timesteps, start);
    if (error <= best.error) best = { scale, error };
  }
  return best.scale;
}

function squaredError({ counts, width }: GrowingHistogram, scale: number, timesteps: number, start: number): number {
  let sum = 0;
  for (let bin = 0; bin < BINS; bin++) {
    if (counts[bin] === 0) continue;
    const activation = (bin + 0.5) * width;
    const spikes = Math.min(timesteps, Math.floor((timesteps * activation) / scale + start));
    sum += counts[bin]! * (activation - (scale * spikes) / timesteps) ** 2;
  }
  return sum;
}
