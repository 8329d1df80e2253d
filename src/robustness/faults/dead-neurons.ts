// Hidden neurons that never fire: of each hidden slot the same share, drawn one by one; on a map whole channels. What is dead at a
// lower level is dead at a higher one. Whatever feeds a slot (weights, a norm, a join, a pool), its dead neurons are silent:
// a spiking one by a threshold out of reach, an ANN's by a batch norm in front of its slot that turns its input into 0.

import {
  type BatchNormSpec,
  channelsOf,
  inferShapes,
  type LayerSpec,
  type NetworkSpec,
  sourcesOf,
  type Weights,
} from '../../model/index.ts';
import type { Subject } from '../subject.ts';
import { DRAWS, faultWords } from './draws.ts';
import type { Fault, FaultDraw, NotApplicable } from './fault-kind.ts';
import { withOwnThresholds } from './own-thresholds.ts';

/** A threshold no membrane reaches; finite, so that 0 times it is 0. */
const NEVER_REACHED = 1e30;

/** With variance 1 - EPSILON, exact in float32, a norm divides by exactly 1: where its scale is 1 it changes no bit. */
const EPSILON = 2 ** -10;

/** The layer whose output is the network's, flattens and a softmax aside. */
function outputLayer(spec: NetworkSpec): string {
  const sources = sourcesOf(spec);
  let i = spec.layers.length - 1;
  while (spec.layers[i]?.kind === 'flatten' || spec.layers[i]?.kind === 'softmax') {
    const source = sources[i]![0];
    i = spec.layers.findIndex(({ name }) => name === source);
  }
  return spec.layers[i]?.name ?? '';
}

/** Which of `n` neurons are dead: the `level n` (rounded) with the lowest words. */
function deadOf(n: number, level: number, place: number, draw: FaultDraw): readonly number[] {
  const words = faultWords(DRAWS.deadNeurons, n, place, draw);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => words[a]! - words[b]! || a - b);
  return order.slice(0, Math.round(level * n));
}

interface Killable {
  /** Weights, one a neuron or channel, ... */
  readonly key: string;
  readonly place: number;
}

/** ... of which the dead get `value`. */
function openDead(subject: Subject, slots: readonly Killable[], value: number): Fault | NotApplicable {
  if (slots.length === 0) return { notApplicable: 'it has no hidden neurons' };
  const at = (level: number, draw: FaultDraw): Weights => {
    const weights = new Map(subject.weights);
    for (const { key, place } of slots) {
      const values = weights.get(key)!.slice();
      for (const neuron of deadOf(values.length, level, place, draw)) values[neuron] = value;
      weights.set(key, values);
    }
    return weights;
  };
  return { subject, at };
}

/** `name` with as many dots behind it as make it new. */
function freshName(name: string, { layers }: NetworkSpec): string {
  return layers.some((layer) => layer.name === name) ? freshName(`${name}.`, { layers } as NetworkSpec) : name;
}

/** The same ANN with a norm that changes nothing before each hidden slot. */
function withNorms(subject: Subject, output: string): { readonly subject: Subject; readonly slots: Killable[] } {
  const { spec } = subject;
  const [shapes, sources] = [inferShapes(spec), sourcesOf(spec)];
  const weights = new Map(subject.weights);
  const slots: Killable[] = [];
  const layers = spec.layers.flatMap((layer, place): readonly LayerSpec[] => {
    if (layer.kind !== 'slot' || layer.name === output) return [layer];
    const name = freshName(`${layer.name}.alive`, spec);
    const n = channelsOf(shapes[place]!.input);
    const from = sources[place]![0]!;
    const norm: BatchNormSpec = { kind: 'batch-norm', name, epsilon: EPSILON, momentum: 0.1, threshold: 1, from };
    weights.set(`${name}/scale`, new Float32Array(n).fill(1));
    weights.set(`${name}/shift`, new Float32Array(n));
    weights.set(`${name}/mean`, new Float32Array(n));
    weights.set(`${name}/variance`, new Float32Array(n).fill(1 - EPSILON));
    slots.push({ key: `${name}/scale`, place });
    return [norm, { ...layer, from: name }];
  });
  return { subject: { ...subject, spec: { ...spec, layers }, weights }, slots };
}

/** The slot that is the network's output is not hidden. A spiking network's slots that never fire are no neurons here. */
export function deadNeurons(given: Subject): Fault | NotApplicable {
  const output = outputLayer(given.spec);
  if (given.mode === 'ann') {
    const { subject, slots } = withNorms(given, output);
    return openDead(subject, slots, 0);
  }
  const { subject, slots } = withOwnThresholds(given, (name) => name !== output);
  return openDead(subject, slots, NEVER_REACHED);
}
