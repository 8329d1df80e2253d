// What is read of each run beside accuracy: early stopping, membranes, latency.

import { z } from 'zod';

const count = z.int().min(0);

export const earlyStopSchema = z.strictObject({
  rule: z
    .enum(['margin', 'probability'])
    .meta({ description: 'how sure the output is: largest score minus the second largest, or largest softmax' }),
  thresholds: z.array(z.number().min(0)).meta({
    description: 'stop a sample once it is as sure as this; a point of the curve each; none: no early stopping',
  }),
  profile: z.string().meta({ description: 'energy profile that says what is saved' }),
});

const neuron = z.union([count, z.tuple([count, count, count])]);

export const watchSchema = z.strictObject({
  samples: count.meta({ description: 'test samples whose membranes are kept step by step; 0 for none' }),
  neurons: z.array(z.strictObject({ layer: z.string().min(1), neurons: z.array(neuron) })).meta({
    description:
      'which, as `[{layer: lif1, neurons: [0, [3, 4, 1]]}]`: an index, or row, column and channel of a map; none: the output layer',
  }),
});

export const streamSchema = z.strictObject({
  samples: count.meta({
    description: 'test samples run one at a time, event by event, on one thread, to measure latency; 0 for none',
  }),
});
