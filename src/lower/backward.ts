// A network in reverse: each layer's backward runs once the gradients of all that read its output have arrived and been summed.

import type { Backward, PlanBuilder, Signal } from './builder.ts';
import { INPUT_LAYER } from './encoder.ts';

/** Something lowered: what it reads, what it gives, and how a gradient gets back. */
export interface LoweredStep {
  readonly inputs: readonly Signal[];
  readonly y: Signal;
  readonly backward: Backward;
}

/**
 * Appends the backward of `steps`, last first, for as far as gradients are wanted. `dOutput` is the gradient of the signal
 * `output`. Returns the gradient of the signal `input`, if anything asked for it.
 */
export function lowerBackward(
  builder: PlanBuilder,
  steps: readonly LoweredStep[],
  output: string,
  dOutput: string,
  input: Signal,
): string | undefined {
  const arrived = new Map<string, string>([[output, dOutput]]);
  for (const { inputs, y, backward } of steps.toReversed()) {
    const dy = arrived.get(y.id);
    if (dy === undefined) continue;
    backward(dy).forEach((dx, i) => {
      const { id } = inputs[i]!;
      if (dx !== undefined) arrived.set(id, sum(builder, id, arrived.get(id), dx));
    });
  }
  return arrived.get(input.id);
}

function sum(builder: PlanBuilder, of: string, a: string | undefined, b: string): string {
  if (a === undefined) return b;
  const y = builder.gradient(of, builder.rowsOf(a) === 'step' ? builder.rowsOf(b) : 'sample');
  // tensors are called `layer@what`, those of the input `@input`
  builder.backward.push({ kernel: 'accumulate', layer: of.split('@')[0] || INPUT_LAYER, a, b, y });
  return y;
}
