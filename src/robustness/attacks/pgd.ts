// Projected gradient descent: steps along the gradient, each projected back into the ball; of the points visited, the worst one.
// Madry et al. 2018, arXiv 1706.06083.

import type { Differentiator } from '../network/differentiator.ts';
import type { Norm } from '../settings.ts';
import type { AttackContext, AttackOf } from './attack-context.ts';
import { climb, project } from './ball.ts';
import { drawDirection, drawUniforms, drawWords, PURPOSE } from './dice.ts';

/** A point drawn evenly from each image's ball, clipped to the pixel range. */
function randomStart(norm: Norm, { epsilon, images, size, range, seed }: AttackContext): Float32Array {
  const points = images.pixels.slice();
  for (const [i, id] of images.ids.entries()) {
    const at = { seed, purpose: PURPOSE.start, id };
    const offset = norm === 'linf' ? drawUniforms(size, at) : drawDirection(size, at);
    const length = norm === 'linf' ? epsilon : epsilon * radius(seed, id) ** (1 / size);
    for (let k = 0; k < size; k++) points[i * size + k]! += length * offset[k]!;
  }
  project(points, images.pixels, { norm, epsilon, range, size });
  return points;
}

const radius = (seed: number, id: number): number => drawWords(1, { seed, purpose: PURPOSE.radius, id })[0]! / 2 ** 32;

/** Each step's gradient comes with the loss where it was taken, so only the last point costs a gradient that no step uses. */
export async function pgd(
  { norm, steps, stepSize, randomStart: starts, last = false }: AttackOf<'pgd'>,
  differentiator: Differentiator,
  context: AttackContext,
): Promise<Float32Array> {
  const { epsilon, images, labels, direction, size, range, pause } = context;
  const points = starts ? randomStart(norm, context) : images.pixels.slice();
  const worst = points.slice();
  const harm = new Float32Array(images.ids.length).fill(Number.NEGATIVE_INFINITY);
  for (let step = 0; step <= steps; step++) {
    if (last && step === steps) return points;
    const { values, losses } = differentiator.gradient({ pixels: points, ids: images.ids }, labels, step);
    for (let i = 0; i < harm.length; i++) {
      if (direction * losses[i]! <= harm[i]!) continue;
      harm[i] = direction * losses[i]!;
      worst.set(points.subarray(i * size, (i + 1) * size), i * size);
    }
    await pause(step, steps);
    if (step === steps) break;
    climb(points, values, direction * stepSize * epsilon, { norm, size });
    project(points, images.pixels, { norm, epsilon, range, size });
  }
  return worst;
}
