// The random numbers of attacks: functions of (seed, image, purpose, draw), never sequences, so that they depend neither on which
// images share a batch nor on the order of calls.

import { philox, STREAM } from '../../core/index.ts';

/** What numbers are drawn for; different purposes never share any. */
export const PURPOSE = { noise: 0, start: 1, radius: 2, stripes: 3, square: 4 } as const;

/** Which numbers: `id` of the image, `draw` counts queries. */
export interface Throw {
  readonly seed: number;
  readonly purpose: number;
  readonly id: number;
  readonly draw?: number;
}

const block = new Uint32Array(4);

function fill(
  words: number,
  { seed, purpose, id, draw = 0 }: Throw,
  take: (word: number, index: number) => void,
): void {
  for (let i = 0; i < words; i++) {
    if (i % 4 === 0) philox(block, i / 4, purpose, id, draw, seed, STREAM.attack);
    take(block[i % 4]!, i);
  }
}

/** `count` 32-bit words. */
export function drawWords(count: number, at: Throw): Uint32Array {
  const words = new Uint32Array(count);
  fill(count, at, (word, i) => {
    words[i] = word;
  });
  return words;
}

/** `count` fair signs, 1 or -1, one a bit. */
export function drawSigns(count: number, at: Throw): Int8Array {
  const signs = new Int8Array(count);
  fill(Math.ceil(count / 32), at, (word, i) => {
    const end = Math.min(32, count - 32 * i);
    for (let bit = 0; bit < end; bit++) signs[32 * i + bit] = (word >>> bit) & 1 ? 1 : -1;
  });
  return signs;
}

/** `count` numbers uniform in [-1, 1). */
export function drawUniforms(count: number, at: Throw): Float64Array {
  const numbers = new Float64Array(count);
  fill(count, at, (word, i) => {
    numbers[i] = word / 2 ** 31 - 1;
  });
  return numbers;
}

/** A direction uniform on the sphere of `count` dimensions, of length 1: normal numbers (Box-Muller), divided by their length. */
export function drawDirection(count: number, at: Throw): Float64Array {
  const words = drawWords(2 * Math.ceil(count / 2), at);
  const numbers = new Float64Array(count);
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const [radius, angle] = [words[i - (i % 2)]!, words[i - (i % 2) + 1]! / 2 ** 32];
    const turn = 2 * Math.PI * angle;
    numbers[i] = Math.sqrt(-2 * Math.log((radius + 1) / 2 ** 32)) * (i % 2 === 0 ? Math.cos(turn) : Math.sin(turn));
    squares += numbers[i]! ** 2;
  }
  const length = Math.sqrt(squares);
  return numbers.map((value) => (length === 0 ? 1 / Math.sqrt(count) : value / length));
}
