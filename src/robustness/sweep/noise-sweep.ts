// Accuracy against the level of a disturbance, of the images or of the networks. All networks see the same disturbed images.

import { ConfigError, clusterInterval, pairedDifference } from '../../core/index.ts';
import { CORRUPTIONS, openCorruption } from '../corruptions/corruption.ts';
import { FAULTS, openFault } from '../faults/fault.ts';
import { isApplicable } from '../faults/fault-kind.ts';
import type { NoiseLevels, NoiseOptions } from '../options.ts';
import type { NoiseCurve, NoiseSweep } from '../result.ts';
import type { CorruptionKind, FaultKind } from '../settings.ts';
import type { Subject } from '../subject.ts';
import { type Cohort, firstPositions, idsAt, rowsOf } from './cohort.ts';
import { type Defender, judgeWith, passCost, rightOf } from './judge.ts';
import { CHUNK, type Laboratory } from './laboratory.ts';
import type { Meter, Task } from './meter.ts';

type Kind = CorruptionKind | FaultKind;

/** Swept if nothing else is asked for; occlusion and blur only where samples are images. */
export const DEFAULT_NOISE: readonly Kind[] = [
  'gaussian',
  'salt-and-pepper',
  'occlusion',
  'blur',
  'weight-noise',
  'dead-neurons',
];

const isCorruption = (kind: Kind): kind is CorruptionKind => kind in CORRUPTIONS;

const infoOf = (kind: Kind) => (isCorruption(kind) ? CORRUPTIONS[kind] : FAULTS[kind]);

export interface PlannedNoise {
  run(defenders: readonly Defender[]): Promise<readonly NoiseSweep[]>;
}

/** Throws ConfigError for an unknown kind and for no draws. Kinds are swept in the order given. */
export function planNoise(
  lab: Laboratory,
  cohort: Cohort,
  subjects: readonly Subject[],
  options: NoiseOptions,
  meter: Meter,
): PlannedNoise {
  const draws = options.draws ?? 3;
  if (!(Number.isInteger(draws) && draws >= 1))
    throw new ConfigError('noise.draws', `got ${draws}, expected a whole number of at least 1`);
  const pass = subjects.reduce((sum, subject) => sum + passCost(subject), 0);
  const sweeps = levelsOf(options.kinds, cohort).map(([kind, levels]) => {
    const own = infoOf(kind).random ? draws : 1;
    const runs = own * levels.filter((level) => level !== 0).length;
    return { kind, levels, draws: own, task: meter.plan(kind, runs * cohort.labels.length * pass) };
  });
  return {
    async run(defenders) {
      const done: NoiseSweep[] = [];
      for (const sweep of sweeps) {
        done.push(await runSweep(lab, cohort, defenders, sweep));
        sweep.task.finish();
      }
      return done;
    },
  };
}

function levelsOf(kinds: NoiseLevels | undefined, { source }: Cohort): readonly (readonly [Kind, readonly number[]])[] {
  if (kinds === undefined) {
    const isMap = source.shape.length === 3;
    const usual = DEFAULT_NOISE.filter((kind) => isMap || !(isCorruption(kind) && CORRUPTIONS[kind].needsMap));
    return usual.map((kind) => [kind, infoOf(kind).levels]);
  }
  return (Object.keys(kinds) as Kind[]).map((kind) => {
    if (!(isCorruption(kind) || kind in FAULTS)) {
      const known = [...Object.keys(CORRUPTIONS), ...Object.keys(FAULTS)].join(', ');
      throw new ConfigError('noise.kinds', `got "${kind}", expected some of ${known}`);
    }
    const levels = kinds[kind]!;
    return [kind, levels === 'default' ? infoOf(kind).levels : levels];
  });
}

interface Sweep {
  readonly kind: Kind;
  readonly levels: readonly number[];
  readonly draws: number;
  readonly task: Task;
}

/** How many draws each image was answered rightly at, [level][image]; or why there is none. */
type Counts = readonly Float64Array[] | { readonly notApplicable: string };

async function runSweep(
  lab: Laboratory,
  cohort: Cohort,
  defenders: readonly Defender[],
  sweep: Sweep,
): Promise<NoiseSweep> {
  const { kind, levels, draws } = sweep;
  const counts: Counts[] = isCorruption(kind) ? await disturbImages(lab, cohort, defenders, { ...sweep, kind }) : [];
  if (!isCorruption(kind))
    for (const defender of defenders) counts.push(await disturbNetwork(lab, cohort, defender, { ...sweep, kind }));
  return {
    kind,
    of: isCorruption(kind) ? 'input' : 'network',
    unit: infoOf(kind).unit,
    levels,
    draws,
    curves: defenders.map(({ judge }, k) =>
      curveOf(judge.subject.name, counts[k]!, k === 0 ? undefined : counts[0], draws),
    ),
  };
}

function curveOf(network: string, counts: Counts, first: Counts | undefined, draws: number): NoiseCurve {
  if ('notApplicable' in counts) return { network, notApplicable: counts.notApplicable, points: [] };
  const share = (count: number): number => count / draws;
  const points = counts.map((each, l) => {
    const shares = each.map(share);
    const accuracy = clusterInterval(shares, draws);
    if (first === undefined || 'notApplicable' in first) return { accuracy };
    return { accuracy, difference: pairedDifference(shares, first[l]!.map(share)) };
  });
  return { network, points };
}

/** Level 0 is the image, or the network, itself: as right as without a disturbance at each of the draws. */
const startCounts = ({ clean }: Defender, { levels, draws }: Sweep): readonly Float64Array[] =>
  levels.map((level) => Float64Array.from(clean, (right) => (level === 0 ? right * draws : 0)));

async function disturbImages(
  { seed }: Laboratory,
  cohort: Cohort,
  defenders: readonly Defender[],
  sweep: Sweep & { readonly kind: CorruptionKind },
): Promise<Counts[]> {
  const { size, shape, range } = cohort.source;
  const counts = defenders.map((defender) => startCounts(defender, sweep));
  const all = firstPositions(cohort.labels.length);
  for (let from = 0; from < all.length; from += CHUNK) {
    const part = all.subarray(from, from + CHUNK);
    const images = { pixels: rowsOf(cohort.images.pixels, size, part), ids: idsAt(cohort, part) };
    for (let draw = 0; draw < sweep.draws; draw++) {
      const corruption = openCorruption(sweep.kind, images, { shape, range, seed, draw });
      for (const [l, level] of sweep.levels.entries()) {
        if (level === 0) continue;
        const pixels = corruption(level);
        for (const [k, { judge }] of defenders.entries()) {
          const { predictions } = await judge.judge(pixels, part, sweep.task);
          add(counts[k]![l]!, rightOf(predictions, cohort, part), part);
        }
      }
    }
  }
  return counts;
}

async function disturbNetwork(
  lab: Laboratory,
  cohort: Cohort,
  defender: Defender,
  sweep: Sweep & { readonly kind: FaultKind },
): Promise<Counts> {
  const fault = openFault(sweep.kind, defender.judge.subject);
  if (!isApplicable(fault)) return fault;
  const counts = startCounts(defender, sweep);
  const positions = firstPositions(cohort.labels.length);
  const { pixels } = cohort.images;
  const classifier = lab.classifier(fault.subject, 'defender');
  try {
    for (let draw = 0; draw < sweep.draws; draw++) {
      for (const [l, level] of sweep.levels.entries()) {
        if (level === 0) continue;
        classifier.load(fault.at(level, { seed: lab.seed, draw }));
        const question = { pixels, positions, task: sweep.task };
        const { predictions } = await judgeWith(classifier, fault.subject, cohort, question);
        add(counts[l]!, rightOf(predictions, cohort, positions), positions);
      }
    }
  } finally {
    classifier.close();
  }
  return counts;
}

function add(counts: Float64Array, right: Uint8Array, positions: Uint32Array): void {
  right.forEach((each, i) => {
    counts[positions[i]!]! += each;
  });
}
