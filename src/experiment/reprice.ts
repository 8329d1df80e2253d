// Counts and energy of a run's networks, worked out anew from their activity: other profiles, other switches.

import {
  countOperations,
  type EnergyEstimate,
  type EnergyProfile,
  estimateEnergy,
  PROFILES,
  profile,
} from '../measure/index.ts';
import type { RunRecord } from '../store/index.ts';

export interface PriceOptions {
  readonly zeroSkipping: boolean;
  /** Ids; null for all. */
  readonly profiles: readonly string[] | null;
}

/** The profiles of these ids, or all. Throws ConfigError listing the profiles there are. */
export const profilesNamed = (ids: readonly string[] | null): readonly EnergyProfile[] => ids?.map(profile) ?? PROFILES;

/** Energy of each network of a record, estimated from its stored activity. Throws ConfigError for an unknown profile. */
export function reprice(
  record: RunRecord,
  options: PriceOptions,
): readonly { readonly name: string; readonly kind: string; readonly energy: readonly EnergyEstimate[] }[] {
  const profiles = profilesNamed(options.profiles);
  return record.networks.map(({ name, kind, trace }) => {
    const ledger = countOperations(trace, { zeroSkipping: options.zeroSkipping });
    return { name, kind, energy: profiles.map((each) => estimateEnergy(ledger, trace, each)) };
  });
}
