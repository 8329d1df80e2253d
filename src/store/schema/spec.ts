// Schema of the network description inside a record: its frame here, its content by the model's own parser.

import { z } from 'zod';
import type { NetworkSpec } from '../../model/index.ts';
import { positive } from './number.ts';

const frame = z.looseObject({
  format: z.literal('spikewatt-network'),
  version: z.literal(1),
  name: z.string(),
  input: z.array(positive),
  layers: z.array(z.looseObject({ kind: z.string(), name: z.string() })),
});

export const networkSpec = frame.transform((value): NetworkSpec => value as unknown as NetworkSpec);
