// Some images, and what attacks and noise made of them, to look at.

import { toBase64 } from '../../core/index.ts';
import { openCorruption } from '../corruptions/corruption.ts';
import type { AttackSweep, ExampleImage, ExampleVariant, NoiseSweep } from '../result.ts';
import type { CorruptionKind, GradientSettings } from '../settings.ts';
import type { PixelRange, Subject } from '../subject.ts';
import { type AttackChoices, properAttack } from './attack-choices.ts';
import { openAttacker } from './attacker.ts';
import { type Cohort, idsAt, rowsOf } from './cohort.ts';
import type { Defender } from './judge.ts';
import type { Laboratory } from './laboratory.ts';
import type { Task } from './meter.ts';

export interface ExampleSources {
  readonly noise: readonly NoiseSweep[];
  readonly attack: { readonly sweep: AttackSweep; readonly gradients: ReadonlyMap<Subject, GradientSettings> } | null;
  readonly choices: AttackChoices | null;
}

interface Variant {
  readonly title: string;
  readonly pixels: Float32Array;
}

/**
 * `count` images that every network answers rightly, of different classes as far as there are; fewer if there are fewer. Each attacked
 * against each network at two epsilons (`exampleEpsilons`), and under the first disturbance of images at two of its levels.
 */
export async function exampleImages(
  lab: Laboratory,
  cohort: Cohort,
  defenders: readonly Defender[],
  sources: ExampleSources,
  count: number,
  task: Task,
): Promise<readonly ExampleImage[]> {
  const positions = pickPositions(cohort.labels, defenders, count);
  if (positions.length === 0) return [];
  const attacked = await attackVariants(lab, cohort, defenders, positions, sources, task);
  const variants = [...attacked, ...noiseVariants(lab, cohort, positions, sources.noise)];
  const seen = await Promise.all(variants.map((variant) => predictionsOf(variant, defenders, positions, task)));
  const { size, shape, range } = cohort.source;
  const row = (pixels: Float32Array, i: number): string =>
    toBase64(bytesOf(pixels.subarray(i * size, (i + 1) * size), range));
  return Array.from(positions, (position, i) => ({
    sample: cohort.images.ids[position]!,
    label: cohort.labels[position]!,
    shape: shape.length === 3 ? shape : [1, size, 1],
    original: row(rowsOf(cohort.images.pixels, size, [position]), 0),
    variants: variants.map(
      ({ title, pixels }, v): ExampleVariant => ({
        title,
        pixels: row(pixels, i),
        predictions: defenders.map(({ judge }, k) => ({ network: judge.subject.name, label: seen[v]![k]![i]! })),
      }),
    ),
  }));
}

/** First one image of each class, then, if that is not enough, more in their order. */
function pickPositions(labels: Uint8Array, defenders: readonly Defender[], count: number): Uint32Array {
  const right = [...labels.keys()].filter((i) => defenders.every(({ clean }) => clean[i] === 1));
  const firsts = right.filter((i) => right.find((j) => labels[j] === labels[i]) === i);
  const rest = right.filter((i) => !firsts.includes(i));
  return Uint32Array.from([...firsts, ...rest].slice(0, count));
}

async function attackVariants(
  lab: Laboratory,
  cohort: Cohort,
  defenders: readonly Defender[],
  positions: Uint32Array,
  { attack, choices }: ExampleSources,
  task: Task,
): Promise<readonly Variant[]> {
  if (attack === null || choices === null) return [];
  const variants: Variant[] = [];
  for (const { judge } of defenders) {
    const gradient = attack.gradients.get(judge.subject);
    if (gradient === undefined) continue;
    const attacker = openAttacker(lab, judge.subject, cohort, { attack: properAttack(choices), gradient });
    try {
      for (const epsilon of exampleEpsilons(attack.sweep)) {
        const pixels = await attacker.attempt(epsilon, positions, task);
        variants.push({ title: `PGD against ${judge.subject.name}, epsilon ${epsilon}`, pixels });
      }
    } finally {
      attacker.close();
    }
  }
  return variants;
}

/**
 * The smallest epsilon at which the proper attack leaves the first network half of its accuracy or less, and that at which it leaves the
 * last network so; the largest where it never does.
 */
export function exampleEpsilons({ lines, epsilons }: AttackSweep): readonly number[] {
  const proper = lines.filter(({ role }) => role === 'proper');
  const ends = [proper[0], proper.at(-1)].flatMap((line) => {
    if (line === undefined) return [];
    const accuracies = line.points.map((point) => point?.accuracy.value ?? 1);
    const index = accuracies.findIndex((accuracy, i) => epsilons[i]! > 0 && accuracy <= accuracies[0]! / 2);
    return [epsilons.at(index)!];
  });
  return [...new Set(ends)].filter((epsilon) => epsilon > 0).sort((a, b) => a - b);
}

/** The first disturbance of images, in the middle of its levels and at the last. */
function noiseVariants(
  { seed }: Laboratory,
  cohort: Cohort,
  positions: Uint32Array,
  noise: readonly NoiseSweep[],
): readonly Variant[] {
  const sweep = noise.find(({ of }) => of === 'input');
  if (sweep === undefined) return [];
  const { size, shape, range } = cohort.source;
  const images = { pixels: rowsOf(cohort.images.pixels, size, positions), ids: idsAt(cohort, positions) };
  const corruption = openCorruption(sweep.kind as CorruptionKind, images, { shape, range, seed, draw: 0 });
  const levels = [sweep.levels[Math.floor(sweep.levels.length / 2)], sweep.levels.at(-1)];
  return [...new Set(levels)]
    .filter((level) => level !== undefined)
    .map((level) => ({ title: `${sweep.kind} ${level}`, pixels: corruption(level) }));
}

async function predictionsOf(
  { pixels }: Variant,
  defenders: readonly Defender[],
  positions: Uint32Array,
  task: Task,
): Promise<readonly Int16Array[]> {
  const all: Int16Array[] = [];
  for (const { judge } of defenders) all.push((await judge.judge(pixels, positions, task)).predictions);
  return all;
}

/** 0 to 255 over the range. */
export function bytesOf(pixels: Float32Array, { low, high }: PixelRange): Uint8Array {
  return Uint8Array.from(pixels, (pixel) => Math.round((255 * (pixel - low)) / (high - low)));
}
