// Operations and energy after each step of one run: what a run that stopped there would have done. The last entry is the whole run.

import type { ActivityTrace } from '../../simulate/index.ts';
import type { OpCounts } from '../counts.ts';
import type { EnergyEstimate } from '../energy-types.ts';
import { type CountOptions, countOperations } from '../ledger.ts';
import type { EnergyProfile } from '../profiles/profile.ts';
import { estimateEnergy } from './estimate-energy.ts';
import { firstSteps } from './first-steps.ts';

export interface OperationsAfter {
  readonly steps: number;
  /** Synaptic operations (macs + acs) of an average sample, from the first step to this one. */
  readonly synops: number;
  /** All columns, likewise. */
  readonly counts: OpCounts;
}

const upTo = (trace: ActivityTrace): ActivityTrace[] =>
  Array.from({ length: trace.timesteps }, (_, step) => firstSteps(trace, step + 1));

/** Cumulative operations after each step [T]. Throws as `countOperations` does. */
export function operationsOverTime(trace: ActivityTrace, options: CountOptions): OperationsAfter[] {
  return upTo(trace).map((stopped) => {
    const { total } = countOperations(stopped, options);
    return { steps: stopped.timesteps, synops: total.macs + total.acs, counts: total };
  });
}

/** Cumulative energy after each step [T], by one profile. Throws as `countOperations` and `estimateEnergy` do. */
export function energyOverTime(
  trace: ActivityTrace,
  profile: EnergyProfile,
  options: CountOptions = { zeroSkipping: true },
): EnergyEstimate[] {
  return upTo(trace).map((stopped) => estimateEnergy(countOperations(stopped, options), stopped, profile));
}
