// The settings of a measurement, and what they are when nothing is said. docs/measuring.md gives the reasons.

import { ConfigError, type Seconds, seconds } from '../core/index.ts';
import { type Meter, shortestWindow } from '../meters/index.ts';

/** A thing to be measured. */
export interface TrialSubject {
  readonly name: string;
  /** Does a stretch of work, well below a second, and says how many inferences that was. It is called again and again. */
  work(): number | Promise<number>;
  /** Share of its inferences that are right, in [0,1]; for energy per correct inference. */
  readonly correct?: number;
}

export interface TrialSettings {
  /** Trials of each subject. */
  readonly trials: number;
  /** Least length of a trial. */
  readonly window: Seconds;
  /** Length of the idle windows before and after; 0 for none. */
  readonly idle: Seconds;
  /** Rest before each trial, for the machine to cool. */
  readonly pause: Seconds;
  /** Longest warm-up of a subject. */
  readonly warmUp: Seconds;
  /** CPU time of other processes that spoils a trial, as a share of this process's own. */
  readonly others: number;
  /** By how much of their mean the two idle powers may differ. */
  readonly idleDifference: number;
  /** Of the bootstrap. */
  readonly seed: number;
}

export type TrialOptions = Partial<TrialSettings>;

/** Fewest trials of which a ratio is made: below, an interval says nothing. */
export const FEWEST = 3;

/** Without a meter only clocks are read, and a second is a million of their ticks. */
const WINDOW_WITHOUT_METERS = seconds(1);
const IDLE = seconds(30);

export function trialSettings(meters: readonly Meter[], options: TrialOptions): TrialSettings {
  const metered = meters.length > 0;
  const window = Math.max(WINDOW_WITHOUT_METERS, ...meters.map(shortestWindow));
  const settings: TrialSettings = {
    trials: 10,
    window: seconds(window),
    idle: metered ? IDLE : seconds(0),
    pause: seconds(metered ? 1 : 0),
    warmUp: seconds(10),
    others: 0.2,
    idleDifference: 0.05,
    seed: 1,
    ...options,
  };
  check(
    'trials',
    settings.trials,
    Number.isInteger(settings.trials) && settings.trials >= FEWEST,
    `a whole number from ${FEWEST} on`,
  );
  check('window', settings.window, settings.window > 0, 'seconds above 0');
  for (const key of ['idle', 'pause', 'warmUp', 'others', 'idleDifference'] as const)
    check(key, settings[key], settings[key] >= 0, 'a number from 0 on');
  check('seed', settings.seed, Number.isInteger(settings.seed) && settings.seed >= 0, 'a whole number from 0 on');
  return settings;
}

function check(key: string, value: number, right: boolean, expected: string): void {
  if (!right) throw new ConfigError(key, `got ${value}, expected ${expected}`);
}

/** Throws ConfigError for subjects that cannot be told apart or graded. */
export function checkSubjects(subjects: readonly TrialSubject[]): void {
  if (subjects.length === 0) throw new ConfigError('subjects', 'got none, expected at least one thing to measure');
  const names = subjects.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConfigError('subjects', `got "${twice}" twice, expected a name of its own for each`);
  for (const { name, correct } of subjects)
    if (correct !== undefined && !(correct >= 0 && correct <= 1))
      throw new ConfigError(`subjects "${name}"`, `got ${correct} as its share of right answers, expected 0 to 1`);
}
