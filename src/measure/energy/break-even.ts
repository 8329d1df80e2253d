// Where a spiking network would cost what a reference costs: at which spike rate, and after how many steps.
// Energy is affine in spikes (at fixed T) and in T (at fixed rates), so two estimates each give the crossing exactly, for any
// profile: E(a) = E(0) + a (E(1) - E(0)), a = factor on all spikes; E(T) = E(T1) + (T - T1) (E(2 T1) - E(T1)) / T1.

import { ConfigError, type Joules } from '../../core/index.ts';
import type { ActivityTrace } from '../../simulate/index.ts';
import { countOperations } from '../ledger.ts';
import type { EnergyProfile } from '../profiles/profile.ts';
import { estimateEnergy } from './estimate-energy.ts';
import { rescaleActivity } from './rescale-activity.ts';
import { synapticActivity } from './synaptic-activity.ts';

export interface BreakEven {
  readonly profile: string;
  /** Factor on every spike at which both cost the same; null if none is. Above 1: the network could fire more and still win. */
  readonly activity: number | null;
  /** The same as mean spikes of a neuron and step, and as spikes a synapse and inference. */
  readonly spikeRate: number | null;
  readonly spikesPerSynapse: number | null;
  /** Steps at which both cost the same, at the measured rates; a fraction below 1 means that not even one step is cheaper. */
  readonly timesteps: number | null;
  /** Why a number is missing, or what it means; empty if all is plain. */
  readonly note: string;
}

/**
 * @param trace what the spiking network did
 * @param reference energy of what it is compared with, by the profile chosen for that (an int8 ANN, say)
 */
export function breakEven(trace: ActivityTrace, profile: EnergyProfile, reference: Joules): BreakEven {
  if (trace.mode !== 'snn')
    throw new ConfigError('breakEven', 'got the trace of an ANN, expected one of a spiking network');
  const { timesteps } = trace;
  const costOf = (activity: number, steps: number): number => {
    const changed = rescaleActivity(trace, { activity, timesteps: steps });
    return estimateEnergy(countOperations(changed, { zeroSkipping: true }), changed, profile).total;
  };
  const now = costOf(1, timesteps);
  const activity = crossing(0, costOf(0, timesteps), 1, now, reference);
  const steps = crossing(timesteps, now, 2 * timesteps, costOf(1, 2 * timesteps), reference);
  const busy = synapticActivity(countOperations(trace, { zeroSkipping: true }), trace);
  const at = (value: number | null): number | null => (activity === null || value === null ? null : activity * value);
  return {
    profile: profile.id,
    activity,
    spikeRate: at(busy.spikeRate),
    spikesPerSynapse: at(busy.spikesPerSynapse),
    timesteps: steps,
    note: noteOn(activity, steps, at(busy.spikeRate)),
  };
}

/** The x >= 0 at which the line through two points reaches y; null if it never does. */
function crossing(x1: number, y1: number, x2: number, y2: number, y: number): number | null {
  const slope = (y2 - y1) / (x2 - x1);
  if (!(slope > 0)) return null;
  const x = x1 + (y - y1) / slope;
  return x >= 0 ? x : null;
}

function noteOn(activity: number | null, timesteps: number | null, spikeRate: number | null): string {
  const notes: string[] = [];
  if (activity === null) notes.push('no spike rate is low enough: what does not depend on spikes costs more already');
  if (spikeRate !== null && spikeRate > 1) notes.push('cheaper even if every neuron fired at every step');
  if (timesteps === null) notes.push('no number of steps is short enough: what is done once costs more already');
  else if (timesteps < 1) notes.push('dearer from the first step on');
  return notes.join('; ');
}
