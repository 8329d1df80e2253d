// What stopping early saves: operations and energy of samples that stopped when they were sure enough, beside those of the whole run.
// Deciding when to stop costs a comparison of outputs a step; like every reading of the output, it is not counted.

import { type Joules, joules } from '../../core/index.ts';
import type { ActivityTrace, EarlyStop } from '../../simulate/index.ts';
import { type CountOptions, countOperations } from '../ledger.ts';
import type { EnergyProfile } from '../profiles/profile.ts';
import { estimateEnergy } from './estimate-energy.ts';

export interface EarlyStopPoint {
  readonly threshold: number;
  /** Share of correct samples, each read when it stopped. */
  readonly accuracy: number;
  /** Mean steps a sample. */
  readonly meanSteps: number;
  /** Synaptic operations (macs + acs) a sample. */
  readonly synops: number;
  /** By the profile; null where it does not apply to this network. */
  readonly energy: Joules | null;
  /** Shares of what the whole run took that were saved: of its steps, its synaptic operations and its energy. */
  readonly stepsSaved: number;
  readonly synopsSaved: number;
  readonly energySaved: number | null;
}

/** One point for each threshold: the curve of accuracy over latency, with what each saves. `trace` is of the whole run. */
export function earlyStopCurve(
  stops: readonly EarlyStop[],
  trace: ActivityTrace,
  profile: EnergyProfile,
  options: CountOptions = { zeroSkipping: true },
): EarlyStopPoint[] {
  const whole = costOf([trace], profile, options);
  return stops.map(({ threshold, accuracy, meanSteps, traces }) => {
    const { synops, energy } = costOf(traces, profile, options);
    return {
      threshold,
      accuracy: accuracy.value,
      meanSteps,
      synops,
      energy,
      stepsSaved: 1 - meanSteps / trace.timesteps,
      synopsSaved: whole.synops === 0 ? 0 : 1 - synops / whole.synops,
      energySaved: energy === null || whole.energy === null ? null : saved(energy, whole.energy),
    };
  });
}

const saved = (energy: number, whole: number): number => (whole === 0 ? 0 : 1 - energy / whole);

/** Of an average sample over several traces, each weighted by its samples. */
function costOf(
  traces: readonly ActivityTrace[],
  profile: EnergyProfile,
  options: CountOptions,
): { readonly synops: number; readonly energy: Joules | null } {
  let [samples, synops, energy, applies] = [0, 0, 0, true];
  for (const trace of traces) {
    const ledger = countOperations(trace, options);
    const estimate = estimateEnergy(ledger, trace, profile);
    samples += trace.samples;
    synops += (ledger.total.macs + ledger.total.acs) * trace.samples;
    energy += estimate.total * trace.samples;
    if (estimate.notApplicable !== undefined) applies = false;
  }
  return { synops: synops / samples, energy: applies ? joules(energy / samples) : null };
}
