// The published JSON schemas, generated from the zod schemas that check the documents.

import { z } from 'zod';
import { summarySchema } from '../src/experiment/index.ts';
import { recordSchema } from '../src/store/index.ts';

/** File name to content. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const text = (schema: z.ZodType): string => `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
  return { 'compare.json': text(summarySchema), 'run-record.json': text(recordSchema) };
}
