// A schema whose form depends on the value: it is picked first, so that errors are about the form that was meant.

import { z } from 'zod';

type Picker = (value: unknown) => z.ZodType;

const pickers = new WeakMap<z.ZodType, Picker>();

/** A value checked by the schema that `pick` chooses for it. */
export function chosen<T>(pick: Picker, description = ''): z.ZodType<T> {
  const refined = z.custom<T>().superRefine((value, context) => {
    const checked = pick(value).safeParse(value);
    if (checked.success) return;
    for (const issue of checked.error.issues)
      context.issues.push({ ...issue, path: [...issue.path], input: undefined });
  });
  // `meta` makes a new schema, and it is the last one that is looked up.
  const schema = refined.meta({ description });
  pickers.set(schema, pick);
  return schema;
}

/** The schema that checks `value`: of a chosen one, the one it picks. */
export const pickedSchema = (schema: z.ZodType, value: unknown): z.ZodType => pickers.get(schema)?.(value) ?? schema;
