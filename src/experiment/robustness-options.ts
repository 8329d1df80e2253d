// A study's robustness section as the robustness study takes it, and what is disturbed.

import { ConfigError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import { type NoiseOptions, openPixels, type RobustnessOptions, type Subject } from '../robustness/index.ts';
import { type Candidate, deployed } from './candidate.ts';
import type { RobustnessStudy } from './study-robustness.ts';

/** A network as it would be deployed, its norms folded away, ready to be disturbed. */
export function subjectOf(candidate: Pick<Candidate, 'name' | 'spec' | 'weights' | 'reading'>): Subject {
  const { name, spec, weights, reading } = deployed(candidate);
  const { kind, timesteps, encoder, decoder } = reading;
  return { name, spec, weights, mode: kind === 'ann' ? 'ann' : 'snn', timesteps, encoder, decoder };
}

/**
 * Time steps of the converted network that is disturbed, of `tested`: those the study names, or the fewest that are enough (`smallest`,
 * null where none are) to be as accurate as the ANN, as anybody would deploy it, or the most there are.
 */
export function disturbedTimesteps(
  named: number | null,
  tested: readonly number[],
  smallest: number | null | undefined,
): number {
  const enough = tested.filter((timesteps) => timesteps >= (smallest ?? Number.POSITIVE_INFINITY));
  return named ?? (enough.length > 0 ? Math.min(...enough) : Math.max(...tested));
}

/** The study's settings as the robustness study takes them; `seed` is the one of the usual test run. */
export function robustnessOptions(study: RobustnessStudy, seed: number): RobustnessOptions {
  const { samples, examples, draws, noise, faults, attack } = study;
  const kinds = { ...levelsOf(noise), ...levelsOf(faults) };
  return {
    ...{ samples, seed, examples },
    noise: Object.keys(kinds).length === 0 ? null : { kinds, draws },
    attack: attack && attackOptions(attack),
  };
}

function attackOptions({ epsilons, ...others }: NonNullable<RobustnessStudy['attack']>) {
  return { ...others, ...(epsilons === null ? {} : { epsilons }) };
}

function levelsOf(part: RobustnessStudy['noise'] | RobustnessStudy['faults']): NoiseOptions['kinds'] {
  if (part === null) return {};
  const levels: Readonly<Record<string, readonly number[]>> = part.levels;
  return Object.fromEntries(part.kinds.map((kind) => [kind, levels[kind] ?? 'default']));
}

/** Pixels of bytes end at 1 less a rounding error. */
const ROUNDING = 1e-6;

/**
 * What can be known of the settings before any network is there. Throws ConfigError for an epsilon larger than any change of a pixel,
 * UnsupportedError for samples that are no still images.
 */
export function checkDisturbable({ attack }: RobustnessStudy, test: Dataset): void {
  const { range, size } = openPixels(test);
  if (attack === null || attack.epsilons === null) return;
  const width = range.high - range.low;
  const most = attack.norm === 'linf' ? width : width * Math.sqrt(size);
  const largest = attack.epsilons.at(-1)!;
  if (largest <= most * (1 + ROUNDING)) return;
  throw new ConfigError(
    'robustness.attack.epsilons',
    `got ${largest}, but the pixels of "${test.name}" lie between ${range.low} and ${range.high}, so that no ${attack.norm} change is larger than ${Number(most.toPrecision(4))}; give sizes up to that`,
  );
}
