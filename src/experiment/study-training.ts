// How a network of the study is trained.

import { z } from 'zod';
import { hardeningSchema } from './study-hardening.ts';

const share = z.number().min(0).max(1);
const positive = z.number().gt(0);
const countOf = z.int().min(1);
const countOrZero = z.int().min(0);

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

export const trainingSchema = z.strictObject({
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
  augment: z.strictObject({
    crop: countOrZero.meta({
      description: 'random crops of the image padded by so many zeros on each side; 0 for none',
    }),
    flip: z.boolean().meta({ description: 'mirror images left and right, half of the time' }),
  }),
  harden: hardeningSchema.nullable().meta({
    description: 'train on attacked (`adversarial`) or corrupted (`noise`) images; validation stays on clean ones',
  }),
});

export type TrainingStudy = z.infer<typeof trainingSchema>;
