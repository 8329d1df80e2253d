// Bare operators: what the literature usually calls the energy of a network. No memory, control, clock or leakage.
// A comparison, a rounding, a gate, a reset and a rectification are priced as an addition (Yan et al.: accumulate = compare = subtract).

import { type Joules, joules } from '../../core/index.ts';
import { constant, energyOfOne } from './constants.ts';
import type { LinearProfile, PricedTerm } from './profile.ts';
import { sourcesOf } from './sources.ts';

/** Terms of a machine with these two operators; a multiplication alone is what a multiply-accumulate costs beyond its addition. */
export function operatorTerms(add: Joules, multiplyAccumulate: Joules): PricedTerm[] {
  const multiply = joules(multiplyAccumulate - add);
  return [
    { term: 'synapses', prices: { macs: multiplyAccumulate, acs: add } },
    { term: 'biases', prices: { biasAcs: add } },
    { term: 'neurons', prices: { leakMacs: multiplyAccumulate, stateAcs: add, compares: add, resets: add } },
    { term: 'rectifiers', prices: { reluOps: add, activationOps: add, activationMuls: multiply } },
    { term: 'pools', ifPresent: true, prices: { poolAcs: add, poolCompares: add, poolMuls: multiply } },
    { term: 'norms', ifPresent: true, prices: { normMacs: multiplyAccumulate } },
    { term: 'joins', ifPresent: true, prices: { joinOps: add } },
  ];
}

function operators(id: string, label: string, prefix: string, caveat: string): LinearProfile {
  const constants = [`${prefix}-add`, `${prefix}-mul`];
  const [add, multiply] = [energyOfOne(`${prefix}-add`), energyOfOne(`${prefix}-mul`)];
  return {
    model: 'linear',
    id,
    label,
    type: 'arithmetic',
    terms: operatorTerms(add, joules(add + multiply)),
    covers: [],
    allIn: false,
    runs: 'any network',
    constants,
    source: sourcesOf(constants),
    caveat,
  };
}

const BARE = 'operators only: no memory, control, clock or leakage';
const UNCHECKED = `${BARE}; figures of this table were not all checked against the paper`;

function claimedForT4(): LinearProfile {
  const [add, mac] = [constant('claimed-t4-ac'), constant('claimed-t4-mac')];
  return {
    ...operators('claimed-t4', 'claimed for a T4 (no source found)', 'horowitz45-fp32', ''),
    terms: operatorTerms(energyOfOne(add.id), energyOfOne(mac.id)),
    constants: [add.id, mac.id],
    source: 'claimed for a T4; no source found',
    caveat: `${BARE}; unsupported, for comparison with studies that used it; ${mac.note}`,
  };
}

export const ARITHMETIC_PROFILES: readonly LinearProfile[] = [
  operators('horowitz-45nm-fp32', '45 nm fp32 operators', 'horowitz45-fp32', BARE),
  operators('horowitz-45nm-fp16', '45 nm fp16 operators', 'horowitz45-fp16', BARE),
  operators('horowitz-45nm-int32', '45 nm int32 operators', 'horowitz45-int32', BARE),
  operators('horowitz-45nm-int8', '45 nm int8 operators', 'horowitz45-int8', BARE),
  operators('jouppi-7nm-fp32', '7 nm fp32 operators', 'jouppi7-fp32', UNCHECKED),
  operators('jouppi-7nm-int8', '7 nm int8 operators', 'jouppi7-int8', UNCHECKED),
  claimedForT4(),
];
