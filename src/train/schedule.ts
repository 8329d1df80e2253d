// The learning rate of every update, as a pure function of the step.
//   rate(step) = base * warm(step) * shape(step)
//   warm: min(1, step / W), W = warm-up in steps
//   shape: constant 1; step gamma^floor(i / (every S)); cosine floor + (1 - floor) (1 + cos(pi p)) / 2
// with i = step - 1 updates already made, S updates an epoch and p the share of the way from the end of the warm-up to the
// last step, so that the last update of a cosine runs at exactly `floor`. Loshchilov and Hutter, "SGDR", ICLR 2017.

import type { TrainOptions } from './options.ts';

/** What the schedule reads of the training options. */
export type ScheduledOptions = Pick<TrainOptions, 'epochs' | 'optimizer' | 'schedule'>;

/**
 * Learning rate of update `step` (1 for the first, as in UpdateOptions).
 * `stepsPerEpoch` is the number of updates in one pass, the partial last batch included.
 */
export function learningRate(options: ScheduledOptions, step: number, stepsPerEpoch: number): number {
  const warmup = Math.round(options.schedule.warmup * stepsPerEpoch);
  const warm = step < warmup ? step / warmup : 1;
  return options.optimizer.learningRate * warm * shape(options, step - 1, warmup, stepsPerEpoch);
}

function shape(options: ScheduledOptions, done: number, warmup: number, stepsPerEpoch: number): number {
  const { kind, every, gamma, floor } = options.schedule;
  switch (kind) {
    case 'constant':
      return 1;
    case 'step':
      return gamma ** Math.floor(done / (every * stepsPerEpoch));
    case 'cosine': {
      const span = options.epochs * stepsPerEpoch - warmup - 1;
      const share = span <= 0 ? 0 : Math.min(1, Math.max(0, (done - warmup) / span));
      return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * share));
    }
    default:
      kind satisfies never;
      throw new Error(`schedule.kind: got ${String(kind)}`);
  }
}
