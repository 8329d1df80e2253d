// How images become input through time, as a study writes it.

import { z } from 'zod';

const positive = z.number().gt(0);

export const encoderSchema = z.discriminatedUnion('kind', [
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
