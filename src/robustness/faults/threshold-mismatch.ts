// Neurons that are not alike, as analog ones never are: each threshold times 1 + level z, z standard normal, but no less than a
// hundredth of what it should be. Neurons of one channel of a map share theirs.

import type { Weights } from '../../model/index.ts';
import type { Subject } from '../subject.ts';
import { DRAWS, faultNormals } from './draws.ts';
import type { Fault, FaultDraw, NotApplicable } from './fault-kind.ts';
import { withOwnThresholds } from './own-thresholds.ts';

/** Share of its own value that a threshold keeps at least: at 0 or below, a neuron would fire without any input. */
const LEAST = 0.01;

export function thresholdMismatch(given: Subject): Fault | NotApplicable {
  if (given.mode === 'ann') return { notApplicable: 'an ANN has no thresholds' };
  const { subject, slots } = withOwnThresholds(given, () => true);
  if (slots.length === 0) return { notApplicable: 'none of its neurons fires, so it has no thresholds' };
  const at = (level: number, draw: FaultDraw): Weights => {
    const weights = new Map(subject.weights);
    for (const { key, place } of slots) {
      const thresholds = weights.get(key)!;
      const noise = faultNormals(DRAWS.thresholdMismatch, thresholds.length, place, draw);
      weights.set(
        key,
        thresholds.map((threshold, i) => threshold * Math.max(LEAST, 1 + level * noise[i]!)),
      );
    }
    return weights;
  };
  return { subject, at };
}
