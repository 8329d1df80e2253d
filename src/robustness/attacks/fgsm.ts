// Fast gradient sign method: x + epsilon sign(dL/dx), clipped to the pixel range; in L2 x + epsilon g / |g|.
// Goodfellow et al. 2015, arXiv 1412.6572.

import type { Differentiator } from '../network/differentiator.ts';
import type { Norm } from '../settings.ts';
import type { AttackContext } from './attack-context.ts';
import { climb, project } from './ball.ts';

export function fgsm(norm: Norm, differentiator: Differentiator, context: AttackContext): Float32Array {
  const { epsilon, images, labels, direction, size, range } = context;
  const points = images.pixels.slice();
  climb(points, differentiator.gradient(images, labels, 0).values, direction * epsilon, { norm, size });
  project(points, images.pixels, { norm, epsilon, range, size });
  return points;
}
