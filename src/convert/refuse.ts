// Layers that no pass can turn into spikes.

import type { Draft, DraftNode } from './draft.ts';
import { isOutput } from './draft.ts';
import { ConversionRefusal } from './refusal.ts';

/** Leaves the draft as it is. Throws ConversionRefusal for the first layer that has no spiking equivalent. */
export function refuseUnconvertible(draft: Draft): Draft {
  const [first] = refusals(draft);
  if (first !== undefined) throw first;
  return draft;
}

/** All layers that have no spiking equivalent. */
export function refusals(draft: Draft): readonly ConversionRefusal[] {
  return draft.nodes.flatMap((node) => refusalOf(draft, node) ?? []);
}

function refusalOf(draft: Draft, { layer }: DraftNode): ConversionRefusal | undefined {
  const refuse = (problem: string, remedy: string): ConversionRefusal =>
    new ConversionRefusal(`${layer.kind} "${layer.name}"`, layer.name, problem, remedy);
  if (layer.kind === 'slot' && layer.ann === 'identity' && !isOutput(draft, layer.name))
    return refuse(
      'is the identity within the network, whose negative values spikes cannot carry',
      'make it a ReLU or remove it',
    );
  if (layer.kind === 'join' && layer.mode !== 'add')
    return refuse(
      `joins by ${layer.mode}, a product as an ANN, which is not what the rates of joined spikes give`,
      'join by add and train again, or train it as a spiking network',
    );
  if (layer.kind === 'softmax')
    return refuse('stands within the network, and spiking neurons do not normalise', 'use it as the last layer only');
  for (const [key, values] of draft.weights)
    if (key.startsWith(`${layer.name}/`) && !allFinite(values))
      return refuse(`"${key}" holds NaN or infinite values`, 'train again, at a lower learning rate');
  return undefined;
}

/** A loop, as networks of 100 million weights pass here. */
function allFinite(values: Float32Array): boolean {
  for (let k = 0; k < values.length; k++) if (!Number.isFinite(values[k])) return false;
  return true;
}
