// Work before anything counts: code is compiled, clocks rise, caches fill. It ends when the times of three stretches agree.

import { type Seconds, seconds } from '../core/index.ts';
import type { TrialSettings, TrialSubject } from './options.ts';
import type { WarmUp } from './result.ts';
import { runFor, type Stretch } from './stretch.ts';
import type { TrialWorld } from './world.ts';

/** Calls that are never counted, whatever the times say. */
const CALLS = 10;
const STRETCHES = 3;
const AGREEMENT = 0.05;
/** Stretches of a tenth of a window, but not so short that the clock or a single call rules them. */
const stretchLength = ({ window, warmUp }: TrialSettings): Seconds =>
  seconds(Math.min(window / 10, warmUp / STRETCHES, 0.5));

/** Throws InterruptedError when stopped. */
export async function warmUp(
  world: TrialWorld,
  subject: TrialSubject,
  settings: TrialSettings,
  signal: AbortSignal | undefined,
): Promise<WarmUp> {
  const done: Stretch[] = [];
  const total = (of: (stretch: Stretch) => number): number => done.reduce((sum, one) => sum + of(one), 0);
  const settled = (): boolean => total(({ calls }) => calls) >= CALLS && agree(done.slice(-STRETCHES));
  do {
    done.push(await runFor(world, subject, stretchLength(settings), signal));
  } while (!settled() && total(({ time }) => time) < settings.warmUp);
  return {
    seconds: seconds(total(({ time }) => time)),
    inferences: total(({ inferences }) => inferences),
    settled: settled(),
  };
}

function agree(stretches: readonly Stretch[]): boolean {
  const times = stretches.map(({ time, inferences }) => time / inferences);
  return times.length === STRETCHES && Math.max(...times) <= (1 + AGREEMENT) * Math.min(...times);
}
