// Schema of what networks took on a machine. A number that was measured, one that could not be and one that was refused are told apart
// by their kind; there is none of which the reader could not know which it is.

import { z } from 'zod';
import { seconds, watts } from '../../core/index.ts';
import type { ContestSummary } from '../../timing/index.ts';
import type { MeasuredRecord } from '../record.ts';
import { environmentSchema } from './environment.ts';
import { amount, finite, positive, share, whole } from './number.ts';

const time = amount.transform(seconds);
const power = finite.transform(watts);

const measuredMedian = z
  .strictObject({
    kind: z.literal('measured'),
    value: finite,
    low: finite,
    high: finite,
    trials: positive.meta({ description: 'trials, or for a ratio pairs of them, it was made of' }),
  })
  .refine(({ value, low, high }) => low <= value && value <= high, 'an interval around its value');
const notMeasured = z.strictObject({ kind: z.enum(['unavailable', 'rejected']), reason: z.string() });

/** Of a median: a number with its interval, or why there is none. */
export const medianSchema = z.union([measuredMedian, notMeasured]);
/** Of a number and how many times the first subject's it is. */
export const comparedSchema = z.strictObject({ perInference: medianSchema, ratio: medianSchema });

const subject = z.strictObject({
  name: z.string().min(1),
  correct: share.exactOptional(),
  warmUp: z.strictObject({ seconds: time, inferences: whole, settled: z.boolean() }),
  used: whole.meta({ description: 'trials that count' }),
  rejected: z.array(z.strictObject({ pass: whole, reason: z.string() })),
  time: comparedSchema.meta({ description: 'seconds an image' }),
  cpuTime: comparedSchema.meta({ description: 'seconds of all threads an image' }),
  energy: z
    .array(
      z.strictObject({
        source: z.string(),
        total: comparedSchema.meta({ description: 'joules an image, idle included' }),
        aboveIdle: comparedSchema,
        perCorrect: medianSchema.exactOptional(),
        perCorrectAboveIdle: medianSchema.exactOptional(),
      }),
    )
    .meta({ description: 'one a source; empty where there is no meter' }),
});

const source = z.strictObject({
  id: z.string(),
  label: z.string(),
  meters: z.array(z.string()).min(1),
  within: z.string().exactOptional(),
  idleBefore: power.exactOptional(),
  idleAfter: power.exactOptional(),
  problem: notMeasured.exactOptional(),
});

const settings = z.strictObject({
  ...{ trials: positive, window: time, idle: time, pause: time, warmUp: time },
  ...{ others: amount, idleDifference: amount, seed: whole },
});

const contest = z
  .strictObject({
    batch: z.union([positive, z.literal('best')]),
    contestants: z
      .array(z.strictObject({ name: z.string().min(1), engine: z.string(), batch: positive, bytes: amount.nullable() }))
      .min(1),
    result: z.strictObject({
      settings,
      subjects: z.array(subject),
      sources: z.array(source),
      noEnergy: z.string().exactOptional(),
      disturbance: z.string(),
    }),
  })
  .superRefine(({ contestants, result: { subjects, sources } }, context) => {
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path: ['result', ...path], message });
    if (subjects.length !== contestants.length)
      refuse(['subjects'], `${contestants.length} subjects, one a contestant`);
    const ids = sources.map(({ id }) => id);
    subjects.forEach(({ name, energy }, i) => {
      if (name !== contestants[i]?.name) refuse(['subjects', i, 'name'], `the contestant's, ${contestants[i]?.name}`);
      if (energy.some((one, j) => one.source !== ids[j]) || energy.length !== ids.length)
        refuse(['subjects', i, 'energy'], `one entry for each source: ${ids.join(', ') || 'none'}`);
    });
  });

/** A comparison without its single trials. */
export const contestSchema: z.ZodType<ContestSummary, z.input<typeof contest>> = contest;

const measured = z.strictObject({
  measuredAt: z.iso.datetime({ offset: true }),
  environment: environmentSchema,
  governor: z.string().nullable(),
  onnx: z.string(),
  contests: z.array(contestSchema).min(1),
});

/** Of the record's part. */
export const measuredSchema: z.ZodType<MeasuredRecord, z.input<typeof measured>> = measured;

/** Networks of the run that were measured, and the path to each; another engine's ANN is none of them. */
export function measuredNetworks({ contests }: MeasuredRecord) {
  return contests.flatMap(({ contestants }, i) =>
    contestants.flatMap(({ name, engine }, j) =>
      engine === 'Spikewatt' ? [[name, ['contests', i, 'contestants', j, 'name']] as const] : [],
    ),
  );
}
