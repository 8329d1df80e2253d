// The study: everything one comparison needs to be told, as data. Checked once, here; the defaults are the presets'.

import { z } from 'zod';
import { PROFILES } from '../measure/index.ts';
import { activationSchema } from './study-activation.ts';
import { conversionSchema, doctorSchema } from './study-conversion.ts';
import { dataSchema } from './study-data-schema.ts';
import { encoderSchema } from './study-encoder.ts';
import { networkStudySchema } from './study-network.ts';
import { neuronStudySchema } from './study-neuron.ts';
import { earlyStopSchema, streamSchema, watchSchema } from './study-reading.ts';
import { robustnessStudySchema } from './study-robustness.ts';
import { type TrainingStudy, trainingSchema } from './study-training.ts';

const countOf = z.int().min(1);

const decoders = ['spike-count', 'first-spike', 'max-membrane', 'mean-membrane', 'last-membrane'] as const;
const profileIds = PROFILES.map(({ id }) => id) as [string, ...string[]];

const KINDS = ['ann', 'snn', 'converted'] as const;

/** One comparison, every choice made. */
export const studySchema = z.strictObject({
  name: z.string().min(1).meta({ description: "a name for people; part of the run's id" }),
  data: dataSchema,
  network: networkStudySchema,
  activation: activationSchema,
  neuron: neuronStudySchema,
  encoder: encoderSchema.meta({ description: 'how an image becomes input through time, for the trained SNN' }),
  decoder: z.enum(decoders).meta({ description: "how the trained SNN's output layer is read" }),
  timesteps: countOf.meta({ description: 'time steps of the trained SNN' }),
  training: z.strictObject({ ann: trainingSchema, snn: trainingSchema }),
  convert: conversionSchema,
  doctor: doctorSchema,
  earlyStop: earlyStopSchema,
  watch: watchSchema,
  stream: streamSchema,
  robustness: robustnessStudySchema,
  compare: z
    .array(z.enum(KINDS))
    .min(1)
    .meta({ description: 'which networks the report shows; `converted` needs the ANN and trains it' }),
  energy: z.array(z.enum(profileIds)).nullable().meta({ description: 'energy profiles; null for all' }),
  zeroSkipping: z.boolean().meta({ description: 'are operations on zeros skipped, on both sides?' }),
  seed: z
    .int()
    .min(0)
    .max(0xffffffff)
    .meta({ description: 'of every random draw; the same seed gives the same bits for any number of threads' }),
  engine: z
    .enum(['wasm', 'reference'])
    .meta({ description: '`reference` computes in float64 and is slow: for checks' }),
  threads: countOf.nullable().meta({ description: 'null for one a core' }),
  memory: countOf.nullable().meta({
    description: 'mebibytes a network may take while it runs or is trained; null for what there is, 4 GiB at most',
  }),
  out: z.string().min(1).nullable().meta({ description: "the run's folder; null for runs/<id>" }),
});

export type Study = z.infer<typeof studySchema>;
export type { TrainingStudy };
export type NetworkKind = (typeof KINDS)[number];

/** What a study file may hold: any part of a study, and the preset it starts from. */
export type StudyInput = { readonly preset?: string } & { readonly [Key in keyof Study]?: unknown };
