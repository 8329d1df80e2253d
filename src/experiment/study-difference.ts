// In which keys two studies differ.

import { isSettings } from './study-merge.ts';

/** Dotted keys whose values differ, `ignored` ones left out; the order of keys does not matter. */
export function differingKeys(a: unknown, b: unknown, ignored: readonly string[] = [], path = ''): readonly string[] {
  if (!isSettings(a) || !isSettings(b)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !ignored.includes(at(key)));
  return keys.flatMap((key) => differingKeys(a[key], b[key], ignored, at(key)));
}
