// Calls a subject's work again and again for a time. Now and then, outside the time that counts, the event loop has its turn (so that
// Ctrl-C is heard) and meters that must be read often are read.

import { NumericError, type Seconds, seconds } from '../core/index.ts';
import type { TrialSubject } from './options.ts';
import { stopIfAsked, type TrialWorld } from './world.ts';

export interface Stretch {
  readonly inferences: number;
  readonly calls: number;
  /** Of the calls alone. */
  readonly time: Seconds;
}

/** Something to be done between calls. */
export interface Between {
  readonly every: Seconds;
  act(): Promise<void>;
}

/** Time after which the event loop gets its turn. */
const TURN = 0.1;
/** Calls between two looks at the clock take about this long, so that looking costs little. */
const LOOK = 0.001;

/** Works for `length` or a little more, one call at least. Throws what the work throws, InterruptedError when stopped. */
export async function runFor(
  world: TrialWorld,
  subject: TrialSubject,
  length: Seconds,
  signal: AbortSignal | undefined,
  between?: Between,
): Promise<Stretch> {
  let [inferences, calls, time, turn, repeat] = [0, 0, 0, 0, 1];
  let acted = world.now();
  do {
    const start = world.now();
    for (let k = 0; k < repeat; k += 1) {
      const done = subject.work();
      inferences += checkDone(subject, typeof done === 'number' ? done : await done);
    }
    const end = world.now();
    const taken = end - start;
    calls += repeat;
    time += taken;
    turn += taken;
    if (taken < LOOK) repeat *= 2;
    if (turn > TURN) {
      turn = 0;
      await world.rest(seconds(0), signal);
    }
    stopIfAsked(signal);
    if (between !== undefined && end - acted >= between.every && time < length) {
      await between.act();
      acted = world.now();
    }
  } while (time < length);
  return { inferences, calls, time: seconds(time) };
}

function checkDone({ name }: TrialSubject, done: number): number {
  if (Number.isFinite(done) && done > 0) return done;
  throw new NumericError(`subject "${name}": its work says that it did ${done} inferences, expected a number above 0`);
}
