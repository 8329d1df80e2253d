// What trials see of the machine: a clock, waiting, and how much processor time this process and all others took. Tests give another.

import { InterruptedError, type ProcessUsage, type Seconds, seconds } from '../core/index.ts';
import { type CpuTimes, readCpuTimes, type SystemView } from '../meters/index.ts';

export interface TrialWorld {
  now(): Seconds;
  /** Waits for so long; 0 lets other tasks have their turn. Rejects with InterruptedError as soon as the signal is aborted. */
  rest(time: Seconds, signal: AbortSignal | undefined): Promise<void>;
  processUsage(): ProcessUsage | undefined;
  /** Of all processors and everyone, since the machine started; undefined where the system does not say. */
  cpuTimes(): Promise<CpuTimes | undefined>;
}

/** The machine this runs on. */
export const liveWorld = (view: SystemView): TrialWorld => ({
  now: view.now,
  rest,
  processUsage: () => view.processUsage(),
  cpuTimes: () => readCpuTimes(view).catch(() => undefined),
});

/** Throws InterruptedError once the signal is aborted. */
export function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InterruptedError('measurement: stopped on request; nothing of it is kept');
}

async function rest(time: Seconds, signal: AbortSignal | undefined): Promise<void> {
  stopIfAsked(signal);
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, time * 1000);
    signal?.addEventListener('abort', end);
  });
  stopIfAsked(signal);
}

/** CPU time of all threads of this process so far; undefined in a browser. */
export function ownCpuTime(world: TrialWorld): Seconds | undefined {
  const usage = world.processUsage();
  return usage === undefined ? undefined : seconds(usage.userTime + usage.systemTime);
}
