// Square attack: changes random squares of the image and keeps what lowers the margin; it sees scores, no gradient.
// Andriushchenko et al. 2020, arXiv 1912.00049. L-infinity as published; in L2 the same squares, scaled to the ball.

import type { Classifier } from '../network/classifier.ts';
import type { AttackContext, AttackOf } from './attack-context.ts';
import { type Ball, project } from './ball.ts';
import { drawSigns, drawWords, PURPOSE } from './dice.ts';

/** Share of the image that the first squares cover, and when it is halved, in queries of the published 10,000. */
const FIRST_SHARE = 0.8;
const HALVINGS = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000] as const;
const PUBLISHED_QUERIES = 10_000;

/** Share of the image that the square of this query covers: the published schedule, scaled to the number of queries. */
export function squareShare(query: number, queries: number): number {
  const published = (query / queries) * PUBLISHED_QUERIES;
  return FIRST_SHARE / 2 ** HALVINGS.filter((from) => published > from).length;
}

/** [height, width, channels]; anything but an image is one row of pixels. */
type Grid = readonly [number, number, number];

const gridOf = (shape: readonly number[], size: number): Grid =>
  shape.length === 3 ? [shape[0]!, shape[1]!, shape[2]!] : [1, size, 1];

/** Rows and columns of a square of that share of the image; as wide as it takes where the image is not high enough. */
export function squareSides([height, width]: readonly [number, number, ...number[]], share: number): [number, number] {
  const area = share * height * width;
  const rows = Math.min(height, Math.max(1, Math.round(Math.sqrt(area))));
  return [rows, Math.min(width, Math.max(1, Math.round(area / rows)))];
}

/** Vertical stripes a pixel wide, each channel up or down by all that the ball allows. */
function stripes([, width, channels]: Grid, ball: Ball, { images, seed }: AttackContext): Float32Array {
  const points = images.pixels.slice();
  const { size, epsilon, norm } = ball;
  const height = norm === 'linf' ? epsilon : epsilon / Math.sqrt(size);
  for (const [i, id] of images.ids.entries()) {
    const signs = drawSigns(width * channels, { seed, purpose: PURPOSE.stripes, id });
    for (let k = 0; k < size; k++) points[i * size + k]! += height * signs[k % signs.length]!;
  }
  project(points, images.pixels, ball);
  return points;
}

interface Square {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Paints a square of one image, each channel up or down; all arrays are that image's. In L-infinity it takes the place of what was
 * there, in L2 half of epsilon is added and the whole scaled back into the ball. Did anything change?
 */
function paint(
  image: Float32Array,
  original: Float32Array,
  signs: Int8Array,
  [, width, channels]: Grid,
  ball: Ball,
  { top, left, rows, columns }: Square,
): boolean {
  const { norm, epsilon, range } = ball;
  const height = norm === 'linf' ? epsilon : epsilon / 2 / Math.sqrt(rows * columns * channels);
  let changed = false;
  for (let row = top; row < top + rows; row++) {
    const from = (row * width + left) * channels;
    for (let k = from, c = 0; k < from + columns * channels; k++, c = c + 1 === channels ? 0 : c + 1) {
      const before = image[k]!;
      image[k] = Math.min(
        range.high,
        Math.max(range.low, (norm === 'linf' ? original[k]! : before) + height * signs[c]!),
      );
      if (image[k] !== before) changed = true;
    }
  }
  if (norm === 'l2') project(image, original, ball);
  return changed;
}

/** One square for every image, on what was best so far. One that would change nothing is painted with the other signs. */
function propose(
  best: Float32Array,
  query: number,
  share: number,
  grid: Grid,
  ball: Ball,
  { images, seed }: AttackContext,
): Float32Array {
  const points = best.slice();
  const { size } = ball;
  const [rows, columns] = squareSides(grid, share);
  const below = (word: number, count: number): number => Math.floor((word / 2 ** 32) * count);
  for (const [i, id] of images.ids.entries()) {
    const at = { seed, purpose: PURPOSE.square, id, draw: query };
    const words = drawWords(2, at);
    const square = {
      top: below(words[0]!, grid[0] - rows + 1),
      left: below(words[1]!, grid[1] - columns + 1),
      rows,
      columns,
    };
    const signs = drawSigns(64 + grid[2], at).subarray(64);
    const own = points.subarray(i * size, (i + 1) * size);
    const original = images.pixels.subarray(i * size, (i + 1) * size);
    if (paint(own, original, signs, grid, ball, square)) continue;
    paint(
      own,
      original,
      signs.map((sign) => -sign),
      grid,
      ball,
      square,
    );
  }
  return points;
}

/** The images themselves, which count as no query, then stripes, then squares. */
function candidates(
  best: Float32Array,
  query: number,
  queries: number,
  grid: Grid,
  ball: Ball,
  context: AttackContext,
) {
  if (query === 0) return best.slice();
  if (query === 1) return stripes(grid, ball, context);
  return propose(best, query, squareShare(query, queries), grid, ball, context);
}

/**
 * A square that leaves the margin as it is is kept too: margins of spike counts are whole numbers, and only a walk leads off such a
 * plateau.
 */
export async function square(
  { norm, queries }: AttackOf<'square'>,
  classifier: Classifier,
  context: AttackContext,
): Promise<Float32Array> {
  const { epsilon, images, labels, direction, size, range, shape, pause } = context;
  const ball = { norm, epsilon, range, size };
  const grid = gridOf(shape, size);
  const { ids } = images;
  const best = images.pixels.slice();
  const margins = new Float32Array(ids.length).fill(Number.POSITIVE_INFINITY);
  for (let query = 0; query <= queries; query++) {
    const points = candidates(best, query, queries, grid, ball, context);
    const found = classifier.classify({ pixels: points, ids }, labels).margins;
    for (let i = 0; i < ids.length; i++) {
      if (direction * found[i]! > margins[i]!) continue;
      margins[i] = direction * found[i]!;
      best.set(points.subarray(i * size, (i + 1) * size), i * size);
    }
    await pause(query, queries);
  }
  return best;
}
