// Images made against one network, shown to another. An image that fooled its own network early was not made worse for it since, but
// for another it has to be as strong as allowed: its perturbation is drawn out to the epsilon in question.

import { project } from '../attacks/ball.ts';
import type { Norm } from '../settings.ts';
import type { Crafted } from './climb.ts';
import type { Cohort } from './cohort.ts';

/** Perturbations of `crafted` times epsilon / the epsilon they were made at, within ball and range: [n, size]. */
export function drawnOut(cohort: Cohort, { pixels, epsilons }: Crafted, epsilon: number, norm: Norm): Float32Array {
  const { size, range } = cohort.source;
  const originals = cohort.images.pixels;
  const drawn = pixels.slice();
  for (const [i, made] of epsilons.entries()) {
    if (made === epsilon || made === 0) continue;
    const factor = epsilon / made;
    for (let k = i * size; k < (i + 1) * size; k++) drawn[k] = originals[k]! + (pixels[k]! - originals[k]!) * factor;
  }
  project(drawn, originals, { norm, epsilon, range, size });
  return drawn;
}
