// The published JSON schemas, generated from the zod schemas that check the documents.

import { z } from 'zod';
import { attackDocumentSchema, measuredDocumentSchema, studySchema, summarySchema } from '../src/experiment/index.ts';
import { recordSchema } from '../src/store/index.ts';

/** File name to content. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const asJson = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'attack.json': text(asJson(attackDocumentSchema)),
    'compare.json': text(asJson(summarySchema)),
    'measure.json': text(asJson(measuredDocumentSchema)),
    'run-record.json': text(asJson(recordSchema)),
    'study.json': text(asStudyFile(asJson(studySchema))),
  };
}

type Json = { [key: string]: unknown };

/** A study file may leave out any key (a preset fills it in) but the one that says which kind of thing an object is. */
function asStudyFile(schema: Json): Json {
  const optional = partial(schema) as Json;
  const preset = { type: 'string', description: 'the preset this study starts from; default mnist-default' };
  return { ...optional, properties: { preset, ...(optional.properties as Json) } };
}

function partial(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(partial);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, held]) => key !== 'required' || (held as string[]).includes('kind'),
  );
  return Object.fromEntries(entries.map(([key, held]) => [key, key === 'required' ? ['kind'] : partial(held)]));
}
