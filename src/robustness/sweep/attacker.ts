// One attack against one network: originals in, perturbed pixels out.

import type { AttackTools } from '../attacks/attack-context.ts';
import type { Differentiator } from '../network/differentiator.ts';
import type { AttackSettings, GradientSettings } from '../settings.ts';
import type { Subject } from '../subject.ts';
import { type Cohort, idsAt, labelsAt, rowsOf } from './cohort.ts';
import { passCost } from './judge.ts';
import { CHUNK, type Laboratory } from './laboratory.ts';
import type { Task } from './meter.ts';

export interface Attacker {
  /** Pixels of the images at `positions`, perturbed by at most `epsilon`: [positions, size]. */
  attempt(epsilon: number, positions: Uint32Array, task: Task): Promise<Float32Array>;
  close(): void;
}

export interface Plan {
  readonly attack: AttackSettings;
  /** Needed where the attack takes gradients. */
  readonly gradient?: GradientSettings;
}

/** Opens what the attack needs: gradients for fgsm and pgd, answers with dice of its own for square. */
export function openAttacker(lab: Laboratory, subject: Subject, cohort: Cohort, plan: Plan): Attacker {
  const differentiator = plan.gradient && lab.differentiator(subject, plan.gradient);
  const classifier = plan.attack.kind === 'square' ? lab.classifier(subject, 'attacker') : undefined;
  const attacker = attackWith(lab, cohort, plan.attack, {
    ...(differentiator && { differentiator }),
    ...(classifier && { classifier }),
    cost: attemptCost(subject, plan),
  });
  return {
    attempt: attacker,
    close() {
      differentiator?.close();
      classifier?.close();
    },
  };
}

type Tools = Pick<AttackTools, 'differentiator' | 'classifier'>;

/** The attack with these tools, in chunks. `cost`: units of work an image. */
export function attackWith(
  lab: Laboratory,
  cohort: Cohort,
  attack: AttackSettings,
  { cost, ...tools }: Tools & { readonly cost: number },
): Attacker['attempt'] {
  const { source, classes } = cohort;
  const about = { ...tools, range: source.range, shape: source.shape, classes, seed: lab.seed };
  return async (epsilon, positions, task) => {
    const perturbed = new Float32Array(positions.length * source.size);
    for (let from = 0; from < positions.length; from += CHUNK) {
      const part = positions.subarray(from, from + CHUNK);
      const images = { pixels: rowsOf(cohort.images.pixels, source.size, part), ids: idsAt(cohort, part) };
      perturbed.set(await lab.perturb(attack, epsilon, images, labelsAt(cohort, part), about), from * source.size);
      await task.advance(part.length * cost);
    }
    return perturbed;
  };
}

/** Units of work an image takes: forward and back for each gradient, forward for each query. */
export function attemptCost(subject: Subject, { attack, gradient }: Plan): number {
  const pass = passCost(subject);
  const once = 2 * pass * (gradient?.draws ?? 1);
  if (attack.kind === 'pgd') return (attack.steps + 1) * once;
  if (attack.kind === 'square') return attack.queries * pass;
  return attack.kind === 'fgsm' ? once : 0;
}

/**
 * Asks for each image's gradient once and remembers it, for FGSM: its gradient is taken at the original, whatever epsilon. Only for
 * attacks that ask about the originals alone.
 */
export function rememberGradients(differentiator: Differentiator, size: number): Differentiator {
  const seen = new Map<number, { readonly values: Float32Array; readonly loss: number }>();
  return {
    ...differentiator,
    gradient(images, labels, draw) {
      if (!images.ids.every((id) => seen.has(id))) {
        const { values, losses } = differentiator.gradient(images, labels, draw);
        images.ids.forEach((id, i) => {
          seen.set(id, { values: values.slice(i * size, (i + 1) * size), loss: losses[i]! });
        });
      }
      const rows = Array.from(images.ids, (id) => seen.get(id)!);
      const values = new Float32Array(rows.length * size);
      rows.forEach((row, i) => {
        values.set(row.values, i * size);
      });
      return { values, losses: Float32Array.from(rows, ({ loss }) => loss) };
    },
  };
}
