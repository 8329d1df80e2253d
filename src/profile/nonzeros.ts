// Counts the nonzero values that reach each product of a plan: the same network lowered once more, with its inputs counted, on the
// same batch. The program that is timed does not count.

import type { Batch, Plan, Program } from '../engine/index.ts';
import type { Nonzeros } from './work-context.ts';

/** By tensor. `counting`: a program of a plan that counts (`observe.counts`), its weights written. Runs `batch`. */
export function countNonzeros(counting: Program, batch: Batch): ReadonlyMap<string, Nonzeros> {
  counting.run(batch);
  const found = new Map<string, Nonzeros>();
  for (const op of counting.plan.forward) {
    if (op.kernel !== 'count') continue;
    const { values, fedBack } = sumOf(counting, op.counts);
    const earlier = found.get(op.x) ?? { values: 0, fedBack: 0 };
    found.set(op.x, op.reach === undefined ? { ...earlier, values, fedBack } : { ...earlier, reached: values });
  }
  return found;
}

function sumOf(counting: Program, id: string): { readonly values: number; readonly fedBack: number } {
  const steps = stepsOf(counting.plan, id);
  const counts = counting.tensor(id);
  let [values, fedBack] = [0, 0];
  for (let row = 0; row < counts.length; row++) {
    values += counts[row]!;
    if ((row + 1) % steps !== 0) fedBack += counts[row]!;
  }
  return { values, fedBack };
}

const stepsOf = ({ tensors, timesteps }: Plan, id: string): number =>
  tensors.find((spec) => spec.id === id)!.rows === 'step' ? timesteps : 1;
