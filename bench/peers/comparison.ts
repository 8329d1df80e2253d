// Two sides' reports of one case as ratios, with what was promised of them.

import type { CaseReport } from '../child.ts';
import { ratesText } from '../spike-rates.ts';
import { median } from '../statistics.ts';
import { digits, textTable } from '../text-table.ts';
import { MEMORY_SHARE, type PeerCase } from './targets.ts';

/** One figure of both sides. `ratio`: how many times less of it this engine needs. */
export interface Pair {
  readonly own: number;
  readonly peer: number;
  readonly ratio: number;
  /** Of the least times, where both sides were least disturbed. */
  readonly leastRatio: number;
  readonly target?: number;
}

export interface Comparison {
  readonly about: string;
  /** The fastest of the library's ways, for each figure. */
  readonly fastest: { readonly training: string; readonly inference: string };
  readonly trainingMs: Pair;
  readonly inferenceSeconds: Pair;
  readonly peakMiB: Pair;
  readonly ownAccuracy: number;
  readonly peerAccuracy: number;
  /** First and last training loss, ours and theirs: both must fall. */
  readonly losses: { readonly own: readonly [number, number]; readonly peer: readonly [number, number] };
  /** Spikes a neuron and step of each layer, on a training batch; theirs after the counted steps, where they were taken. */
  readonly rates: { readonly own: Rates; readonly peer: Rates };
}

type Rates = NonNullable<CaseReport['rates']>;

type Reports = readonly CaseReport[];
const medianOf = (reports: Reports, of: (report: CaseReport) => number): number => median(reports.map(of));
const leastOf = (reports: Reports, of: (report: CaseReport) => number): number => Math.min(...reports.map(of));

/** The way whose typical figure is least. */
function fastestBy(peers: ReadonlyMap<string, Reports>, of: (report: CaseReport) => number): [string, Reports] {
  return [...peers].reduce((best, other) => (medianOf(other[1], of) < medianOf(best[1], of) ? other : best));
}

export function compare(entry: PeerCase, own: Reports, peers: ReadonlyMap<string, Reports>): Comparison {
  const step = ({ step }: CaseReport): number => step.median;
  const inference = ({ inference }: CaseReport): number => inference.median;
  const memory = ({ peakMiB }: CaseReport): number => peakMiB;
  const [trainer, training] = fastestBy(peers, step);
  const [inferrer, inferring] = fastestBy(peers, inference);
  const pair = (
    theirs: Reports,
    middle: (report: CaseReport) => number,
    least: (report: CaseReport) => number,
    scale: number,
    target: number | undefined,
  ): Pair => {
    const [ours, peer] = [medianOf(own, middle) * scale, medianOf(theirs, middle) * scale];
    const leastRatio = leastOf(theirs, least) / leastOf(own, least);
    return { own: ours, peer, ratio: peer / ours, leastRatio, ...(target !== undefined && { target }) };
  };
  // 10,000 images, whatever the case has: milliseconds to seconds.
  const scale = 10 / own[0]!.images;
  const lean = fastestBy(peers, memory)[1];
  const ends = ([report]: Reports): [number, number] => [report!.firstLoss, report!.lastLoss];
  return {
    about: entry.about,
    fastest: { training: trainer, inference: inferrer },
    trainingMs: pair(training, step, ({ step }) => step.min, 1, entry.training),
    inferenceSeconds: pair(inferring, inference, ({ inference }) => inference.min, scale, entry.inference),
    peakMiB: pair(lean, memory, memory, 1, 1 / MEMORY_SHARE),
    ownAccuracy: own[0]!.accuracy,
    peerAccuracy: training[0]!.accuracy,
    losses: { own: ends(own), peer: ends(training) },
    rates: { own: own[0]!.rates ?? [], peer: training[0]!.rates ?? [] },
  };
}

function verdict({ ratio, target }: Pair): string {
  if (target === undefined) return '';
  return ratio >= target ? `pass (${target}x)` : `short of ${target}x`;
}

const ratioText = ({ ratio, leastRatio }: Pair): string => `${ratio.toFixed(1)}x / ${leastRatio.toFixed(1)}x`;

const RATES_TITLE = 'Spikes a neuron and step, from the first counted step to the last (theirs: at the last)';

export function comparisonText(comparisons: readonly Comparison[]): string {
  const table = (name: string, unit: string, of: (one: Comparison) => Pair): string =>
    textTable(
      [name, 'ratio, median / least', 'promised', `ours, ${unit}`, `theirs, ${unit}`],
      comparisons.map((one) => {
        const pair = of(one);
        return [one.about, ratioText(pair), verdict(pair), digits(pair.own), digits(pair.peer)];
      }),
    );
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const fall = ([first, last]: readonly [number, number]): string => `${digits(first)} to ${digits(last)}`;
  const learned = textTable(
    ['both learn', 'our loss', 'their loss', 'our accuracy', 'theirs', 'their fastest way: training, inference'],
    comparisons.map(({ about, losses, ownAccuracy, peerAccuracy, fastest }) => [
      about,
      fall(losses.own),
      fall(losses.peer),
      percent(ownAccuracy),
      percent(peerAccuracy),
      `${fastest.training}, ${fastest.inference}`,
    ]),
  );
  const busy = comparisons.flatMap(({ about, rates: { own, peer } }) => [
    ...(own.length > 0 ? [`${about}, ours: ${ratesText(own)}`] : []),
    ...(peer.length > 0 ? [`${about}, theirs: ${ratesText(peer)}`] : []),
  ]);
  return [
    table('training step', 'ms', ({ trainingMs }) => trainingMs),
    table('10,000 images', 's', ({ inferenceSeconds }) => inferenceSeconds),
    table('peak memory', 'MiB', ({ peakMiB }) => peakMiB),
    learned,
    ...(busy.length > 0 ? [[RATES_TITLE, ...busy].join('\n')] : []),
  ].join('\n\n');
}
