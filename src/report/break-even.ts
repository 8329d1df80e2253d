// Where a spiking network's energy would equal the ANN's: at how many time steps, at how many spikes a synapse.

import type { NetworkRecord } from '../store/index.ts';
import type { Contender } from './contest.ts';

/**
 * Break-even spikes for each synapse and inference from the literature: above it, the spiking network needs more.
 * Both price memory; the range of the second spans its ANN implementations.
 */
export const PUBLISHED_BREAK_EVEN = [
  { low: 1.72, high: 1.72, source: 'Davidson and Furber 2021', doi: '10.3389/fnins.2021.651141' },
  { low: 0.15, high: 1.38, source: 'Dampfhoffer et al. 2023', doi: '10.1109/TETCI.2022.3214509' },
] as const;

/**
 * Time steps at which a contender would need as much as the ANN under a profile, at its activity a step; null where its
 * energy is not proportional to T (a layer that runs once whatever T is) or the profile does not price both.
 */
export function breakEvenTimesteps({ network, energy }: Contender, profile: string): number | null {
  const found = energy.find((entry) => entry.profile === profile && entry.baseline === null);
  if (found === undefined || found.ratio === 0 || !isProportionalToTime(network)) return null;
  return network.timesteps / found.ratio;
}

/** Does every layer run at every step, so that twice the steps at the same activity is twice the energy? */
export function isProportionalToTime({ trace }: NetworkRecord): boolean {
  return trace.layers.every((layer) => layer.kind !== 'dense' || layer.executions === trace.timesteps);
}
