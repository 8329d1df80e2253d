// Each spiking network against the ANN of the same record, as ratios (spiking / ANN). Ratios compare like with like: the same
// profile on both sides, and only where it prices both.

import type { EnergyEstimate, ProfileType } from '../measure/index.ts';
import type { BaselineRecord, NetworkRecord, RunRecord } from '../store/index.ts';
import { estimateOf, inferSecondsPerImage } from './columns.ts';

/** An energy ratio and the assumption it rests on. */
export interface EnergyRatio {
  readonly profile: string;
  readonly label: string;
  readonly type: ProfileType;
  /** What the spiking network is compared with: the ANN as run, or a priced baseline. */
  readonly against: string;
  readonly baseline: BaselineRecord['kind'] | null;
  readonly ratio: number;
}

/** A spiking network and how it stands against the ANN. */
export interface Contender {
  readonly network: NetworkRecord;
  readonly ann: NetworkRecord;
  /** By whether the 95 % intervals overlap, which is cautious: the two saw the same images. */
  readonly accuracy: 'better' | 'worse' | 'indistinguishable';
  /** Spiking minus ANN, as a share. */
  readonly accuracyDifference: number;
  /** Synaptic operations (MACs and ACs alike). */
  readonly operations: number | null;
  readonly energy: readonly EnergyRatio[];
  /** Measured time for an image on this machine. */
  readonly time: number | null;
}

/** Every spiking network against the first ANN; none if the record lacks either. */
export function contendersOf({ networks }: RunRecord): readonly Contender[] {
  const ann = networks.find(({ kind }) => kind === 'ann');
  if (ann === undefined) return [];
  return networks.filter(({ kind }) => kind !== 'ann').map((network) => contend(network, ann));
}

function contend(network: NetworkRecord, ann: NetworkRecord): Contender {
  const synops = ({ ledger }: NetworkRecord): number => ledger.total.macs + ledger.total.acs;
  return {
    network,
    ann,
    accuracy: compareAccuracy(network, ann),
    accuracyDifference: network.accuracy.value - ann.accuracy.value,
    operations: ratioOf(synops(network), synops(ann)),
    energy: energyRatios(network, ann),
    time: ratioOf(inferSecondsPerImage(network), inferSecondsPerImage(ann)),
  };
}

function compareAccuracy(network: NetworkRecord, ann: NetworkRecord): Contender['accuracy'] {
  if (network.accuracy.low > ann.accuracy.high) return 'better';
  return network.accuracy.high < ann.accuracy.low ? 'worse' : 'indistinguishable';
}

const ratioOf = (value: number, reference: number): number | null => (reference > 0 ? value / reference : null);

function energyRatios(network: NetworkRecord, ann: NetworkRecord): readonly EnergyRatio[] {
  const against = (reference: EnergyEstimate | undefined, name: string, baseline: EnergyRatio['baseline']) => {
    const own = reference && estimateOf(network, reference.profile);
    const ratio = own && ratioOf(own.total, reference.total);
    if (!own || ratio === null || ratio === undefined) return [];
    return [{ profile: own.profile, label: own.label, type: own.type, against: name, baseline, ratio }];
  };
  const asRun = ann.energy.flatMap(({ profile }) => against(estimateOf(ann, profile), ann.name, null));
  const priced = (network.baselines ?? []).flatMap(({ energy, label, kind }) =>
    energy.flatMap((estimate) => (estimate.notApplicable === undefined ? against(estimate, label, kind) : [])),
  );
  return [...asRun, ...priced];
}

/** Within 5 % either way is called the same: the constants are not known better than that. */
export const SAME = 0.05;
export const isLess = (ratio: number): boolean => ratio < 1 - SAME;
export const isMore = (ratio: number): boolean => ratio > 1 + SAME;

/** Geometric mean of a contender's energy ratios, to rank by; Infinity where there are none. */
export function meanEnergyRatio({ energy }: Contender): number {
  if (energy.length === 0) return Number.POSITIVE_INFINITY;
  return Math.exp(energy.reduce((sum, { ratio }) => sum + Math.log(Math.max(ratio, 1e-12)), 0) / energy.length);
}

/** The contenders to talk about: every trained one, and of the converted the shortest that keeps up, or else the most accurate. */
export function featured(contenders: readonly Contender[]): readonly Contender[] {
  const trained = contenders.filter(({ network }) => network.kind === 'snn');
  const converted = contenders
    .filter(({ network }) => network.kind === 'converted')
    .toSorted((a, b) => a.network.timesteps - b.network.timesteps);
  const keepsUp = converted.find(({ accuracy }) => accuracy !== 'worse');
  const best = converted.toSorted((a, b) => b.accuracyDifference - a.accuracyDifference)[0];
  const chosen = keepsUp ?? best;
  return chosen === undefined ? trained : [...trained, chosen];
}
