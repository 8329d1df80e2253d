// Shapes of estimates: what is estimated is never mixed with what is measured or published.

import type { Joules } from '../core/index.ts';

/** How a figure came to be. */
export type ProfileType = 'arithmetic' | 'with-memory' | 'whole-device' | 'simulated';

/** A part of an estimate. */
export interface EnergyTerm {
  readonly term: string;
  readonly energy: Joules;
}

/** The energy of one average inference, by one profile. */
export interface EnergyEstimate {
  /** `horowitz-45nm-fp32`, `loihi-1`, ... */
  readonly profile: string;
  readonly label: string;
  readonly type: ProfileType;
  readonly total: Joules;
  /** Parts that add up to the total: `synapses`, `neurons`, `memory`, ... */
  readonly terms: readonly EnergyTerm[];
  /** Ledger columns this profile puts no price on, though they were not zero. */
  readonly unpriced: readonly string[];
  readonly source: string;
  readonly caveat: string;
  /** Can this chip run this network at all (an ANN on a spiking chip cannot)? If not, `total` is NaN-free 0 and this says why. */
  readonly notApplicable?: string;
}

/** The same run as another tool would count it. */
export interface ViewCounts {
  readonly view: 'neurobench' | 'syops' | 'snntoolbox' | 'keras-spiking' | 'spikingjelly';
  /** That tool's own quantities under its own names, each a sample. */
  readonly quantities: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
  /** Why these differ from Spikewatt's ledger. */
  readonly differs: string;
}
