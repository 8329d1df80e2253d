// The energy of one average inference, by one profile. An estimate, never a measurement.

import { type Joules, joules, NumericError } from '../../core/index.ts';
import type { ActivityTrace } from '../../simulate/index.ts';
import type { Ledger } from '../counts.ts';
import type { EnergyEstimate, EnergyTerm } from '../energy-types.ts';
import type { EnergyProfile } from '../profiles/profile.ts';
import { linearTerms, unpricedColumns } from './linear.ts';
import { memoryTrafficTerms, UNPRICED_BY_MEMORY_MODEL } from './memory-traffic.ts';

/**
 * Prices what a network did. `ledger` must be of the same `trace`.
 * A profile of a spiking chip is applicable neither to an ANN nor to a network that multiplies analog inputs, which its price
 * of a spike does not cover (leaving them out would flatter it): the estimate then says so and its total is 0.
 * @throws NumericError if any term is negative or not finite
 */
export function estimateEnergy(ledger: Ledger, trace: ActivityTrace, profile: EnergyProfile): EnergyEstimate {
  checkPair(ledger, trace);
  const { id, label, type, source, caveat } = profile;
  const base = { profile: id, label, type, source, caveat };
  const notApplicable = whyNot(ledger, trace, profile);
  if (notApplicable !== undefined) return { ...base, total: joules(0), terms: [], unpriced: [], notApplicable };
  const terms =
    profile.model === 'linear' ? linearTerms(ledger.total, profile) : memoryTrafficTerms(ledger, trace, profile);
  const unpriced =
    profile.model === 'linear'
      ? unpricedColumns(ledger.total, profile)
      : UNPRICED_BY_MEMORY_MODEL.filter((column) => ledger.total[column] > 0);
  return { ...base, total: totalOf(id, terms), terms, unpriced };
}

/** Why a spiking chip cannot run the network as it is; undefined if it can. */
function whyNot(ledger: Ledger, { mode }: ActivityTrace, profile: EnergyProfile): string | undefined {
  if (profile.model !== 'linear' || profile.runs !== 'spiking networks') return undefined;
  if (mode === 'ann') return `${profile.label} runs spiking networks only; an ANN has to be converted first`;
  const analog = ledger.layers.find(({ counts }) => counts.macs > 0);
  if (analog !== undefined)
    return `${profile.label} has no price for the analog input of "${analog.layer}"; ${remedy(ledger, analog.layer)}`;
  const multiplies = ledger.layers.find(({ counts }) => counts.poolMuls > 0 || counts.normMacs > 0);
  if (multiplies === undefined) return undefined;
  return `${profile.label} has no price for the multiplications of "${multiplies.layer}"; fold it into the weights beside it`;
}

/** Analog values come from the input, or from a pool that averages. */
function remedy({ layers }: Ledger, analog: string): string {
  const before = layers.slice(
    0,
    layers.findIndex(({ layer }) => layer === analog),
  );
  return before.some(({ counts }) => counts.poolMuls > 0)
    ? 'fold the average pool before it into its weights, or use a max pool'
    : 'encode the input as spikes';
}

function totalOf(id: string, terms: readonly EnergyTerm[]): Joules {
  let total = 0;
  for (const { term, energy } of terms) {
    if (!(energy >= 0 && Number.isFinite(energy))) {
      throw new NumericError(`profile "${id}": term "${term}" is ${energy} J, expected a finite energy of at least 0`);
    }
    total += energy;
  }
  return joules(total);
}

function checkPair(ledger: Ledger, trace: ActivityTrace): void {
  const same =
    ledger.layers.length === trace.layers.length &&
    ledger.samples === trace.samples &&
    ledger.timesteps === trace.timesteps &&
    trace.layers.every(({ layer }, index) => layer === ledger.layers[index]!.layer);
  if (!same) {
    throw new NumericError(
      'estimateEnergy: the ledger is not of this trace; count the trace with countOperations first',
    );
  }
}
