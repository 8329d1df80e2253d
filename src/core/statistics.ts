// What a share measured on a sample of images says about all images: 95 % intervals, and differences between paired answers.

/** A mean with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % quantile of the standard normal. */
const Z = 1.959963984540054;

/**
 * 95 % interval of a share of which `correct` of `samples` were seen; [0, 1] if none were. The Wilson score interval stays inside
 * [0, 1] and does not collapse at 0 or 1:
 *   centre = (p + z^2 / 2n) / (1 + z^2 / n), half width = z sqrt(p (1 - p) / n + z^2 / 4n^2) / (1 + z^2 / n)
 * Wilson, "Probable inference", JASA 1927, doi 10.1080/01621459.1927.10502953.
 */
export function wilsonInterval(correct: number, samples: number): readonly [low: number, high: number] {
  if (samples === 0) return [0, 1];
  const p = correct / samples;
  const z2 = (Z * Z) / samples;
  const half = Z * Math.sqrt((p * (1 - p) + z2 / 4) / samples);
  return [Math.max(0, (p + z2 / 2 - half) / (1 + z2)), Math.min(1, (p + z2 / 2 + half) / (1 + z2))];
}

/**
 * Mean of `shares`, one an image: the share of its `draws` random draws that were answered right. Images are the clusters: draws of
 * one image resemble each other, so they count as many images only as far as they differ. That number n' is the sample size at which
 * a share m of independent answers would vary as the images' mean does, m (1 - m) / se^2 with se^2 = sum (share - m)^2 / n^2, at most
 * n * draws; where all shares are equal se is 0 and says nothing, and n' is n. The interval is Wilson's for m and n'. With one draw n'
 * is n exactly. Kish, "Survey sampling", 1965, section 8.2 (effective sample size).
 */
export function clusterInterval(shares: ArrayLike<number>, draws = 1): Interval {
  const n = shares.length;
  const mean = meanOf(n, (i) => shares[i]!);
  if (n === 0) return { value: 0, low: 0, high: 1 };
  const squares = n * meanOf(n, (i) => (shares[i]! - mean) ** 2);
  const effective = squares === 0 ? n : Math.min(n * draws, (mean * (1 - mean) * n * n) / squares);
  const [low, high] = wilsonInterval(mean * effective, effective);
  return { value: mean, low, high };
}

/**
 * Mean of a - b over the images both were measured on, with its 95 % interval: normal, with the standard error of the differences
 * themselves, so what the two have in common (images hard for both) cancels. Where all differences are the same, d, that error is 0 by
 * luck of the sample; then up to 3 / n of all images (the rule of three: Hanley and Lippman-Hand, JAMA 1983) may differ as far as shares
 * can, and the interval is from d - (3 / n) (1 + d) to d + (3 / n) (1 - d). No images: 0, from -1 to 1.
 */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>): Interval {
  const n = a.length;
  const { mean, error } = differences(a, b);
  if (error === 0 || n < 2) {
    const unseen = Math.min(1, 3 / n);
    return { value: mean, low: mean - unseen * (1 + mean), high: mean + unseen * (1 - mean) };
  }
  return { value: mean, low: Math.max(-1, mean - Z * error), high: Math.min(1, mean + Z * error) };
}

/**
 * How many standard errors the mean of a - b is above 0. The error is taken as at least 1 / n, what one image that answers otherwise
 * would make it, so that a few images that agree by luck prove nothing. No images: 0.
 */
export function pairedZ(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { mean, error } = differences(a, b);
  return a.length === 0 ? 0 : mean / Math.max(error, 1 / a.length);
}

function differences(a: ArrayLike<number>, b: ArrayLike<number>): { mean: number; error: number } {
  const n = a.length;
  const mean = meanOf(n, (i) => a[i]! - b[i]!);
  const variance = n < 2 ? 0 : (meanOf(n, (i) => (a[i]! - b[i]! - mean) ** 2) * n) / (n - 1);
  return { mean, error: Math.sqrt(variance / Math.max(1, n)) };
}

function meanOf(n: number, value: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += value(i);
  return n === 0 ? 0 : sum / n;
}
