// The per-neuron vectors of a neuron layer: fixed ones as constants, learned ones derived from raw parameters.
// A learned vector of one number is spread over the layer, and its gradient summed back.

import { decayCoefficients, type NeuronSpec, rawDecay } from '../model/index.ts';
import { gradientOf, type PlanBuilder } from './builder.ts';

/** Which derivatives the backward must sum over time, and where they go: role of the tensor -> gradient of a vector [N]. */
export interface NeuronVectors {
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly threshold?: string;
  readonly alpha?: string;
  readonly learned: ReadonlyMap<'dA' | 'dB' | 'dC' | 'dThreshold', string>;
}

export function lowerNeuronParameters(
  builder: PlanBuilder,
  layer: string,
  neuron: NeuronSpec,
  n: number,
): NeuronVectors {
  const values = decayCoefficients(neuron, n);
  const learned = new Map<'dA' | 'dB' | 'dC' | 'dThreshold', string>();
  const decay = rawDecay(neuron).length > 0 ? learnedDecay(builder, layer, neuron, n, learned) : undefined;
  const threshold = values.threshold && lowerThreshold(builder, layer, neuron, values.threshold, learned);
  const fixed = (role: 'a' | 'b' | 'c'): string => builder.constant(layer, role, values[role]);
  return {
    ...(decay ?? { a: fixed('a'), b: fixed('b'), c: fixed('c') }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(values.alpha === undefined ? {} : { alpha: builder.constant(layer, 'alpha', values.alpha) }),
    learned,
  };
}

function learnedDecay(
  builder: PlanBuilder,
  layer: string,
  { decay, ...neuron }: NeuronSpec,
  n: number,
  learned: Map<'dA' | 'dB' | 'dC' | 'dThreshold', string>,
): { a: string; b: string; c: string } {
  const raw = builder.weight(layer, 'beta', 1, rawDecay({ decay, ...neuron }).length);
  const vectors = {
    a: builder.vector(layer, 'a', n),
    b: builder.vector(layer, 'b', n),
    c: builder.vector(layer, 'c', n),
  };
  const form =
    decay.form === 'tau'
      ? { form: decay.form, inputDecay: decay.inputDecay, rest: decay.rest }
      : { form: 'beta' as const, inputDecay: false, rest: 0 };
  builder.derive.push({ kernel: 'derive-decay', ...form, raw, ...vectors });
  if (!builder.training) return vectors;
  const inner = (role: 'a' | 'b' | 'c', sums: 'dA' | 'dB' | 'dC'): string => {
    const id = builder.innerGradient(vectors[role]);
    learned.set(sums, id);
    return id;
  };
  builder.deriveBackward.push({
    kernel: 'derive-decay-backward',
    ...form,
    raw,
    dRaw: gradientOf(raw),
    dA: inner('a', 'dA'),
    ...(form.inputDecay ? { dB: inner('b', 'dB') } : {}),
    ...(form.rest !== 0 ? { dC: inner('c', 'dC') } : {}),
  });
  return vectors;
}

function lowerThreshold(
  builder: PlanBuilder,
  layer: string,
  neuron: NeuronSpec,
  values: Float64Array,
  learned: Map<'dA' | 'dB' | 'dC' | 'dThreshold', string>,
): string {
  if (!neuron.learn.threshold) return builder.constant(layer, 'threshold', values);
  const shared = typeof neuron.threshold === 'number';
  const raw = builder.weight(layer, 'threshold', 1, shared ? 1 : values.length);
  if (!shared) {
    if (builder.training) learned.set('dThreshold', gradientOf(raw));
    return raw;
  }
  const vector = builder.vector(layer, 'threshold', values.length);
  builder.derive.push({ kernel: 'spread', raw, vector });
  if (builder.training) {
    const dVector = builder.innerGradient(vector);
    builder.deriveBackward.push({ kernel: 'spread-backward', dRaw: gradientOf(raw), dVector });
    learned.set('dThreshold', dVector);
  }
  return vector;
}
