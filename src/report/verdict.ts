// The verdict in words: would a spiking network do this job for less? It claims no more than the record shows: estimates are
// conditional, overlapping intervals decide nothing, and where the answer hangs on an assumption, it says on which.

import type { RunRecord } from '../store/index.ts';
import { type Contender, contendersOf, isLess, meanEnergyRatio, SAME } from './contest.ts';
import { points } from './quantity.ts';
import { energyWords, range } from './ratio-words.ts';
import { type VerdictPoint, verdictPoints } from './verdict-points.ts';

export interface Verdict {
  /**
   * `spiking-wins`: some spiking network is as accurate and cheaper by every estimate, memory included. `ann-wins`: none that
   * is as accurate is cheaper by any. `depends`: everything else. `no-comparison`: nothing to compare.
   */
  readonly outcome: 'spiking-wins' | 'ann-wins' | 'depends' | 'no-comparison';
  readonly headline: string;
  readonly points: readonly VerdictPoint[];
}

export function verdictOf(record: RunRecord): Verdict {
  const contenders = contendersOf(record);
  return { ...answer(contenders), points: verdictPoints(record, contenders) };
}

type Answer = Pick<Verdict, 'outcome' | 'headline'>;

function answer(contenders: readonly Contender[]): Answer {
  if (contenders.length === 0) {
    return {
      outcome: 'no-comparison',
      headline: 'No comparison: it takes an ANN and a spiking network, and one is missing.',
    };
  }
  const priced = contenders.filter(({ energy }) => energy.length > 0);
  if (priced.length === 0) {
    return { outcome: 'no-comparison', headline: 'No comparison of energy: no profile prices both sides.' };
  }
  const fair = priced.filter(({ accuracy }) => accuracy !== 'worse');
  return fair.length > 0 ? amongEquals(fair) : amongWorse(priced);
}

const cheapest = (contenders: readonly Contender[]): Contender =>
  contenders.toSorted((a, b) => meanEnergyRatio(a) - meanEnergyRatio(b))[0]!;

const standing = ({ accuracy }: Contender): string =>
  accuracy === 'better' ? 'more accurate than the ANN' : 'not measurably less accurate than the ANN';

/** Some spiking networks keep up with the ANN: only these decide. */
function amongEquals(fair: readonly Contender[]): Answer {
  const always = fair.filter(({ energy }) => energy.every(({ ratio }) => isLess(ratio)));
  if (always.length > 0) return allCheaper(cheapest(always));
  const sometimes = fair.filter(({ energy }) => energy.some(({ ratio }) => isLess(ratio)));
  if (sometimes.length > 0) return mixed(cheapest(sometimes));
  const best = cheapest(fair);
  const asRun = best.energy.filter(({ baseline }) => baseline === null);
  const shown = (asRun.length > 0 ? asRun : best.energy).map(({ ratio }) => ratio);
  const ratios = range(shown);
  const saving = shown.some((ratio) => ratio < 1)
    ? `; the little it saves by some estimate is below what such constants can tell (${100 * SAME} %)`
    : ', by every estimate made here';
  const many =
    fair.length === 1
      ? `the only spiking network that keeps up, ${best.network.name},`
      : `even the cheapest that keeps up, ${best.network.name},`;
  return {
    outcome: 'ann-wins',
    headline: `No: ${many} would need ${ratios} the ANN's energy${saving}.`,
  };
}

function allCheaper(best: Contender): Answer {
  const { energy, network } = best;
  const ratios = range(energy.map(({ ratio }) => ratio));
  if (energy.every(({ type }) => type === 'arithmetic')) {
    const headline = `Perhaps: ${network.name} is ${standing(best)} and would need ${ratios} its energy, but only arithmetic is priced; memory traffic often reverses this.`;
    return { outcome: 'depends', headline };
  }
  const headline = `Yes, by estimate: ${network.name} is ${standing(best)} and would need ${ratios} its energy by all ${energy.length} estimates. No chip's energy was measured.`;
  return { outcome: 'spiking-wins', headline };
}

function mixed({ network, energy }: Contender): Answer {
  const asRun = energy.filter(({ baseline }) => baseline === null);
  const split = asRun.some(({ ratio }) => isLess(ratio)) && asRun.some(({ ratio }) => !isLess(ratio));
  const sorted = (split ? asRun : energy).toSorted((a, b) => a.ratio - b.ratio);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const headline = `It depends on what is priced: ${network.name} would need ${energyWords(low)}, but ${energyWords(high)}.`;
  return { outcome: 'depends', headline };
}

/** Every spiking network is measurably less accurate: at best a trade. */
function amongWorse(priced: readonly Contender[]): Answer {
  const sometimes = priced.filter(({ energy }) => energy.some(({ ratio }) => isLess(ratio)));
  if (sometimes.length === 0) {
    const headline =
      'No: every spiking network here is less accurate than the ANN, and none would need less energy by any estimate.';
    return { outcome: 'ann-wins', headline };
  }
  const best = cheapest(sometimes);
  const ratios = range(best.energy.map(({ ratio }) => ratio));
  const headline = `A trade at best: every spiking network here is less accurate than the ANN; ${best.network.name} is ${points(best.accuracyDifference)} points worse and would need ${ratios} its energy, depending on what is priced.`;
  return { outcome: 'depends', headline };
}
