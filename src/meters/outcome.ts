// What a window of measurement gives for each meter. Measured energy is a type of its own: an estimate does not fit where it is asked
// for. Nothing here is ever 0 for want of a value.

import { type Joules, joules, type Seconds, seconds, type Watts } from '../core/index.ts';
import type { Coverage, Figure, Meter, Reading } from './meter.ts';

interface Source {
  /** The meter's id. */
  readonly meter: string;
  readonly label: string;
  readonly covers: Coverage;
  readonly within?: string;
  readonly addable?: string;
}

export interface MeasuredEnergy extends Source {
  readonly kind: 'measured';
  readonly energy: Joules;
  /** From the first to the last reading of a counter; of a power meter the whole window. */
  readonly time: Seconds;
  /** Mean: energy / time. */
  readonly power: Watts;
  readonly readings: number;
  /** Longest time without a reading; what a power meter did in it is not known. */
  readonly longestGap: Seconds;
  readonly wraps: number;
  /** What the two ends may hide: one period of the meter at mean power. The sensor's own error comes on top. */
  readonly edge: Joules;
  readonly beside: readonly FigureRange[];
}

/** The meter vanished, or read nonsense; what it had counted by then is kept. */
export interface InterruptedEnergy extends Source {
  readonly kind: 'interrupted';
  /** Since the start of the window. */
  readonly at: Seconds;
  readonly because: string;
  /** Up to the last good reading. */
  readonly energySoFar?: Joules;
  readonly timeSoFar?: Seconds;
}

export interface UnmeasuredEnergy extends Source {
  readonly kind: 'unavailable';
  readonly reason: string;
}

export type EnergyOutcome = MeasuredEnergy | InterruptedEnergy | UnmeasuredEnergy;

/** A figure over all readings of a window. */
export interface FigureRange {
  readonly name: string;
  readonly unit: string;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

export function sourceOf({ id, label, covers, within, addable }: Meter): Source {
  return {
    meter: id,
    label,
    covers,
    ...(within === undefined ? {} : { within }),
    ...(addable === undefined ? {} : { addable }),
  };
}

/** Figures beside the readings, one line a name. */
export function figureRanges(readings: readonly Pick<Reading, 'beside'>[]): readonly FigureRange[] {
  const byName = new Map<string, Figure[]>();
  for (const figure of readings.flatMap(({ beside }) => beside ?? [])) {
    byName.set(figure.name, [...(byName.get(figure.name) ?? []), figure]);
  }
  return Array.from(byName.values(), (figures) => {
    const values = figures.map(({ value }) => value);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const { name, unit } = figures[0]!;
    return { name, unit, least: Math.min(...values), mean, most: Math.max(...values) };
  });
}

/** In words, for a table cell or a warning; the number itself is the caller's to print. */
export function outcomeProblem(outcome: InterruptedEnergy | UnmeasuredEnergy): string {
  if (outcome.kind === 'unavailable') return outcome.reason;
  return `interrupted at ${outcome.at.toFixed(1)} s because ${outcome.because}`;
}

export interface GroupEnergy {
  readonly group: string;
  readonly meters: readonly string[];
  /** Undefined when one of them was not measured: a sum without it would be too small. */
  readonly energy: Joules | undefined;
  readonly time: Seconds;
}

/** Sums of the meters that may be added: packages with packages, cards with cards; never a part with its whole. */
export function addUp(outcomes: readonly EnergyOutcome[]): readonly GroupEnergy[] {
  const groups = new Map<string, EnergyOutcome[]>();
  for (const outcome of outcomes) {
    if (outcome.addable === undefined || outcome.within !== undefined) continue;
    groups.set(outcome.addable, [...(groups.get(outcome.addable) ?? []), outcome]);
  }
  return Array.from(groups, ([group, members]) => {
    const measured = members.filter((one) => one.kind === 'measured');
    const whole = measured.length === members.length;
    return {
      group,
      meters: members.map(({ meter }) => meter),
      energy: whole ? joules(measured.reduce((sum, { energy }) => sum + energy, 0)) : undefined,
      time: seconds(Math.max(0, ...measured.map(({ time }) => time))),
    };
  });
}
