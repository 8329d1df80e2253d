// No attack: a random corner of the ball, or in L2 a random direction of full length. What every attack has to beat.

import type { Norm } from '../settings.ts';
import type { AttackContext } from './attack-context.ts';
import { project } from './ball.ts';
import { drawDirection, drawSigns, PURPOSE } from './dice.ts';

export function randomNoise(norm: Norm, { epsilon, images, size, range, seed }: AttackContext): Float32Array {
  const points = images.pixels.slice();
  for (const [i, id] of images.ids.entries()) {
    const at = { seed, purpose: PURPOSE.noise, id };
    const offset = norm === 'linf' ? drawSigns(size, at) : drawDirection(size, at);
    for (let k = 0; k < size; k++) points[i * size + k]! += epsilon * offset[k]!;
  }
  project(points, images.pixels, { norm, epsilon, range, size });
  return points;
}
