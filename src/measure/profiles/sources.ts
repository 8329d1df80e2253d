// Where a profile's constants come from, in one line.

import { constant } from './constants.ts';

export function sourcesOf(ids: readonly string[]): string {
  const sources = ids.map((id) => {
    const { source, reference } = constant(id);
    return reference === '' ? source : `${source} (${reference})`;
  });
  return [...new Set(sources)].join('; ');
}
