// Subjects side by side, at one batch size for all or each at its best.

import type { DetectedMeters } from '../meters/index.ts';
import { systemView } from '../meters/index.ts';
import {
  liveWorld,
  measureTrials,
  type TrialHooks,
  type TrialOptions,
  type TrialsResult,
  type TrialsSummary,
} from '../trials/index.ts';
import { findBestBatch } from './best-batch.ts';
import type { OpenSubject } from './network-subject.ts';

/** Something that can be measured at any batch size. */
export interface Contestant {
  readonly name: string;
  /** Such as `Spikewatt`, `ONNX Runtime 1.30 (onnxruntime-node)`. */
  readonly engine: string;
  /** Most samples of a batch. */
  readonly most: number;
  /** Its best batch, where that is known; else it is searched for. */
  readonly best?: number;
  open(batch: number): OpenSubject | Promise<OpenSubject>;
}

/** A number for all, or each its own. */
export type BatchChoice = number | 'best';

export interface ContestantAtBatch {
  readonly name: string;
  readonly engine: string;
  readonly batch: number;
  /** Laid out by its engine; null where that does not say. */
  readonly bytes: number | null;
}

/** One comparison without its single trials. `contestants[i]` is `result.subjects[i]`. */
export interface ContestSummary {
  readonly batch: BatchChoice;
  readonly contestants: readonly ContestantAtBatch[];
  readonly result: TrialsSummary;
}

export interface MeasuredContest extends ContestSummary {
  readonly result: TrialsResult;
}

/** What is kept in a run's record. */
export function summariseContest({ batch, contestants, result }: MeasuredContest): ContestSummary {
  const { trials: _trials, idleBefore: _before, idleAfter: _after, ...summary } = result;
  return { batch, contestants, result: summary };
}

export interface ContestHooks extends TrialHooks {
  /** Before each size that the search for best batches tries: how many contestants are done, of how many, and what comes. */
  readonly onSearch?: (done: number, total: number, next: string) => void;
}

/** Measures all contestants in turn; the first is what the others are compared with. Throws as `measureTrials` does. */
export async function measureContest(
  contestants: readonly Contestant[],
  choice: BatchChoice,
  meters: Pick<DetectedMeters, 'available' | 'unavailable'>,
  options: TrialOptions,
  hooks: ContestHooks,
): Promise<MeasuredContest> {
  const world = hooks.world ?? liveWorld(systemView());
  const open: OpenSubject[] = [];
  try {
    for (const one of contestants) {
      const onSize = (size: number): void =>
        hooks.onSearch?.(open.length, contestants.length, `${one.name}, ${size} at once`);
      const batch =
        choice === 'best'
          ? (one.best ?? (await findBestBatch(world, one.open, one.most, { onSize, ...hooks })))
          : Math.min(choice, one.most);
      open.push(await one.open(batch));
    }
    const result = await measureTrials(open, meters, options, { ...hooks, world });
    const sizes = open.map(({ name, batch, bytes }, i) => ({
      ...{ name, engine: contestants[i]!.engine, batch },
      bytes: bytes ?? null,
    }));
    return { batch: choice, contestants: sizes, result };
  } finally {
    for (const subject of open) await subject.close();
  }
}
