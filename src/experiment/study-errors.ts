// What is wrong with a study, in words: the key, the value, what is allowed, and the file and line it was written at.

import { z } from 'zod';
import { ConfigError, keyPath, showValue, valueAt } from '../core/index.ts';
import { pickedSchema } from './chosen.ts';
import { didYouMean } from './did-you-mean.ts';
import { type KeyPath, originOf, type StudyLayer } from './study-merge.ts';

interface Problem {
  readonly path: KeyPath;
  readonly text: string;
}

/** All problems as one error, a line each. The error's key is the first one's. */
export function studyError(
  schema: z.ZodType,
  error: z.ZodError,
  settings: unknown,
  layers: readonly StudyLayer[],
): ConfigError {
  const problems = error.issues.flatMap((issue) => problemsOf(schema, issue, settings));
  const lines = problems.map(({ path, text }) => {
    const origin = originOf(layers, path);
    return { key: keyPath(path), text: `${text}${origin === undefined ? '' : ` (${origin})`}` };
  });
  const [first, ...others] = lines;
  const more = others.map((line) => `\n${line.key}: ${line.text}`).join('');
  return new ConfigError(first?.key ?? 'study', `${first?.text ?? 'not a valid study'}${more}`);
}

function problemsOf(schema: z.ZodType, issue: z.core.$ZodIssue, settings: unknown): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAllowedAt(schema, path, settings);
    return issue.keys.map((key) => ({ path: [...path, key], text: unknownKey(key, allowed) }));
  }
  const value = valueAt(settings, path);
  const wanted = expected(issue);
  if (value === undefined) return [{ path, text: `missing; expected ${wanted}` }];
  return [{ path, text: `got ${showValue(value)}, expected ${wanted}${suggestion(issue, value)}` }];
}

/** `unknown key; did you mean "epochs"? allowed: ...` */
export function unknownKey(key: string, allowed: readonly string[]): string {
  const list = allowed.length === 0 ? 'no keys are allowed here' : `allowed: ${allowed.join(', ')}`;
  const hint = didYouMean(key, allowed);
  return `unknown key${hint === '' ? ';' : hint} ${list}`;
}

const words = (values: readonly unknown[]): string => values.map((value) => String(value)).join(', ');

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${words(issue.values)}`;
    case 'invalid_union':
      return unionOptions(issue);
    case 'too_small':
      return bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum);
    default:
      return issue.message;
  }
}

const unionOptions = (issue: z.core.$ZodIssue): string => {
  const options = (issue as { options?: readonly unknown[] }).options;
  return options ? `one of ${words(options)}` : 'one of the allowed forms';
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
};

const bound = (origin: string, relation: string, limit: number | bigint): string => {
  if (origin === 'array') return `a list of ${relation} ${limit} item${Number(limit) === 1 ? '' : 's'}`;
  if (origin === 'string') return `text of ${relation} ${limit} character${Number(limit) === 1 ? '' : 's'}`;
  return `a number of ${relation} ${limit}`;
};

function suggestion(issue: z.core.$ZodIssue, value: unknown): string {
  if (typeof value !== 'string') return '';
  if (issue.code === 'invalid_value') return didYouMean(value, issue.values.map(String));
  const options = (issue as { options?: readonly unknown[] }).options;
  return options ? didYouMean(value, options.map(String)) : '';
}

/** The keys that the schema allows in the mapping at `path`; of a union, those of the member the value's `kind` picks. */
function keysAllowedAt(schema: z.ZodType, path: KeyPath, settings: unknown): string[] {
  let current: unknown = schema;
  let value = settings;
  for (const part of path) {
    const inner = unwrap(current, value);
    if (inner instanceof z.ZodObject) current = inner.shape[String(part)];
    else if (inner instanceof z.ZodArray) current = inner.element;
    else return [];
    value = valueAt(value, [part]);
  }
  const inner = unwrap(current, value);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

const WRAPPERS = [z.ZodNullable, z.ZodOptional, z.ZodExactOptional, z.ZodDefault, z.ZodPrefault] as const;

function unwrap(wrapped: unknown, value: unknown): unknown {
  const schema = wrapped instanceof z.ZodType ? pickedSchema(wrapped, value) : wrapped;
  if (schema instanceof z.ZodPipe) return unwrap(schema.out, value);
  if (WRAPPERS.some((wrapper) => schema instanceof wrapper)) return unwrap((schema as z.ZodNullable).unwrap(), value);
  if (!(schema instanceof z.ZodUnion)) return schema;
  return schema.options.find((option) => {
    if (!(option instanceof z.ZodObject)) return false;
    return ['kind', 'form', 'dialect'].some((key) => {
      const literal: unknown = option.shape[key];
      return literal instanceof z.ZodLiteral && literal.values.has(valueAt(value, [key]) as string);
    });
  });
}
