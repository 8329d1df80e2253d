// Which signals of a network will be spikes once it is converted.

import { type Draft, nodeOf } from './draft.ts';

/**
 * Does `name` carry spikes in the spiking network: an activation other than the identity, or what passes its spikes on? Average
 * pools, sums and layers with weights give analog values.
 */
export function isSpiking(draft: Draft, name: string): boolean {
  const node = nodeOf(draft, name);
  if (node === undefined) return false;
  const { layer, reads } = node;
  if (layer.kind === 'slot') return layer.ann !== 'identity';
  if (layer.kind === 'pool') return layer.mode !== 'average' && isSpiking(draft, reads[0]!);
  return layer.kind === 'flatten' || layer.kind === 'dropout' ? isSpiking(draft, reads[0]!) : false;
}
