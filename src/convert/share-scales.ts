// A sum of flat signals has nothing to bring a bare shortcut to its scale (on a map a 1x1 convolution does it). Slots that meet
// in such a sum without weights between therefore share one scale, the largest of theirs: exact, with fewer steps of resolution
// for the others.

import { type Draft, nodeOf, signalShapes } from './draft.ts';
import type { ChannelScales } from './options.ts';

/** `scales` in which slots that must have one scale have it. */
export function shareScales(draft: Draft, scales: ChannelScales): ChannelScales {
  const shapes = signalShapes(draft);
  const shared = new Map(scales);
  for (const { layer, reads } of draft.nodes) {
    if (layer.kind !== 'slot' || shapes.get(layer.name)!.length === 3) continue;
    const joined = slotsBehind(draft, reads[0]!);
    if (joined.length === 0) continue;
    const group = [...joined, layer.name];
    const known = group.map((slot) => shared.get(slot)).filter((scale) => typeof scale === 'number');
    if (known.length < group.length) continue;
    for (const slot of group) shared.set(slot, Math.max(...known));
  }
  return shared;
}

/** Slots whose spikes reach `name` through sums alone. */
function slotsBehind(draft: Draft, name: string): readonly string[] {
  const node = nodeOf(draft, name);
  if (node?.layer.kind !== 'join') return [];
  return node.reads.flatMap((read) => (nodeOf(draft, read)?.layer.kind === 'slot' ? [read] : slotsBehind(draft, read)));
}
