// What must hold of any layer's counts, whoever made them.

import { NumericError } from '../../core/index.ts';
import { COLUMNS, type OpCounts } from '../counts.ts';

/** @throws NumericError naming layer and column if a count is negative, not finite or above its dense bound. */
export function checkCounts(layer: string, counts: OpCounts): void {
  for (const column of COLUMNS) {
    const value = counts[column];
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new NumericError(`layer "${layer}": ${column} is ${value}, expected a finite count of at least 0`);
    }
  }
  atMost(layer, 'macs', counts.macs, counts.denseMacs);
  atMost(layer, 'acs', counts.acs, counts.denseAcs);
  atMost(layer, 'resets', counts.resets, counts.neuronUpdates);
}

function atMost(layer: string, column: string, value: number, bound: number): void {
  if (value > bound * (1 + 1e-9)) {
    throw new NumericError(`layer "${layer}": ${column} is ${value}, above its dense bound ${bound}`);
  }
}
