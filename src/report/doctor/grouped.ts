// Findings that say the same of several layers, as one: a deep network has the same join or pool many times.

import type { Finding } from '../../convert/index.ts';

export interface GroupedFinding extends Omit<Finding, 'layer'> {
  /** Empty for the network as a whole. */
  readonly layers: readonly string[];
}

/** In the order of first mention. */
export function groupFindings(findings: readonly Finding[]): readonly GroupedFinding[] {
  const groups = new Map<string, GroupedFinding>();
  for (const { layer, ...rest } of findings) {
    const key = JSON.stringify([rest.severity, rest.problem, rest.remedy]);
    const layers = groups.get(key)?.layers ?? [];
    groups.set(key, { ...rest, layers: layer === '' ? layers : [...layers, layer] });
  }
  return [...groups.values()];
}

/** Names shown of a group. */
const SHOWN = 3;

/** `conv2`, `add1, add2, add3 and 6 more`, or `The network`. */
export function layersWords(layers: readonly string[]): string {
  if (layers.length === 0) return 'The network';
  if (layers.length <= SHOWN + 1) return layers.join(', ');
  return `${layers.slice(0, SHOWN).join(', ')} and ${layers.length - SHOWN} more`;
}
