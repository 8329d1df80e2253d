// One number out of many activations.

/**
 * The p-th percentile of `values`, as numpy.percentile computes it by default: between the two nearest ranks of (n-1) p/100,
 * linearly. Sorts `values` in place. 0 for none.
 */
export function percentileOf(values: Float32Array, p: number): number {
  if (values.length === 0) return 0;
  values.sort();
  return interpolated(values, 0, values.length, p);
}

/** The percentile of `n` values of which `sorted` holds all but the `below` smallest. */
function interpolated(sorted: Float32Array, below: number, n: number, p: number): number {
  const rank = ((n - 1) * p) / 100;
  const [low, high] = [sorted[Math.floor(rank) - below]!, sorted[Math.ceil(rank) - below]!];
  return low + (high - low) * (rank - Math.floor(rank));
}

/**
 * The p-th percentile of values that come in parts, exactly, at most `most` of them. Only the largest are kept that can still
 * matter: for p = 99.9 a few per mille, 4 bytes each.
 */
export class RunningPercentile {
  readonly #p: number;
  readonly #needed: number;
  #kept: Float32Array;
  #used = 0;
  #count = 0;
  /** Values up to this one are too small to matter. */
  #floor = -Infinity;

  constructor(p: number, most: number) {
    this.#p = p;
    this.#needed = Math.max(0, most - Math.floor(((most - 1) * p) / 100)) + 1;
    this.#kept = new Float32Array(Math.min(most, Math.max(2 * this.#needed, this.#needed + 4096)));
  }

  add(value: number): void {
    this.#count++;
    if (value <= this.#floor) return;
    if (this.#used === this.#kept.length) this.#compact();
    if (value <= this.#floor) return;
    this.#kept[this.#used++] = value;
  }

  #compact(): void {
    const kept = this.#kept.subarray(0, this.#used).sort();
    const drop = Math.max(0, this.#used - this.#needed);
    kept.copyWithin(0, drop);
    this.#used -= drop;
    if (drop > 0) this.#floor = this.#kept[0]!;
    if (this.#used < this.#kept.length) return;
    const wider = new Float32Array(2 * this.#kept.length);
    wider.set(this.#kept);
    this.#kept = wider;
  }

  /** 0 for no values. */
  value(): number {
    if (this.#count === 0) return 0;
    const sorted = this.#kept.slice(0, this.#used).sort();
    return interpolated(sorted, this.#count - this.#used, this.#count, this.#p);
  }
}

/** Largest of `values`; -Infinity for none. */
export function maximumOf(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > largest) largest = values[i]!;
  return largest;
}
