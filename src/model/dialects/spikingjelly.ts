// Neurons with exactly the dynamics of SpikingJelly (`spikingjelly.activation_based.neuron`): fires at or above the threshold,
// resets in the same step, and by default lets the gradient flow through the reset. The membrane starts at v_reset.

import { assembleNeuron } from '../neurons/assemble.ts';
import type { DecaySpec, NeuronSpec, PerNeuron, SurrogateSpec } from '../spec.ts';

export interface SpikingjellyOptions {
  readonly vThreshold?: PerNeuron;
  /** A number: hard reset to it. null: soft reset, the threshold is subtracted. Default 0. */
  readonly vReset?: number | null;
  readonly detachReset?: boolean;
  /** Default Sigmoid(alpha 4). */
  readonly surrogate?: SurrogateSpec;
}

function node(kind: NeuronSpec['kind'], decay: DecaySpec, options: SpikingjellyOptions): NeuronSpec {
  const vReset = options.vReset === undefined ? 0 : options.vReset;
  return assembleNeuron(kind, decay, {
    tie: '>=',
    threshold: options.vThreshold ?? 1,
    reset: {
      kind: vReset === null ? 'subtract' : 'value',
      value: vReset ?? 0,
      moment: 'same-step',
      dropsInput: false,
      gradient: options.detachReset ? 'detached' : 'through',
    },
    surrogate: options.surrogate ?? { kind: 'sigmoid', slope: 4 },
    learn: { decay: kind === 'plif' },
    initialMembrane: vReset ?? 0,
  });
}

const rest = (options: SpikingjellyOptions): number => options.vReset ?? 0;

/** `IFNode`: h = v + x. Throws ConfigError. */
function ifNode(options: SpikingjellyOptions = {}): NeuronSpec {
  return node('if', { form: 'none' }, options);
}

export interface LifNodeOptions extends SpikingjellyOptions {
  /** Time constant in steps, > 1. Default 2. */
  readonly tau?: number;
  /** Is the input divided by tau too? Default true. */
  readonly decayInput?: boolean;
}

/** `LIFNode`: h = v + (x - (v - v_reset)) / tau, or h = v - (v - v_reset) / tau + x without `decayInput`. Throws ConfigError. */
function lifNode(options: LifNodeOptions = {}): NeuronSpec {
  const decay: DecaySpec = {
    form: 'tau',
    tau: options.tau ?? 2,
    inputDecay: options.decayInput ?? true,
    rest: rest(options),
  };
  return node('lif', decay, options);
}

export interface ParametricLifNodeOptions extends SpikingjellyOptions {
  /** Default 2. */
  readonly initTau?: number;
  readonly decayInput?: boolean;
}

/** `ParametricLIFNode`: as LIFNode with 1/tau = sigmoid(w), w learned from -ln(initTau - 1). Throws ConfigError. */
function parametricLifNode(options: ParametricLifNodeOptions = {}): NeuronSpec {
  const decay: DecaySpec = {
    form: 'tau',
    tau: options.initTau ?? 2,
    inputDecay: options.decayInput ?? true,
    rest: rest(options),
  };
  return node('plif', decay, options);
}

export const spikingjelly = { ifNode, lifNode, parametricLifNode } as const;
