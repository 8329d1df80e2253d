// Layers that change nothing once a network is trained: dropout acts in training only, and softmax keeps the order of its
// inputs, so the class is the same without it.

import { type Draft, dropLayer, isOutput, replaceLayer, withStep } from '../draft.ts';

export function dropInert(draft: Draft): Draft {
  let result = draft;
  for (const { layer } of draft.nodes) {
    if (layer.kind === 'dropout')
      result = withStep(dropLayer(result, layer.name), 'drop', layer.name, 'dropout acts in training only');
    if (layer.kind === 'softmax')
      result = withStep(
        dropLayer(result, layer.name),
        'drop',
        layer.name,
        'the largest input is the largest probability',
      );
  }
  return linearOutput(result);
}

/** A last leaky ReLU keeps the order of the classes as it is, so the output is read as the identity. */
function linearOutput(draft: Draft): Draft {
  const last = draft.nodes.at(-1)?.layer;
  if (last?.kind !== 'slot' || typeof last.ann !== 'object' || last.ann.kind !== 'leaky-relu') return draft;
  if (!isOutput(draft, last.name)) return draft;
  const linear = replaceLayer(draft, last.name, { ...last, ann: 'identity' });
  return withStep(linear, 'drop', last.name, 'a leaky ReLU at the output keeps the order of the classes');
}
