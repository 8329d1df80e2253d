// Schema of one network's part of the record: what it is, how well it did, and what it cost.

import { z } from 'zod';
import { diagnosis, finding, step } from './diagnosis.ts';
import { baseline, energyEstimate, ledger, viewCounts } from './measurement.ts';
import { amount, finite, positive, share, whole } from './number.ts';
import { earlyStop, overTime, stream, watched } from './over-time.ts';
import { networkSpec } from './spec.ts';
import { activityTrace } from './trace.ts';

const accuracy = z.strictObject({
  value: share,
  correct: whole,
  samples: positive,
  undecided: whole,
  low: share,
  high: share,
});

const epoch = z.strictObject({
  epoch: whole,
  trainLoss: finite,
  trainAccuracy: share.nullable(),
  validationLoss: finite.nullable(),
  validationAccuracy: share.nullable(),
  learningRate: amount,
  seconds: amount,
});

const training = z.strictObject({
  epochs: z.array(epoch),
  bestEpoch: whole,
  stoppedEarly: z.boolean(),
  notes: z.array(z.string()),
  hardening: z
    .strictObject({ kind: z.enum(['adversarial', 'noise']), label: z.string(), seconds: amount })
    .exactOptional(),
});

const conversion = z.strictObject({
  mode: z.string(),
  calibrationSamples: whole,
  scales: z.array(z.strictObject({ layer: z.string(), scale: finite })),
  halfThreshold: z.boolean(),
  annAccuracy: share,
  steps: z.array(step).exactOptional(),
  findings: z.array(finding).exactOptional(),
  smallestTimesteps: positive.nullable(),
  tolerance: amount,
});

const raster = z.strictObject({
  sample: whole,
  label: whole,
  prediction: z.int(),
  layers: z.array(
    z.strictObject({
      layer: z.string(),
      neurons: whole,
      every: positive.exactOptional(),
      spikes: z.array(z.tuple([whole, whole]).readonly()),
    }),
  ),
});

export const networkRecord = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(['ann', 'snn', 'converted']),
  spec: networkSpec,
  timesteps: positive,
  encoder: z.string(),
  decoder: z.string(),
  parameters: whole,
  accuracy,
  accuracyByStep: z.array(share),
  confusion: z.array(z.array(whole)),
  training: training.nullable(),
  conversion: conversion.nullable(),
  trace: activityTrace,
  ledger,
  views: z.array(viewCounts),
  energy: z.array(energyEstimate),
  baselines: z.array(baseline).exactOptional(),
  inferSeconds: amount,
  inferSamples: positive,
  trainSeconds: amount.nullable(),
  inferBytes: amount,
  trainBytes: amount.nullable(),
  rasters: z.array(raster),
  rates: z.array(z.strictObject({ layer: z.string(), rates: z.array(amount), every: positive.exactOptional() })),
  overTime: overTime.exactOptional(),
  earlyStop: earlyStop.exactOptional(),
  diagnosis: diagnosis.exactOptional(),
  watched: z.array(watched).exactOptional(),
  stream: stream.exactOptional(),
});
