// ANNs a spiking network must beat to be called efficient, priced but not trained.
//   int8-ann        weights and activations of 8 bits
//   quantised-twin  activations of ceil(log2(T + 1)) bits: as many levels as T spikes can tell apart (Yan et al. 2024)

import { ConfigError, type Joules, joules } from '../../core/index.ts';
import type { ActivityTrace } from '../../simulate/index.ts';
import type { EnergyEstimate } from '../energy-types.ts';
import { countOperations } from '../ledger.ts';
import { operatorTerms } from '../profiles/arithmetic.ts';
import { energyOfOne } from '../profiles/constants.ts';
import { type EnergyProfile, profile } from '../profiles/index.ts';
import { estimateEnergy } from './estimate-energy.ts';

export interface Baseline {
  readonly kind: 'int8-ann' | 'quantised-twin';
  readonly label: string;
  readonly weightBits: number;
  readonly activationBits: number;
  readonly energy: readonly EnergyEstimate[];
  readonly note: string;
}

/** Of the int8 profiles, those a baseline is priced by. */
const PRICED_BY = ['horowitz-45nm-int8', 'lemaire-45nm-int8', 'lemaire-45nm-int8-ann-reuse'] as const;

const NOT_TRAINED = 'priced from the counts of the float ANN; its accuracy after quantisation was not measured';

export interface BaselineOptions {
  readonly zeroSkipping: boolean;
}

export function int8Baseline(ann: ActivityTrace, options: BaselineOptions): Baseline {
  return {
    kind: 'int8-ann',
    label: 'ANN in int8',
    weightBits: 8,
    activationBits: 8,
    energy: PRICED_BY.map((id) => estimate(ann, profile(id), options)),
    note: NOT_TRAINED,
  };
}

/** Bits an activation needs to hold the T + 1 values a rate over T steps can take. */
export function twinBits(timesteps: number): number {
  if (!Number.isInteger(timesteps) || timesteps < 1) {
    throw new ConfigError('timesteps', `got ${timesteps}, expected a whole number of at least 1`);
  }
  return Math.ceil(Math.log2(timesteps + 1));
}

/**
 * The ANN with activations of as many levels as T spikes have, weights of 8 bits. The multiplier of an int8 x b bit product is
 * taken as b/8 of the int8 one (as many partial products): an assumption of this project, no published figure.
 */
export function quantisedTwin(ann: ActivityTrace, timesteps: number, options: BaselineOptions): Baseline {
  const bits = twinBits(timesteps);
  const multiply = joules((energyOfOne('horowitz45-int8-mul') * bits) / 8);
  return {
    kind: 'quantised-twin',
    label: `ANN with ${bits}-bit activations (as many levels as T = ${timesteps})`,
    weightBits: 8,
    activationBits: bits,
    energy: PRICED_BY.map((id) => estimate(ann, narrowed(profile(id), multiply, bits), options)),
    note: `${NOT_TRAINED}; a ${bits}-bit multiplier taken as ${bits}/8 of the int8 one`,
  };
}

function estimate(ann: ActivityTrace, by: EnergyProfile, options: BaselineOptions): EnergyEstimate {
  if (ann.mode !== 'ann')
    throw new ConfigError('baseline', 'got the trace of a spiking network, expected one of an ANN');
  return estimateEnergy(countOperations(ann, options), ann, by);
}

function narrowed(base: EnergyProfile, multiply: Joules, bits: number): EnergyProfile {
  const label = `${base.label}, ${bits}-bit activations`;
  if (base.model === 'memory-traffic') return { ...base, label, multiply };
  const add = energyOfOne('horowitz45-int8-add');
  return { ...base, label, terms: operatorTerms(add, joules(multiply + add)) };
}
