// Spiking networks that are followed through time, and a colour for each.

import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { KIND_COLOR, OKABE_ITO } from './theme.ts';

/** Trained networks, and of the converted the longest run: the shorter ones are its beginnings. */
export function longestRuns({ networks }: RunRecord): readonly NetworkRecord[] {
  const converted = networks.filter(({ kind }) => kind === 'converted').toSorted((a, b) => b.timesteps - a.timesteps);
  return [...networks.filter(({ kind }) => kind === 'snn'), ...converted.slice(0, 1)];
}

const MORE = [OKABE_ITO.green, OKABE_ITO.orange, OKABE_ITO.purple, OKABE_ITO.sky];

/** The colour of its kind for the first of each kind, others for the rest. */
export function runColors(runs: readonly NetworkRecord[]): string[] {
  let next = 0;
  return runs.map(({ kind }, i) =>
    runs.findIndex((run) => run.kind === kind) === i ? KIND_COLOR[kind] : MORE[next++ % MORE.length]!,
  );
}
