// A crossover in words.

import type { BreakEven, Crossover, CrossoverLine, CrossoverPath, CrossoverPoint } from '../../timing/index.ts';
import { isMeasured } from '../../trials/index.ts';
import { quantity, significant } from '../quantity.ts';

export const PATH_WORDS: Readonly<Record<CrossoverPath, string>> = {
  events: 'event by event',
  dense: 'as matrix products',
  auto: 'as the engine chooses',
};

const percent = (rate: number): string => `${significant(100 * rate)} %`;

/** For a cell: `12 % (9.8–15)`, `never`, `likely always`. */
export function breakEvenCell(even: BreakEven): string {
  switch (even.kind) {
    case 'at': {
      const [low, high] = [even.low, even.high].map((rate) => (rate === null ? '?' : significant(100 * rate)));
      return `${percent(even.rate)} (${low}–${high})`;
    }
    case 'always-less':
      return even.certain ? 'always' : 'likely always';
    case 'always-more':
      return even.certain ? 'never' : 'likely never';
    case 'unknown':
      return 'not known';
    default:
      return even satisfies never;
  }
}

export const batchWords = ({ batch, samples }: Pick<CrossoverLine, 'batch' | 'samples'>): string =>
  batch === 'best' ? `best (${samples})` : String(samples);

/** The answer in a sentence or two. */
export function crossoverHeadline({ points, own, lines }: Crossover): string {
  const asItIs = points.filter((point) => point.asItIs && point.path === 'auto');
  const told = asItIs.flatMap((point) =>
    isMeasured(point.time.ratio) ? [`${ratioWords(point)} (${sizeWords(point)})`] : [],
  );
  const first =
    told.length === 0
      ? 'Its own time could not be told.'
      : `As it is, at ${percent(own.rate)} spikes a neuron and step and T=${own.timesteps}, the spiking network takes ${told.join(' and ')} the time of the ANN.`;
  const crossed = lines.filter(({ path, time }) => path === 'auto' && time.kind === 'at');
  const always = lines.filter(({ path, time }) => path === 'auto' && time.kind === 'always-less');
  if (crossed.length + always.length === 0) return `${first} It takes less at no rate and T that was measured.`;
  const where = [...crossed, ...always].map(
    (line) => `${whereWords(line.time)} for T=${line.timesteps} (${sizeWords(line)})`,
  );
  return `${first} It takes less ${where.join(', ')}.`;
}

function whereWords(even: BreakEven): string {
  if (even.kind !== 'always-less') return `below ${breakEvenCell(even)}`;
  return even.certain ? 'at every rate' : 'likely at every rate';
}

const ratioWords = ({ time }: CrossoverPoint): string =>
  isMeasured(time.ratio) ? `${significant(time.ratio.value)} times` : 'an unknown multiple of';

const sizeWords = ({ batch, samples }: Pick<CrossoverLine, 'batch' | 'samples'>): string =>
  batch === 'best' ? 'each at its best batch' : samples === 1 ? 'one image at a time' : `batches of ${samples}`;

/** How to read it, and what limits it. */
export function crossoverNotes(crossover: Crossover): readonly string[] {
  const { anns, onnx, threads, trials, rejected, noEnergy, lines } = crossover;
  const engines = anns.map(
    ({ engine, samples, time }) =>
      `${engine} ${isMeasured(time) ? `${quantity(time.value, 'seconds')}/image` : time.reason} in batches of ${samples}`,
  );
  const reasons = lines.flatMap(({ time }) => (time.kind === 'unknown' ? [time.reason] : []));
  return [
    'Break-even: the spikes a hidden neuron and step at which the spiking network takes as long as the ANN, interpolated between measured rates, with where the bounds of the 95 % intervals cross (? where they do not). Below it takes less; never and always are of the rates that were measured, likely where an interval holds the ANN.',
    `Rates are set by the thresholds of the hidden layers, all times one factor; layers, input and encoder (${crossover.encoder}) are the network's own, and the encoder's work is in its time. At rates other than its own its answers mean nothing.`,
    `The ANN compared with is that of the faster engine: ${engines.join('; ')}.${onnx.startsWith('ONNX Runtime') ? '' : ` ONNX Runtime: ${onnx}.`}`,
    `${threads} ${threads === 1 ? 'thread' : 'threads'}; ${trials} trials, ${rejected} of them dropped because other processes worked.`,
    ...(noEnergy === undefined ? [] : [`Energy: ${noEnergy}.`]),
    ...[...new Set(reasons)].map((reason) => `! ${reason}.`),
  ];
}
