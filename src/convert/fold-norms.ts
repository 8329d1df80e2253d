// A trained network as it would be deployed: batch norms with their running statistics folded into the layers before them.

import { checkWeights, type NetworkSpec, type Weights } from '../model/index.ts';
import { draftOf, networkOf } from './draft.ts';
import { foldIntoWeights } from './passes/fold-batch-norm.ts';

/**
 * The same network in inference, to float32 rounding, with fewer operations; ANN or SNN. A norm that no convolution or dense layer
 * stands directly before stays. Throws ShapeError for weights of another network.
 */
export function foldNorms(
  spec: NetworkSpec,
  weights: Weights,
  mode: 'ann' | 'snn',
): { readonly spec: NetworkSpec; readonly weights: Weights } {
  if (!spec.layers.some(({ kind }) => kind === 'batch-norm')) return { spec, weights };
  checkWeights(spec, weights, mode);
  const draft = foldIntoWeights(draftOf(spec, weights));
  return { spec: networkOf(draft, spec.name), weights: draft.weights };
}
