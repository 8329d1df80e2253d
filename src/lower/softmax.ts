// Probabilities of the classes. Losses and spiking decoders read what stands before them, so only an ANN that infers computes them.

import type { SoftmaxSpec } from '../model/index.ts';
import type { PlanBuilder, Signal } from './builder.ts';

/** The probabilities [sample, features], kept for the host; undefined where nobody needs them. */
export function lowerSoftmax(builder: PlanBuilder, { name }: SoftmaxSpec, x: Signal): string | undefined {
  if (builder.differentiates || builder.options.mode === 'snn') return undefined;
  const y = builder.keep(builder.tensor(`${name}@y`, x));
  builder.forward.push({ kernel: 'softmax', layer: name, x: x.id, y });
  builder.probes.push({ kind: 'softmax', layer: name, features: x.features });
  return y;
}
