// How many samples to run at once. What the host reads after a batch is kept for all of it, so maps and many steps need smaller
// batches; results are the same for any.

import { ConfigError } from '../core/index.ts';
import type { Plan } from '../engine/index.ts';

const MOST = 256;
/** Bytes of the largest tensor read after a batch, and of all that are kept, at 4 a value. */
const LARGEST = 2 ** 28;
const KEPT = 2 ** 30;

/** `asked`, or the default. Throws ConfigError for a batch of no samples. */
export function batchSizeFor(plan: Plan, asked: number | undefined): number {
  if (asked !== undefined) {
    if (Number.isInteger(asked) && asked >= 1) return asked;
    throw new ConfigError('batchSize', `got ${asked}, expected a whole number of at least 1`);
  }
  let [largest, kept] = [1, 1];
  for (const { rows, features, keep, values } of plan.tensors) {
    if (keep !== 'batch') continue;
    const bytes = 4 * features * (rows === 'step' ? plan.timesteps : 1);
    largest = Math.max(largest, bytes);
    kept += values === 'spikes' ? bytes / 32 : bytes;
  }
  return Math.max(1, Math.min(MOST, Math.floor(LARGEST / largest), Math.floor(KEPT / kept)));
}
