// Inputs that an attack by gradient cannot move: exactly zero everywhere, as after a random code or in a saturated loss.

import type { Differentiator } from '../network/differentiator.ts';
import type { Subject } from '../subject.ts';
import { type Cohort, idsAt, labelsAt, rowsOf } from './cohort.ts';
import { passCost } from './judge.ts';
import { CHUNK } from './laboratory.ts';
import type { Answers } from './measured-line.ts';
import type { Task } from './meter.ts';

/** Share of the images answered rightly whose gradient at the original is exactly zero; 0 if none is answered rightly. */
export async function shareWithoutGradient(
  cohort: Cohort,
  subject: Subject,
  differentiator: Pick<Differentiator, 'gradient'>,
  clean: Answers,
  task: Task,
): Promise<number> {
  const { size } = cohort.source;
  const right = Uint32Array.from(clean.keys().filter((i) => clean[i] === 1));
  let zero = 0;
  for (let from = 0; from < right.length; from += CHUNK) {
    const part = right.subarray(from, from + CHUNK);
    const images = { pixels: rowsOf(cohort.images.pixels, size, part), ids: idsAt(cohort, part) };
    const { values } = differentiator.gradient(images, labelsAt(cohort, part), 0);
    for (let i = 0; i < part.length; i++)
      if (values.subarray(i * size, (i + 1) * size).every((value) => value === 0)) zero++;
    await task.advance(2 * part.length * passCost(subject));
  }
  return right.length === 0 ? 0 : zero / right.length;
}
