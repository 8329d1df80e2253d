// The spiking neuron of SNN Toolbox's built-in simulator (INIsim): integrate and fire at or above the threshold, reset at once.
// The toolbox converts trained networks and never trains a spiking one, so it has no surrogate; straight-through stands in.

import { assembleNeuron } from '../neurons/assemble.ts';
import type { NeuronSpec } from '../spec.ts';

export interface SnntoolboxOptions {
  /** Default 1. */
  readonly threshold?: number;
  /** `Reset by subtraction` (its default) or `Reset to zero`. */
  readonly reset?: 'subtract' | 'zero';
}

/** INIsim's cell without leak and refractory period, its defaults. Throws ConfigError. */
function inisim(options: SnntoolboxOptions = {}): NeuronSpec {
  const kind = options.reset === 'zero' ? 'value' : 'subtract';
  return assembleNeuron(
    'if',
    { form: 'none' },
    {
      tie: '>=',
      threshold: options.threshold ?? 1,
      reset: { kind, value: 0, moment: 'same-step', dropsInput: false, gradient: 'detached' },
      surrogate: { kind: 'straight-through', slope: 1 },
    },
  );
}

export const snntoolbox = { inisim } as const;
