// The reasons under a verdict, a topic each.

import { type ProfileType, standing, THRESHOLDS } from '../measure/index.ts';
import type { NetworkRecord, RunRecord } from '../store/index.ts';
import { breakEvenTimesteps } from './break-even.ts';
import { inferSecondsPerImage, spikesPerSynapse } from './columns.ts';
import { type Contender, featured } from './contest.ts';
import { percent, points, quantity, significant, times, whole } from './quantity.ts';
import { listed, range } from './ratio-words.ts';

export interface VerdictPoint {
  readonly topic: 'accuracy' | 'operations' | 'energy' | 'baselines' | 'measured' | 'break-even' | 'limits';
  readonly title: string;
  readonly text: string;
}

/** The reasons, in reading order; only those the record has something to say about. */
export function verdictPoints(record: RunRecord, contenders: readonly Contender[]): readonly VerdictPoint[] {
  const shown = featured(contenders);
  const all: readonly VerdictPoint[] = [
    { topic: 'accuracy', title: 'Accuracy', text: accuracyText(shown) },
    { topic: 'operations', title: 'Operations', text: operationsText(shown) },
    { topic: 'energy', title: 'Energy, estimated', text: energyText(shown) },
    { topic: 'baselines', title: 'Against a cheaper ANN', text: baselinesText(shown) },
    { topic: 'break-even', title: 'Break-even', text: breakEvenText(shown) },
    { topic: 'measured', title: 'Measured here', text: measuredText(record, shown) },
    { topic: 'limits', title: 'Limits', text: limitsText(record) },
  ];
  return all.filter(({ text }) => text !== '');
}

const sentences = (parts: readonly string[]): string =>
  parts.flatMap((part) => (part === '' ? [] : [part[0]!.toUpperCase() + part.slice(1)])).join(' ');

function accuracyText(shown: readonly Contender[]): string {
  const ann = shown[0]?.ann;
  if (ann === undefined) return '';
  return sentences([`The ${ann.name} reaches ${percent(ann.accuracy.value)} %.`, ...shown.map(oneAccuracy)]);
}

function oneAccuracy({ network, accuracy, accuracyDifference }: Contender): string {
  const reached = `${network.name} reaches ${percent(network.accuracy.value)} %`;
  const direction = accuracyDifference < 0 ? 'less' : 'more';
  const apart = accuracyDifference === 0 ? 'the same' : `${points(accuracyDifference)} points ${direction}`;
  const overlap = `but the 95 % intervals overlap: ${whole(network.accuracy.samples)} test images cannot tell the two apart`;
  return accuracy === 'indistinguishable'
    ? `${reached}, ${apart}, ${accuracyDifference === 0 ? overlap.slice(4) : overlap}.`
    : `${reached}, ${apart}; the 95 % intervals do not overlap.`;
}

function operationsText(shown: readonly Contender[]): string {
  const ann = shown[0]?.ann;
  if (ann === undefined) return '';
  const { macs, acs } = ann.ledger.total;
  const dense = ann.ledger.total.denseMacs;
  const skipped =
    ann.ledger.zeroSkipping && dense > macs ? ` (${quantity(dense, 'operations')} where zeros are not skipped)` : '';
  const first = `For one image the ${ann.name} does ${operations(macs, acs)}${skipped}.`;
  const rest = shown.map(({ network, operations: ratio }) => {
    const { total } = network.ledger;
    const more = ratio === null ? '' : ` (${times(ratio)} the operations)`;
    const updates = quantity(total.neuronUpdates, 'operations');
    return `${network.name} does ${operations(total.macs, total.acs)} over ${network.timesteps} steps${more}, and updates neurons ${updates} times.${numbersWords(network)}`;
  });
  return sentences([
    first,
    ...rest,
    'An accumulation costs less than a multiply-accumulate, so this ratio alone decides nothing.',
  ]);
}

/** Where a spiking network multiplies all the same. */
function numbersWords({ ledger }: NetworkRecord): string {
  const layers = ledger.layers.filter(({ counts }) => counts.macs > 0).map(({ layer }) => layer);
  if (layers.length === 0) return '';
  const names =
    layers.length > 3 ? `${layers.slice(0, 3).join(', ')} and ${layers.length - 3} more` : layers.join(', ');
  return ` Its multiply-accumulates are of what reads numbers and not spikes: ${names}.`;
}

function operations(macs: number, acs: number): string {
  const parts = [
    macs > 0 ? `${quantity(macs, 'operations')} multiply-accumulates` : '',
    acs > 0 ? `${quantity(acs, 'operations')} accumulations` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'no synaptic operations' : parts.join(' and ');
}

const TYPES: readonly (readonly [ProfileType, string])[] = [
  ['arithmetic', 'Arithmetic alone'],
  ['with-memory', 'With memory traffic'],
  ['whole-device', 'Whole device'],
  ['simulated', 'Simulated chip'],
];

/** A sentence for each type of profile, since types are not comparable with one another. */
function energyText(shown: readonly Contender[]): string {
  const byType = TYPES.map(([type, title]) => {
    const parts = shown.flatMap(({ network, energy }) => {
      const own = energy.filter((entry) => entry.type === type && entry.baseline === null);
      const ratios = listed(
        own,
        ({ ratio }) => times(ratio),
        ({ ratio }) => ratio,
      );
      return own.length === 0 ? [] : [`${network.name} would need ${ratios}`];
    });
    return parts.length === 0 ? '' : `${title}: against the ${shown[0]!.ann.name}, ${parts.join('; ')}.`;
  });
  return sentences([...byType, disagreement(shown)]);
}

/** Says so where the winner changes with what is priced. */
function disagreement(shown: readonly Contender[]): string {
  const split = shown.filter(
    ({ energy }) => energy.some(({ ratio }) => ratio < 1) && energy.some(({ ratio }) => ratio > 1),
  );
  if (split.length === 0) return '';
  const names = split.map(({ network }) => network.name).join(' and ');
  return `For ${names} the answer changes with what is priced and what it is compared with.`;
}

function baselinesText(shown: readonly Contender[]): string {
  const parts = shown.flatMap(({ network, energy }) => {
    const entries = energy.filter(({ baseline }) => baseline !== null);
    const names = [...new Set(entries.map(({ against }) => against))];
    const ratios = names.map(
      (name) => `${range(entries.flatMap((e) => (e.against === name ? [e.ratio] : [])))} the energy of the ${name}`,
    );
    return entries.length === 0 ? [] : [`${network.name} would need ${ratios.join(' and ')}.`];
  });
  const untrained = shown.some(({ network }) => network.baselines?.some(({ accuracy }) => accuracy === null));
  return sentences([
    ...parts,
    parts.length > 0 && untrained
      ? 'These baselines were priced, not trained: that they stay as accurate is assumed.'
      : '',
  ]);
}

function breakEvenText(shown: readonly Contender[]): string {
  const parts = shown.flatMap((contender) => {
    const { network, energy } = contender;
    const steps = energy.flatMap(({ profile, label, baseline }) => {
      const t = baseline === null ? breakEvenTimesteps(contender, profile) : null;
      return t === null ? [] : [{ t, label }];
    });
    const at = listed(
      steps,
      ({ t }) => (t < 1 ? 'T below 1' : `T = ${t.toFixed(t < 10 ? 1 : 0)}`),
      ({ t }) => t,
    );
    return [
      steps.length === 0 ? '' : `At its activity a step, ${network.name} would need as much as the ANN at ${at}.`,
      rateText(spikesPerSynapse(network)),
    ];
  });
  return sentences(parts);
}

function rateText(rate: number | null): string {
  if (rate === null) return '';
  const published = THRESHOLDS.map((threshold) => {
    const { low, high, source } = threshold;
    const value = low === high ? String(low) : `${low} to ${high}`;
    return `${standing(rate, threshold)} ${value} (${source})`;
  });
  return `Each of its synapses carries ${significant(rate)} spikes an image; of published break-evens that is ${published.join('; ')}.`;
}

function measuredText({ environment }: RunRecord, shown: readonly Contender[]): string {
  const ann = shown[0]?.ann;
  if (ann === undefined) return '';
  const rest = shown.map(({ network, time }) => {
    const taken = `${network.name} took ${quantity(inferSecondsPerImage(network), 'seconds')} an image`;
    return time === null ? `${taken}.` : `${taken}, ${times(time)} as long.`;
  });
  const threads = `${environment.threads} ${environment.threads === 1 ? 'thread' : 'threads'}`;
  const energy =
    environment.meters.length === 0
      ? `Energy was not measured: ${environment.metersUnavailable}.`
      : 'Energy was not measured for this record.';
  return sentences([
    `On this machine (${environment.backend}, ${threads}, in batches) the ${ann.name} took ${quantity(inferSecondsPerImage(ann), 'seconds')} an image.`,
    ...rest,
    'That says nothing about a spiking chip.',
    energy.replace(/\.\.$/, '.'),
  ]);
}

function limitsText({ data, networks, warnings }: RunRecord): string {
  const tested = Math.min(...networks.map(({ accuracy }) => accuracy.samples));
  const subset =
    tested < data.officialTestSamples
      ? `Tested on ${whole(tested)} of the ${whole(data.officialTestSamples)} official test images.`
      : '';
  return sentences([
    subset,
    'Each network was trained once; the intervals cover the choice of test images, not the luck of training.',
    ...warnings.filter((warning) => !warning.startsWith('Tested on ')),
  ]);
}
