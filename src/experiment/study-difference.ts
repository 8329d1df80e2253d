// In which keys two studies differ.

import { isSettings } from './study-merge.ts';

/** Dotted keys whose values differ, `ignored` top-level ones left out; the order of keys does not matter. */
export function differingKeys(a: unknown, b: unknown, ignored: readonly string[] = [], path = ''): readonly string[] {
  if (!isSettings(a) || !isSettings(b)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !ignored.includes(key));
  return keys.flatMap((key) => differingKeys(a[key], b[key], [], path === '' ? key : `${path}.${key}`));
}
