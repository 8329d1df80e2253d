// What `measure --json` prints: the result without its single trials, which are in measured.json.

import { z } from 'zod';
import { contestSchema, environmentSchema } from '../store/index.ts';
import { summariseContest } from '../timing/index.ts';
import type { MeasuredNetworks } from './measure-job.ts';

export const measuredDocumentSchema = z.strictObject({
  format: z.literal('spikewatt-measured'),
  version: z.literal(1),
  measuredAt: z.iso.datetime({ offset: true }),
  environment: environmentSchema,
  governor: z.string().nullable().meta({ description: 'how clocks are chosen; null where the system does not say' }),
  data: z.string(),
  onnx: z.string().meta({ description: "ONNX Runtime's version, or why the ANN was not timed in it" }),
  contests: z.array(contestSchema).min(1).meta({ description: 'one a batch size; everything in them was measured' }),
  run: z.string().nullable().meta({ description: 'id of the run whose record now holds the result; null for none' }),
  files: z.array(z.string()).meta({ description: 'what was written' }),
});

export type MeasuredDocument = z.infer<typeof measuredDocumentSchema>;

export function measuredDocument(
  { contests, ...others }: MeasuredNetworks,
  { run, files }: { readonly run: string | null; readonly files: readonly string[] },
): MeasuredDocument {
  return { ...others, contests: contests.map(summariseContest), run, files: [...files] };
}
