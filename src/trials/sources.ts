// Which energies a measurement tells: sums of meters that count different devices, and each meter alone. A source of which one trial
// could not be read, or whose idle before and after differ, tells nothing.

import type { Watts } from '../core/index.ts';
import { seconds, watts } from '../core/index.ts';
import { addUp, type EnergyOutcome, type Meter, outcomeProblem } from '../meters/index.ts';
import type { TrialSettings } from './options.ts';
import type { EnergySource, Idle, NotMeasured, Trial } from './result.ts';

/** Joules in a time, or why not. */
export type SourceReading = { readonly energy: number; readonly time: number } | { readonly problem: string };

/** Sums first, then meters, then those that are part of another. */
export function sourcesOf(meters: readonly Meter[]): readonly EnergySource[] {
  const groups = new Map<string, Meter[]>();
  for (const meter of meters.filter(({ within }) => within === undefined))
    if (meter.addable !== undefined) groups.set(meter.addable, [...(groups.get(meter.addable) ?? []), meter]);
  const sums = [...groups].filter(([, members]) => members.length > 1);
  const alone = meters.map(({ id, label, within }) => ({
    ...{ id, label, meters: [id] },
    ...(within === undefined ? {} : { within }),
  }));
  return [
    ...sums.map(([id, members]) => ({ id, label: `${id} (${members.length})`, meters: members.map((one) => one.id) })),
    ...alone.toSorted((a, b) => Number(a.within !== undefined) - Number(b.within !== undefined)),
  ];
}

/** What a window says of a source. A meter that is no longer read says nothing. */
export function readingOf({ id, meters }: EnergySource, outcomes: readonly EnergyOutcome[]): SourceReading {
  const own = outcomes.filter(({ meter }) => meters.includes(meter));
  for (const outcome of own) if (outcome.kind !== 'measured') return { problem: outcomeProblem(outcome) };
  if (own.length < meters.length) return { problem: 'no longer read' };
  const [first] = own;
  if (own.length === 1 && first?.kind === 'measured') return { energy: first.energy, time: first.time };
  const sum = addUp(own).find(({ group }) => group === id);
  return sum?.energy === undefined ? { problem: 'cannot be added up' } : { energy: sum.energy, time: sum.time };
}

/** The source with its idle powers, and with what speaks against it. */
export function judgeSource(
  source: EnergySource,
  trials: readonly Trial[],
  idles: readonly (Idle | undefined)[],
  settings: TrialSettings,
): EnergySource {
  const [before, after] = idles.map((idle) => (idle === undefined ? undefined : idlePower(source, idle)));
  const known = {
    ...source,
    ...(before === undefined ? {} : { idleBefore: before }),
    ...(after === undefined ? {} : { idleAfter: after }),
  };
  const problem = unreadTrial(source, trials) ?? unlikeIdles(before, after, settings);
  return problem === undefined ? known : { ...known, problem };
}

function idlePower(source: EnergySource, idle: Idle): Watts | undefined {
  const reading = readingOf(source, idle.energy);
  return 'energy' in reading ? watts(reading.energy / reading.time) : undefined;
}

function unreadTrial(source: EnergySource, trials: readonly Trial[]): NotMeasured | undefined {
  const readings = trials.map(({ energy }) => readingOf(source, energy));
  const bad = readings.findIndex((reading) => 'problem' in reading);
  if (bad < 0) return undefined;
  const { problem } = readings[bad] as { problem: string };
  return { kind: 'unavailable', reason: `${source.label}, trial ${bad + 1} of ${trials.length}: ${problem}` };
}

function unlikeIdles(
  before: Watts | undefined,
  after: Watts | undefined,
  { idleDifference }: TrialSettings,
): NotMeasured | undefined {
  if (before === undefined || after === undefined) return undefined;
  const mean = (before + after) / 2;
  const difference = Math.abs(after - before) / mean;
  if (difference <= idleDifference) return undefined;
  const [from, to] = [before, after].map((power) => `${power.toPrecision(3)} W`);
  return {
    kind: 'rejected',
    reason: `idle took ${from} before and ${to} after, which differ by ${(100 * difference).toFixed(1)} %, more than ${Number((100 * idleDifference).toPrecision(3))} %; something else changed on this machine`,
  };
}

/** Mean of the two idle powers times the time, or why it is not known. */
export function idleEnergy({ idleBefore, idleAfter }: EnergySource, time: number): number | undefined {
  if (idleBefore === undefined || idleAfter === undefined) return undefined;
  return ((idleBefore + idleAfter) / 2) * seconds(time);
}
