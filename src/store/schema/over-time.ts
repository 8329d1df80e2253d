// Schemas of what a run says of its time: curves over steps, early stopping, membranes, latency.

import { z } from 'zod';
import { amount, energy, finite, positive, share, whole } from './number.ts';

export const overTime = z.strictObject({
  synops: z.array(amount),
  undecided: z.array(share),
  energy: z.array(z.strictObject({ profile: z.string(), label: z.string(), joules: z.array(amount) })),
});

export const earlyStop = z.strictObject({
  rule: z.enum(['margin', 'probability']),
  profile: z.string(),
  points: z.array(
    z.strictObject({
      threshold: amount,
      accuracy: share,
      meanSteps: amount,
      synops: amount,
      energy: energy.nullable(),
      stepsSaved: finite,
      synopsSaved: finite,
      energySaved: finite.nullable(),
    }),
  ),
});

export const watched = z.strictObject({
  sample: whole,
  layer: z.string(),
  neuron: whole,
  position: z.tuple([whole, whole, whole]).readonly().exactOptional(),
  membrane: z.array(finite),
  spikes: z.array(whole),
});

export const stream = z.strictObject({
  samples: positive,
  latency: z.strictObject({ median: amount, p95: amount, mean: amount, longest: amount }),
  eventsPerSample: amount,
  eventsPerSecond: amount,
  synopsPerSecond: amount,
});
