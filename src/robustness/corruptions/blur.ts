// Gaussian blur, rows then columns: weights exp(-d^2 / (2 sigma^2)) for |d| <= ceil(3 sigma), normalised to sum 1. Beyond a border
// the image is mirrored, its outermost pixels twice (b a | a b c | c b), so a flat image stays flat at its borders.

import { type Corrupt, pixelsOf } from './corruption-kind.ts';

function kernelOf(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

/** Index `i` mirrored into [0, length). */
function mirror(i: number, length: number): number {
  const period = 2 * length;
  const inside = ((i % period) + period) % period;
  return inside < length ? inside : period - 1 - inside;
}

/**
 * The kernel as a matrix [length, length] over one axis, mirroring included: a kernel wider than the image costs no more than the
 * image is wide.
 */
function axisMatrix(kernel: Float64Array, length: number): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const matrix = new Float64Array(length * length);
  for (let to = 0; to < length; to++)
    for (let d = -radius; d <= radius; d++) matrix[to * length + mirror(to + d, length)]! += kernel[d + radius]!;
  return matrix;
}

interface Axis {
  readonly matrix: Float64Array;
  readonly length: number;
  /** How far a pixel's own sum reaches. */
  readonly radius: number;
}

/** One axis of one image whose neighbours along it are `stride` values apart; `lines` says where each line starts. */
function blurAxis(
  from: Float64Array,
  to: Float64Array,
  { matrix, length, radius }: Axis,
  stride: number,
  lines: readonly number[],
): void {
  for (let at = 0; at < length; at++) {
    const [first, last] = [Math.max(0, at - radius), Math.min(length - 1, at + radius)];
    for (const line of lines) {
      let sum = 0;
      for (let i = first; i <= last; i++) sum += matrix[at * length + i]! * from[line + i * stride]!;
      to[line + at * stride] = sum;
    }
  }
}

export const blur: Corrupt = ({ pixels, ids }, { shape }) => {
  const [height, width] = shape as [number, number];
  const { size, channels } = pixelsOf(shape);
  const stride = width * channels;
  const rows = Array.from({ length: height * channels }, (_, i) => Math.floor(i / channels) * stride + (i % channels));
  const columns = Array.from({ length: stride }, (_, i) => i);
  return (sigma) => {
    const kernel = kernelOf(sigma);
    const radius = (kernel.length - 1) / 2;
    const [across, down] = [width, height].map((length) => ({ matrix: axisMatrix(kernel, length), length, radius }));
    const [image, half] = [new Float64Array(size), new Float64Array(size)];
    const blurred = new Float32Array(pixels.length);
    for (let n = 0; n < ids.length; n++) {
      image.set(pixels.subarray(n * size, (n + 1) * size));
      blurAxis(image, half, across!, channels, rows);
      blurAxis(half, image, down!, stride, columns);
      blurred.set(image, n * size);
    }
    return blurred;
  };
};
