// The ceiling that a quantised activation has learned: its scale, known without calibration.

import { ConfigError } from '../core/index.ts';
import type { SlotSpec, Weights } from '../model/index.ts';

/** undefined for other activations. Throws ConfigError for a ceiling that nothing can be divided by. */
export function ceilingOf({ name, ann }: SlotSpec, weights: Weights): number | undefined {
  if (typeof ann !== 'object' || ann.kind !== 'quantized') return undefined;
  const ceiling = weights.get(`${name}/ceiling`)?.[0] ?? ann.ceiling;
  if (ceiling > 0 && Number.isFinite(ceiling)) return ceiling;
  throw new ConfigError(
    `${name}/ceiling`,
    `got ${ceiling}, expected a positive number; a ceiling that training drives to 0 needs a larger start (4 to 8)`,
  );
}
