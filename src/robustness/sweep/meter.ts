// How far a study is. The unit is one image going through a network for one time step; back again, for a gradient, is one more. What
// attacks will need is not known beforehand (an image that is fooled is left alone), so tasks are planned at their most, and
// what a task did not need is counted as done when it ends.

import { InterruptedError } from '../../core/index.ts';

export interface RobustnessHooks {
  /** `done` of `total` units; `label` says what is going on. */
  readonly onProgress?: (done: number, total: number, label: string) => void;
  /** Stops with an InterruptedError. */
  readonly signal?: AbortSignal;
}

export interface Task {
  /** Units done since the last call. Gives the event loop its turn. Throws InterruptedError when stopped. */
  advance(units: number): Promise<void>;
  /** Counts what is left of the plan as done. */
  finish(): void;
}

export interface Meter {
  /** At most so many units, under this label. All tasks are planned before the first begins, or the total grows on the way. */
  plan(label: string, units: number): Task;
}

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export function openMeter({ onProgress, signal }: RobustnessHooks = {}): Meter {
  let [done, total] = [0, 0];
  return {
    plan(label, units) {
      total += units;
      let left = units;
      const report = (step: number): void => {
        const counted = Math.min(left, step);
        left -= counted;
        done += counted;
        onProgress?.(Math.round(done), Math.round(total), label);
      };
      return {
        async advance(step) {
          report(step);
          await breathe();
          if (signal?.aborted)
            throw new InterruptedError(
              `robustness: stopped on request during ${label}, after ${Math.round(done)} of ${Math.round(total)} units of work`,
            );
        },
        finish() {
          if (left > 0) report(left);
        },
      };
    },
  };
}
