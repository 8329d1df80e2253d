// One trial: a subject works inside a window of measurement, and everything that can be read is read at both ends.

import { type Seconds, seconds } from '../core/index.ts';
import { type CpuTimes, type Meter, openWindow } from '../meters/index.ts';
import type { TrialSettings, TrialSubject } from './options.ts';
import type { Idle, Trial } from './result.ts';
import { type Between, runFor } from './stretch.ts';
import { ownCpuTime, type TrialWorld } from './world.ts';

/** Where the trials take place. */
export interface Bench {
  readonly world: TrialWorld;
  readonly settings: TrialSettings;
  readonly signal: AbortSignal | undefined;
}

/** Readings are taken between calls of the work only: a reading that began while the work held the thread would bear a wrong time. */
const BETWEEN_CALLS = { background: false } as const;

/** Throws what the work throws, InterruptedError when stopped; the window is closed then. */
export async function runTrial(
  { world, settings, signal }: Bench,
  meters: readonly Meter[],
  subject: TrialSubject,
  place: Pick<Trial, 'subject' | 'pass'>,
): Promise<Trial> {
  const window = await openWindow(meters, { clock: world.now, ...BETWEEN_CALLS });
  try {
    const before = await usage(world);
    const sample = betweenReadings(meters, () => window.sample());
    const { inferences, time } = await runFor(world, subject, settings.window, signal, sample);
    const used = usedSince(before, await usage(world));
    const energy = await window.stop();
    const trial = { ...place, inferences, time, ...used, energy };
    const rejected = disturbed(trial, settings);
    return rejected === undefined ? trial : { ...trial, rejected };
  } catch (error) {
    await window.abandon();
    throw error;
  }
}

/** Meters that must be read often are read at their pace. */
function betweenReadings(meters: readonly Meter[], act: () => Promise<void>): Between | undefined {
  if (meters.length === 0) return undefined;
  return { every: seconds(Math.min(...meters.map(({ readEvery }) => readEvery))), act };
}

/** Nothing is run for a while. Throws InterruptedError when stopped; the window is closed then. */
export async function runIdle({ world, settings, signal }: Bench, meters: readonly Meter[]): Promise<Idle> {
  const window = await openWindow(meters, { clock: world.now, ...BETWEEN_CALLS });
  try {
    const pace = Math.min(settings.idle, ...meters.map(({ readEvery }) => readEvery));
    const waits = Math.max(1, Math.ceil(settings.idle / pace));
    for (let k = 0; k < waits; k += 1) {
      await world.rest(seconds(settings.idle / waits), signal);
      await window.sample();
    }
    const energy = await window.stop();
    return { seconds: seconds(world.now() - window.start), energy };
  } catch (error) {
    await window.abandon();
    throw error;
  }
}

interface Usage {
  readonly own: Seconds | undefined;
  readonly all: CpuTimes | undefined;
}

const usage = async (world: TrialWorld): Promise<Usage> => ({ own: ownCpuTime(world), all: await world.cpuTimes() });

function usedSince(before: Usage, after: Usage): Pick<Trial, 'cpuTime' | 'othersTime'> {
  if (before.own === undefined || after.own === undefined) return {};
  const cpuTime = seconds(after.own - before.own);
  if (before.all === undefined || after.all === undefined) return { cpuTime };
  const all = after.all.busy - before.all.busy + (after.all.stolen - before.all.stolen);
  return { cpuTime, othersTime: seconds(Math.max(0, all - cpuTime)) };
}

/** The system counts in ticks of 10 ms, at both ends and on each processor a little off. */
const TICKS = 0.03;

/** Why a trial is spoilt, if it is. */
function disturbed(
  { cpuTime, othersTime }: Pick<Trial, 'cpuTime' | 'othersTime'>,
  { others }: TrialSettings,
): string | undefined {
  if (cpuTime === undefined || othersTime === undefined || othersTime <= others * cpuTime + TICKS) return undefined;
  return `other processes took ${othersTime.toFixed(2)} s of CPU time beside the ${cpuTime.toFixed(2)} s of this one, more than ${percent(others)}`;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
