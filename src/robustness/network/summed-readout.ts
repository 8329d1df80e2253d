// A membrane that sums a network's output over time grows with every step, and a softmax of it is soon so sure that float32 holds no
// gradient. An attack differentiates such a network with its output divided by the time steps: the membrane read at the end is then the
// mean output. The prediction is the same. An MNIST network converted to 50 steps, attacked by 7 steps of PGD at epsilon 0.1, is right
// on 6.5 % of 200 images that way, on 21.5 % under cross-entropy of the largest membranes as they are.

import { type NetworkSpec, type NeuronSpec, sourcesOf, type Weights } from '../../model/index.ts';

const sums = ({ threshold, decay, recurrent, synapse }: NeuronSpec): boolean =>
  threshold === null &&
  (decay.form === 'none' || (decay.form === 'beta' && decay.beta === 1)) &&
  recurrent === undefined &&
  synapse === undefined;

/** The layer whose weights scale what is summed; undefined where nothing is summed, or where the layer before has none. */
export function summedReadout(spec: NetworkSpec): string | undefined {
  const sources = sourcesOf(spec);
  const before = (at: number): number => spec.layers.findIndex(({ name }) => name === sources[at]![0]);
  let at = spec.layers.length - 1;
  let integrators = 0;
  for (; at >= 0; at = before(at)) {
    const layer = spec.layers[at]!;
    if (layer.kind === 'dense' || layer.kind === 'conv') return layer.name;
    if (layer.kind === 'slot') {
      if (!sums(layer.neuron) || integrators > 0) return undefined;
      integrators++;
    } else if (
      layer.kind !== 'flatten' &&
      layer.kind !== 'softmax' &&
      !(layer.kind === 'pool' && layer.mode === 'average')
    )
      return undefined;
  }
  return undefined;
}

/** The weights with that layer's divided by `steps`. */
export function dividedBy(steps: number, layer: string, weights: Weights): Weights {
  const divided = new Map(weights);
  for (const key of [`${layer}/weight`, `${layer}/bias`]) {
    const values = weights.get(key);
    if (values !== undefined)
      divided.set(
        key,
        values.map((value) => value / steps),
      );
  }
  return divided;
}
