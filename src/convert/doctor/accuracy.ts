// Share of samples that a network classifies as labelled.

import type { Dataset } from '../../data/index.ts';
import type { Backend, Program } from '../../engine/index.ts';
import type { Lowered } from '../../lower/index.ts';
import { argmax, decode } from '../../model/index.ts';
import { type BatchOptions, type BatchRun, forEachBatch } from '../run-batches.ts';

/** Read after the last step: an ANN by its largest output, spikes by their count, and else by the summed membrane. */
export async function accuracyOf(
  backend: Backend,
  run: Omit<BatchRun, 'observe'>,
  dataset: Dataset,
  options: BatchOptions,
): Promise<number> {
  let right = 0;
  await forEachBatch(backend, { ...run, observe: {} }, dataset, options, (program, lowered, from, to) => {
    const classes = classesOf(program, lowered, to - from, run.timesteps);
    classes.forEach((predicted, k) => {
      if (predicted === dataset.labels[from + k]) right++;
    });
  });
  return right / options.samples;
}

export function classesOf(
  program: Program,
  { outputs }: Lowered,
  samples: number,
  timesteps: number,
): readonly number[] {
  const { logits, spikes, membrane, features } = outputs;
  if (logits !== undefined) {
    const values = program.tensor(logits);
    return Array.from({ length: samples }, (_, k) => argmax(values, k * features, features));
  }
  const kind = spikes === undefined ? 'last-membrane' : 'spike-count';
  const predictions = decode(
    { kind },
    {
      ...{ samples, timesteps, classes: features },
      ...(spikes === undefined ? { membrane: program.tensor(membrane!) } : { spikes: program.tensor(spikes) }),
    },
  );
  return Array.from({ length: samples }, (_, k) => predictions[(k + 1) * timesteps - 1]!);
}
