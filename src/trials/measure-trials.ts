// The protocol of a measured comparison: warm-up, idle, trials of all subjects in turn, idle again; medians, and ratios to the first
// subject with bootstrap intervals. docs/measuring.md says why each step is there. Sources: MLPerf Power (arXiv:2410.12032) for windows
// and repetition; Zeus (ml.energy) for warm-up and cooling down; Yang, Adamek, Armour (arXiv:2312.02741) for the length of windows.

import type { DetectedMeters, EnergyOutcome, Meter } from '../meters/index.ts';
import { notMeasurable, systemView } from '../meters/index.ts';
import { checkSubjects, type TrialOptions, type TrialSubject, trialSettings } from './options.ts';
import { passOrder } from './order.ts';
import type { Idle, Trial, TrialsResult, WarmUp } from './result.ts';
import { judgeSource, sourcesOf } from './sources.ts';
import { summarise } from './summary.ts';
import { type Bench, runIdle, runTrial } from './trial.ts';
import { warmUp } from './warm-up.ts';
import { liveWorld, stopIfAsked, type TrialWorld } from './world.ts';

export interface TrialHooks {
  /** Stops between two calls of a work, with InterruptedError. */
  readonly signal?: AbortSignal;
  /** Before each step: how many are done, of how many, and what comes. */
  readonly onProgress?: (done: number, total: number, next: string) => void;
  /** Default: this machine. */
  readonly world?: TrialWorld;
}

/**
 * Measures subjects side by side; the first is what the others are compared with. Whatever fails, no window is left open and no
 * program left running. Throws ConfigError for settings that cannot be, InterruptedError when stopped, and what the work throws.
 */
export async function measureTrials(
  subjects: readonly TrialSubject[],
  meters: Pick<DetectedMeters, 'available' | 'unavailable'>,
  options: TrialOptions = {},
  { signal, onProgress, world = liveWorld(systemView()) }: TrialHooks = {},
): Promise<TrialsResult> {
  checkSubjects(subjects);
  const settings = trialSettings(meters.available, options);
  const idles = settings.idle > 0 && meters.available.length > 0;
  const bench: Bench = { world, settings, signal };
  const steps = subjects.length * (settings.trials + 1) + (idles ? 2 : 0);
  let done = 0;
  const begin = (next: string): void => {
    stopIfAsked(signal);
    onProgress?.(done, steps, next);
    done += 1;
  };
  const live = [...meters.available];
  const warmUps = await warmAll(bench, subjects, begin);
  const idle = async (when: string): Promise<Idle | undefined> => {
    if (!idles) return undefined;
    begin(`idle ${when}`);
    const measured = await runIdle(bench, live);
    forget(live, measured.energy, ['interrupted']);
    return measured;
  };
  const idleBefore = await idle('before');
  const trials = await runAll(bench, subjects, live, begin);
  const idleAfter = await idle('after');
  onProgress?.(steps, steps, 'done');
  const sources = sourcesOf(meters.available).map((one) => judgeSource(one, trials, [idleBefore, idleAfter], settings));
  const noEnergy = notMeasurable(meters);
  return {
    settings,
    subjects: summarise(subjects, warmUps, trials, sources, settings),
    sources,
    ...(noEnergy === undefined ? {} : { noEnergy }),
    disturbance: watched(trials),
    ...(idleBefore === undefined ? {} : { idleBefore }),
    ...(idleAfter === undefined ? {} : { idleAfter }),
    trials,
  };
}

type Begin = (next: string) => void;

async function warmAll(
  { world, settings, signal }: Bench,
  subjects: readonly TrialSubject[],
  begin: Begin,
): Promise<readonly WarmUp[]> {
  const done: WarmUp[] = [];
  for (const subject of subjects) {
    begin(`warm-up, ${subject.name}`);
    done.push(await warmUp(world, subject, settings, signal));
  }
  return done;
}

async function runAll(
  bench: Bench,
  subjects: readonly TrialSubject[],
  live: Meter[],
  begin: Begin,
): Promise<readonly Trial[]> {
  const { world, settings, signal } = bench;
  const trials: Trial[] = [];
  for (let pass = 0; pass < settings.trials; pass += 1) {
    for (const subject of passOrder(subjects.length, pass)) {
      begin(subjects[subject]!.name);
      await world.rest(settings.pause, signal);
      const trial = await runTrial(bench, live, subjects[subject]!, { subject, pass });
      forget(live, trial.energy, ['interrupted', 'unavailable']);
      trials.push(trial);
    }
  }
  return trials;
}

/** A meter that failed is read no more: its source is lost, and a program that hangs would cost each trial its patience. */
function forget(live: Meter[], outcomes: readonly EnergyOutcome[], kinds: readonly EnergyOutcome['kind'][]): void {
  for (const { meter, kind } of outcomes) {
    const at = live.findIndex(({ id }) => id === meter);
    if (at >= 0 && kinds.includes(kind)) live.splice(at, 1);
  }
}

function watched(trials: readonly Trial[]): string {
  const told = trials.every(({ othersTime }) => othersTime !== undefined);
  if (!told) return 'not watched: this system does not say what CPU time others take';
  const share = Math.max(...trials.map(({ cpuTime, othersTime }) => othersTime! / Math.max(cpuTime!, 1e-9)));
  return `other processes took at most ${(100 * share).toFixed(0)} % of this one's CPU time`;
}
