// Which layers of the trace each one reads. Layers that compute nothing when a network is run (flatten, dropout, an identity slot of an
// ANN) are not in the trace: who reads them reads what they read.

import type { Probe } from '../lower/index.ts';
import { inferShapes, type NetworkSpec } from '../model/index.ts';

/** For each probe the names it reads; undefined where it is just the probe before. */
export function readsOf(spec: NetworkSpec, probes: readonly Probe[]): (readonly string[] | undefined)[] {
  const shapes = inferShapes(spec);
  const traced = new Set(probes.map(({ layer }) => layer));
  const sources = new Map<string, readonly string[]>();
  for (const { layer, from } of shapes) {
    const resolved = from.flatMap((name) => (traced.has(name) ? [name] : (sources.get(name) ?? [])));
    sources.set(layer, resolved);
  }
  return probes.map(({ layer }, index) => {
    const reads = sources.get(layer);
    const before = probes[index - 1]?.layer;
    return reads === undefined || (reads.length === 1 && reads[0] === before) ? undefined : reads;
  });
}
