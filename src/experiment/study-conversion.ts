// How the trained ANN is converted, and what the conversion doctor is asked.

import { z } from 'zod';
import { encoderSchema } from './study-encoder.ts';

const share = z.number().min(0).max(1);
const countOf = z.int().min(1);

export const conversionSchema = z.strictObject({
  timesteps: z
    .array(countOf)
    .min(1)
    .meta({ description: 'time steps the converted network is run for, a row of the table each' }),
  mode: z.enum(['max', 'max-moving-average', 'percentile', 'reciprocal', 'least-error']).meta({
    description:
      'how activations are scaled: true maximum, moving average of batch maxima (as SpikingJelly), percentile, 1/n, or the scale of least squared error after `errorTimesteps` steps (threshold balancing)',
  }),
  percentile: z.number().gt(0).lte(100).meta({ description: '`percentile`: which one' }),
  nonzeroOnly: z.boolean().meta({ description: '`percentile`: over activations that are not zero (as SNN Toolbox)' }),
  schedule: z
    .enum(['none', 'snntoolbox'])
    .meta({ description: '`percentile`: `snntoolbox` lowers it by 0.02 a layer and rounds down, as that tool does' }),
  reciprocal: countOf.meta({ description: '`reciprocal`: n, the scale being max / n' }),
  movingAverage: z.boolean().meta({
    description: '`percentile`, `reciprocal`: average batch by batch (as SpikingJelly)',
  }),
  errorTimesteps: countOf.meta({ description: '`least-error`: steps the error is least after' }),
  perChannel: z.boolean().meta({ description: 'a scale for each channel of a map, instead of one a layer' }),
  scaling: z
    .enum(['weights', 'thresholds'])
    .meta({ description: 'scales go into the weights, or into the thresholds; the spikes are the same' }),
  halfThreshold: z.boolean().meta({ description: 'membranes start at half the threshold' }),
  offsetTimesteps: countOf.nullable().meta({
    description: 'calibrate where membranes start, for runs of so many steps (offset spikes); null: do not',
  }),
  maxPool: z.enum(['winner', 'or', 'average']).meta({
    description:
      'max pools: pass on the input that has spiked most so far, take the OR of spikes, or become average pools',
  }),
  foldLimit: z.number().min(0).nullable().meta({
    description:
      'average pools of spikes are folded into the weights behind them if that multiplies the synapses by this at most; 0: never, null: always',
  }),
  output: z
    .enum(['membrane', 'spikes'])
    .meta({ description: '`membrane`: the output layer sums the logits over time; `spikes`: it fires by them' }),
  calibrationSamples: countOf.meta({ description: 'training samples the scales are measured on' }),
  encoder: encoderSchema.meta({ description: 'input of the converted networks, as `encoder`' }),
  tolerance: share.meta({ description: 'accuracy loss against the ANN at which T counts as enough' }),
});

export const doctorSchema = z.strictObject({
  samples: z.int().min(0).meta({
    description: 'test samples on which the converted network is compared with its ANN, layer by layer; 0 for none',
  }),
  timesteps: countOf.nullable().meta({ description: 'steps of that comparison; null for the most that are run' }),
  fixes: z.boolean().meta({ description: 'try what could be done about it, and rank it' }),
});
