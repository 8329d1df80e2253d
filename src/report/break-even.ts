// At how many time steps a spiking network's energy would equal the ANN's, at its activity a step: measure works it out, here it is
// made sure that it does so with the constants the record was priced with.

import { breakEven, estimateEnergy, PROFILES } from '../measure/index.ts';
import { estimateOf } from './columns.ts';
import type { Contender } from './contest.ts';

/** Relative difference up to which this version's profile and a stored estimate are the same. */
const SAME_CONSTANTS = 1e-6;

/**
 * Time steps at which a contender would need as much as the ANN under a profile. Null where there is no such number, or where
 * the record was priced with other constants than this version's: then the record's figures and this one would not agree.
 */
export function breakEvenTimesteps({ network, ann }: Contender, id: string): number | null {
  const [own, reference] = [estimateOf(network, id), estimateOf(ann, id)];
  const profile = PROFILES.find((each) => each.id === id);
  if (own === undefined || reference === undefined || profile === undefined || !network.ledger.zeroSkipping)
    return null;
  const now = estimateEnergy(network.ledger, network.trace, profile).total;
  if (Math.abs(now - own.total) > SAME_CONSTANTS * own.total) return null;
  return breakEven(network.trace, profile, reference.total).timesteps;
}
