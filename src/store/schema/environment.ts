// Schema of the machine and program that made a result.

import { z } from 'zod';
import type { EnvironmentRecord } from '../record.ts';
import { amount, positive, whole } from './number.ts';

const environment = z.strictObject({
  spikewatt: z.string(),
  node: z.string(),
  v8: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: whole,
  memoryBytes: amount,
  backend: z.string(),
  threads: positive,
  simdBits: whole,
  meters: z.array(z.string()),
  metersUnavailable: z.string(),
});

export const environmentSchema: z.ZodType<EnvironmentRecord, z.input<typeof environment>> = environment;
