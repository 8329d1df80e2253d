// An energy profile: prices with their sources. A linear one prices ledger columns; a memory-traffic one is a model of its own.

import { type Joules, UnsupportedError } from '../../core/index.ts';
import type { Column } from '../counts.ts';
import type { ProfileType } from '../energy-types.ts';

export type EnergyProfile = LinearProfile | MemoryTrafficProfile;

interface ProfileBase {
  readonly id: string;
  readonly label: string;
  readonly type: ProfileType;
  /** Ids of the constants it is built from. */
  readonly constants: readonly string[];
  readonly source: string;
  readonly caveat: string;
}

export type Prices = Readonly<Partial<Record<Column, Joules>>>;

export interface PricedTerm {
  readonly term: string;
  readonly prices: Prices;
  /** Shown only for networks that have such operations. */
  readonly ifPresent?: true;
}

/** Energy = sum over columns of count * price; the columns of one term are shown as one figure. */
export interface LinearProfile extends ProfileBase {
  readonly model: 'linear';
  readonly terms: readonly PricedTerm[];
  /** Columns whose cost is contained in the prices of others. */
  readonly covers: readonly Column[];
  /** Whole-chip power over events: contains leakage, memory and neurons, so nothing may be added to it. */
  readonly allIn: boolean;
  /** Can it run an ANN, or spiking networks only? */
  readonly runs: 'any network' | 'spiking networks';
}

/** Lemaire et al. 2022, fully connected layers; see energy/memory-traffic.ts. */
export interface MemoryTrafficProfile extends ProfileBase {
  readonly model: 'memory-traffic';
  readonly type: 'with-memory';
  readonly add: Joules;
  readonly multiply: Joules;
  /** Width of a word. */
  readonly bits: number;
  /** An access of a memory: base + perBit * its size in bits. */
  readonly ramBase: Joules;
  readonly ramPerBit: Joules;
  /** Words of the queue spikes wait in. */
  readonly queueWords: number;
  /** none: every synapse of the ANN fetches its weight. full: weights stay where they are used, as at a large batch. */
  readonly annWeightReuse: 'none' | 'full';
}

/**
 * The profile with a term added, for a cost its source leaves out.
 * @throws UnsupportedError for an all-in profile (the cost is in it already) and for a memory-traffic model
 */
export function withTerm(profile: EnergyProfile, term: string, prices: Prices): LinearProfile {
  if (profile.model !== 'linear') {
    throw new UnsupportedError(
      `profile "${profile.id}": its terms are fixed by its model; add terms to a linear profile`,
    );
  }
  if (profile.allIn) {
    throw new UnsupportedError(
      `profile "${profile.id}": is all-in (whole-chip power over events), so "${term}" is already in it; use a marginal profile`,
    );
  }
  return { ...profile, terms: [...profile.terms, { term, prices }] };
}
