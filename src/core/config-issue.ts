// Turns the findings of a schema check into one ConfigError: the key's path, the value found, what is allowed.
// Takes zod's issue records by shape, so that this rank needs no dependency.

import { ConfigError } from './errors.ts';

/** The fields of a zod issue that are read here. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly [field: string]: unknown;
}

/** `['layers', 1, 'units']` as `layers[1].units`. */
export function keyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** The value at a path of outside data, or undefined where there is none. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

/** A value as it is shown in an error message: JSON, cut to 60 characters. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Issues inside a union are reported for the member that was most nearly met: the one whose issue lies deepest. */
function deepest(issue: SchemaIssue): SchemaIssue {
  const members = issue.errors;
  if (!Array.isArray(members) || members.length === 0) return issue;
  const inner = (members as readonly (readonly SchemaIssue[])[]).flat().map((member) => {
    const found = deepest(member);
    return { ...found, path: [...issue.path, ...found.path] };
  });
  inner.sort((first, second) => second.path.length - first.path.length);
  return inner.length > 0 && inner[0]!.path.length > issue.path.length ? inner[0]! : issue;
}

const list = (values: readonly unknown[]): string => values.map(showValue).join(', ');

function expectation(issue: SchemaIssue): string {
  const values = issue.values ?? issue.options;
  if (Array.isArray(values)) return `expected ${values.length > 1 ? 'one of ' : ''}${list(values)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected === 'int' ? 'an integer' : `a value of type ${String(issue.expected)}`}`;
    case 'too_small':
      return `expected ${issue.inclusive === true ? 'at least' : 'more than'} ${String(issue.minimum)}`;
    case 'too_big':
      return `expected ${issue.inclusive === true ? 'at most' : 'less than'} ${String(issue.maximum)}`;
    default:
      return issue.message;
  }
}

/**
 * The first of `issues` as a ConfigError. `where` names what was checked (a file, a network); `allowedKeys` may list the keys
 * allowed at a path, to be shown when an unknown one is met.
 */
export function configIssue(
  issues: readonly SchemaIssue[],
  data: unknown,
  where: string,
  allowedKeys?: (path: readonly PropertyKey[]) => readonly string[] | undefined,
): ConfigError {
  const issue = deepest(issues[0]!);
  const at = (path: readonly PropertyKey[]): string => (path.length === 0 ? where : `${where}: ${keyPath(path)}`);
  if (issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)) {
    const key = String(issue.keys[0]);
    const path = [...issue.path, key];
    const allowed = allowedKeys?.(issue.path);
    const hint = allowed === undefined ? 'remove it or correct its spelling' : `allowed here: ${allowed.join(', ')}`;
    return new ConfigError(at(path), `unknown key (value ${showValue(valueAt(data, path))}); ${hint}`);
  }
  return new ConfigError(at(issue.path), `got ${showValue(valueAt(data, issue.path))}, ${expectation(issue)}`);
}
