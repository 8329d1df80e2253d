// The same spiking network with thresholds among its weights, one for each neuron (on a map, for each channel, which all its
// neurons share as they share everything else): weights can be exchanged in a compiled program, constants of a spec cannot.

import {
  channelsOf,
  inferShapes,
  type LayerSpec,
  type NetworkSpec,
  type SlotSpec,
  type Weights,
} from '../../model/index.ts';
import type { Subject } from '../subject.ts';

/** A slot that fires, and its place. */
export interface FiringSlot {
  /** Key of its thresholds among the weights. */
  readonly key: string;
  readonly name: string;
  /** Index of the layer. */
  readonly place: number;
}

function thresholdsOf({ name, neuron }: SlotSpec, n: number, weights: Weights): Float32Array {
  const values = neuron.learn.threshold ? weights.get(`${name}/threshold`)! : [neuron.threshold!].flat();
  return Float32Array.from({ length: n }, (_, i) => values[values.length === 1 ? 0 : i]!);
}

function withList(layer: SlotSpec, n: number): SlotSpec {
  const { neuron } = layer;
  const threshold = typeof neuron.threshold === 'number' ? new Array(n).fill(neuron.threshold) : neuron.threshold;
  return { ...layer, neuron: { ...neuron, threshold, learn: { ...neuron.learn, threshold: true } } };
}

const fires = (layer: LayerSpec): layer is SlotSpec => layer.kind === 'slot' && layer.neuron.threshold !== null;

/** Of the slots that fire and that `choose` names. */
export function withOwnThresholds(
  subject: Subject,
  choose: (name: string) => boolean,
): { readonly subject: Subject; readonly slots: readonly FiringSlot[] } {
  const shapes = inferShapes(subject.spec);
  const weights = new Map(subject.weights);
  const slots: FiringSlot[] = [];
  const layers = subject.spec.layers.map((layer, place) => {
    if (!fires(layer) || !choose(layer.name)) return layer;
    const n = channelsOf(shapes[place]!.input);
    const key = `${layer.name}/threshold`;
    slots.push({ key, name: layer.name, place });
    weights.set(key, thresholdsOf(layer, n, subject.weights));
    return withList(layer, n);
  });
  const spec: NetworkSpec = { ...subject.spec, layers };
  return { subject: { ...subject, spec, weights }, slots };
}
