// Where a training run is: everything beside the parameters that decides, or reports, how it goes on. It goes into every
// checkpoint as JSON; numbers keep their bits there, since JSON prints the shortest text that reads back as the same double.

import { z } from 'zod';

const whole = z.int().nonnegative();
const share = z.number().min(0).max(1);

const epochSchema = z.strictObject({
  epoch: z.int().positive(),
  trainLoss: z.number(),
  trainAccuracy: share.nullable(),
  validationLoss: z.number().nullable(),
  validationAccuracy: share.nullable(),
  learningRate: z.number(),
  seconds: z.number().nonnegative(),
});

const noteSchema = z.strictObject({
  kind: z.enum([
    'loss-at-chance',
    'silent-layer',
    'saturated-layer',
    'one-class',
    'undecided',
    'over-fitting',
    'checkpoint',
  ]),
  layer: z.string().nullable(),
  epoch: whole,
  text: z.string(),
});

export const trainingStateSchema = z.strictObject({
  /** Epoch in progress, 1 for the first. */
  epoch: z.int().positive(),
  /** Batches of it that are done. */
  batch: whole,
  /** Updates made since the start. */
  step: whole,
  /** Over the samples seen in this epoch: sum of losses, right predictions, samples. */
  lossSum: z.number(),
  correct: whole,
  seen: whole,
  /** Seconds of this epoch and of all of the run. */
  epochSeconds: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
  /** Of all of the run, those in which hardened batches were made; absent from checkpoints before there was hardening. */
  hardenSeconds: z.number().nonnegative().default(0),
  /** The kept epoch; its weights are saved beside. */
  best: z
    .strictObject({ epoch: z.int().positive(), accuracy: share.nullable(), notes: z.array(noteSchema) })
    .nullable(),
  history: z.array(epochSchema),
  /** Every note, when it was first found. */
  notes: z.array(noteSchema),
  finished: z.boolean(),
  stoppedEarly: z.boolean(),
});

/** Mutable on purpose: one object, owned by one run. */
export type TrainingState = z.infer<typeof trainingStateSchema>;

/** Something worth saying about a run, in words. */
export type Note = Readonly<z.infer<typeof noteSchema>>;

export function freshState(): TrainingState {
  return {
    epoch: 1,
    batch: 0,
    step: 0,
    lossSum: 0,
    correct: 0,
    seen: 0,
    epochSeconds: 0,
    seconds: 0,
    hardenSeconds: 0,
    best: null,
    history: [],
    notes: [],
    finished: false,
    stoppedEarly: false,
  };
}
