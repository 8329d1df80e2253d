// From trials to what is said of each subject.

import { compare, type Figure, refused, type Sides } from './medians.ts';
import type { TrialSettings, TrialSubject } from './options.ts';
import type { Compared, EnergySource, Median, SubjectEnergy, SubjectResult, Trial, WarmUp } from './result.ts';
import { idleEnergy, readingOf } from './sources.ts';

const NO_CPU_TIME = 'this system does not say what CPU time a process takes';
const NO_IDLE = 'idle power was not measured before and after';

export function summarise(
  subjects: readonly TrialSubject[],
  warmUps: readonly WarmUp[],
  trials: readonly Trial[],
  sources: readonly EnergySource[],
  settings: TrialSettings,
): readonly SubjectResult[] {
  const first = trials.filter(({ subject }) => subject === 0);
  return subjects.map(({ name, correct }, index): SubjectResult => {
    const own = trials.filter(({ subject }) => subject === index);
    const sides: Sides = { own, first, settings };
    const dropped = own.flatMap(({ pass, rejected }) => (rejected === undefined ? [] : [{ pass, reason: rejected }]));
    return {
      name,
      ...(correct === undefined ? {} : { correct }),
      warmUp: warmUps[index]!,
      used: own.length - dropped.length,
      rejected: dropped,
      time: compare(sides, ({ time, inferences }) => time / inferences, ''),
      cpuTime: compare(sides, cpuTime, NO_CPU_TIME),
      energy: sources.map((source) => energyOf(source, sides, correct)),
    };
  });
}

const cpuTime: Figure = ({ cpuTime, inferences }) => (cpuTime === undefined ? undefined : cpuTime / inferences);

function energyOf(source: EnergySource, sides: Sides, correct: number | undefined): SubjectEnergy {
  const total = source.problem === undefined ? compare(sides, totalOf(source), '') : refused(source.problem);
  const aboveIdle = aboveIdleOf(source, sides);
  if (correct === undefined) return { source: source.id, total, aboveIdle };
  return {
    source: source.id,
    total,
    aboveIdle,
    perCorrect: perCorrect(total.perInference, correct),
    perCorrectAboveIdle: perCorrect(aboveIdle.perInference, correct),
  };
}

function totalOf(source: EnergySource): Figure {
  return ({ energy, inferences }) => {
    const reading = readingOf(source, energy);
    return 'energy' in reading ? reading.energy / inferences : undefined;
  };
}

function aboveIdleOf(source: EnergySource, sides: Sides): Compared {
  if (source.problem !== undefined) return refused(source.problem);
  const figure: Figure = ({ energy, inferences }) => {
    const reading = readingOf(source, energy);
    if (!('energy' in reading)) return undefined;
    const idle = idleEnergy(source, reading.time);
    return idle === undefined ? undefined : (reading.energy - idle) / inferences;
  };
  const { perInference, ratio } = compare(sides, figure, NO_IDLE);
  const lost = perInference.kind === 'measured' && perInference.value <= 0;
  if (!lost) return { perInference, ratio };
  return refused({ kind: 'rejected', reason: 'it took no more than the machine takes when it idles' });
}

/** The share of right answers is taken as it is: its own uncertainty is not in the interval. */
function perCorrect(value: Median, correct: number): Median {
  if (value.kind !== 'measured') return value;
  if (correct === 0) return { kind: 'unavailable', reason: 'none of its answers is right' };
  const { value: middle, low, high } = value;
  return { ...value, value: middle / correct, low: low / correct, high: high / correct };
}
