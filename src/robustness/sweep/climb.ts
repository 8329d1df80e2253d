// An attack with growing epsilon. An image that fooled the network stays within every larger ball, so it is kept as it is and only the
// survivors are attacked again: accuracy never rises with epsilon, as the best attack's cannot, and most images are attacked at a few
// epsilons only.

import type { Attacker } from './attacker.ts';
import { type Cohort, rowsOf } from './cohort.ts';
import { type Judge, rightOf } from './judge.ts';
import { type Answers, NOT_RUN } from './measured-line.ts';
import type { Task } from './meter.ts';

export interface Climb {
  readonly attacker: Attacker;
  readonly judge: Judge;
  /** Answers to the untouched images. Those answered wrongly count as fooled from the start. */
  readonly clean: Answers;
  /** Images to attack, of the cohort. */
  readonly positions: Uint32Array;
  /** Ascending. */
  readonly epsilons: readonly number[];
  readonly task: Task;
  /** Perturb the images that were wrong from the start too, once: others are shown them. Default false. */
  readonly everyone?: boolean;
}

/** What a climb leaves behind: for each image of the cohort the pixels made last, and the epsilon they were made at (0: none). */
export interface Crafted {
  readonly pixels: Float32Array;
  readonly epsilons: Float64Array;
}

/**
 * Yields the answers after each epsilon in turn; at epsilon 0 the clean ones. The arrays are fresh, `crafted` is filled on the way.
 */
export async function* climbing(
  cohort: Cohort,
  { attacker, judge, clean, positions, epsilons, task, everyone = false }: Climb,
  crafted?: Crafted,
): AsyncGenerator<Answers> {
  const { size } = cohort.source;
  const answers = new Int8Array(clean.length).fill(NOT_RUN);
  for (const position of positions) answers[position] = clean[position]!;
  let first = everyone;
  for (const epsilon of epsilons) {
    if (epsilon > 0) {
      const attacked = first ? positions : positions.filter((position) => answers[position] === 1);
      first = false;
      const pixels = await attacker.attempt(epsilon, attacked, task);
      keep(crafted, { pixels, positions: attacked, epsilon, size });
      const index = Uint32Array.from(attacked.keys()).filter((i) => answers[attacked[i]!] === 1);
      const survivors = Uint32Array.from(index, (i) => attacked[i]!);
      const { predictions } = await judge.judge(rowsOf(pixels, size, index), survivors, task);
      rightOf(predictions, cohort, survivors).forEach((right, i) => {
        answers[survivors[i]!] = right;
      });
    }
    yield answers.slice();
  }
}

function keep(
  crafted: Crafted | undefined,
  made: { pixels: Float32Array; positions: Uint32Array; epsilon: number; size: number },
): void {
  if (crafted === undefined) return;
  const { pixels, positions, epsilon, size } = made;
  positions.forEach((position, i) => {
    crafted.pixels.set(pixels.subarray(i * size, (i + 1) * size), position * size);
    crafted.epsilons[position] = epsilon;
  });
}

export function openCrafted({ images }: Cohort): Crafted {
  return { pixels: images.pixels.slice(), epsilons: new Float64Array(images.ids.length) };
}
