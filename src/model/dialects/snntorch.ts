// Neurons with exactly the dynamics of snnTorch 0.9.4 (`snntorch/_neurons`), as executed, which is not always as documented:
// fires at strictly more than the threshold, decides the reset from the last step's membrane and applies it in the next step,
// keeps no gradient through that reset. `zero` differs by cell: Leaky keeps that step's input, the others lose it.

import { ConfigError } from '../../core/index.ts';
import { assembleNeuron } from '../neurons/assemble.ts';
import type { DecaySpec, NeuronSpec, PerNeuron, ResetSpec, SurrogateSpec } from '../spec.ts';

export interface SnntorchOptions {
  readonly threshold?: PerNeuron;
  readonly resetMechanism?: 'subtract' | 'zero' | 'none';
  /** false: the reset also happens at once, with gradient. */
  readonly resetDelay?: boolean;
  readonly learnBeta?: boolean;
  readonly learnThreshold?: boolean;
  /** Default atan(alpha 2). */
  readonly surrogate?: SurrogateSpec;
}

/** snnTorch clamps beta and alpha to [0, 1] whenever it uses them. */
const clamp = (value: PerNeuron): PerNeuron => {
  const bound = (x: number): number => Math.min(1, Math.max(0, x));
  return typeof value === 'number' ? bound(value) : value.map(bound);
};

function resetOf(options: SnntorchOptions, dropsInput: boolean): ResetSpec {
  const mechanism = options.resetMechanism ?? 'subtract';
  const delayed = options.resetDelay ?? true;
  return {
    kind: mechanism === 'zero' ? 'value' : mechanism,
    value: 0,
    moment: delayed ? 'next-step' : 'both-steps',
    dropsInput: dropsInput && mechanism === 'zero',
    gradient: delayed ? 'detached' : 'through',
  };
}

function cell(
  kind: NeuronSpec['kind'],
  decay: DecaySpec,
  options: SnntorchOptions,
  dropsInput: boolean,
  more: Partial<Pick<NeuronSpec, 'synapse' | 'recurrent'>> = {},
): NeuronSpec {
  const common = {
    tie: '>' as const,
    threshold: options.threshold ?? 1,
    reset: resetOf(options, dropsInput),
    surrogate: options.surrogate ?? { kind: 'atan' as const, slope: 2 },
    learn: { decay: options.learnBeta ?? false, threshold: options.learnThreshold ?? false },
  };
  return assembleNeuron(kind, decay, common, more);
}

/** `snntorch.Leaky`: u = clamp(beta) m + x - r threshold. Throws ConfigError. */
function leaky(options: SnntorchOptions & { readonly beta: PerNeuron }): NeuronSpec {
  return cell(options.learnBeta ? 'plif' : 'lif', { form: 'beta', beta: clamp(options.beta) }, options, false);
}

/** `snntorch.Synaptic`: i = clamp(alpha) i + x, u = clamp(beta) m + i; a zero reset clears the membrane only. Throws ConfigError. */
function synaptic(options: SnntorchOptions & { readonly alpha: PerNeuron; readonly beta: PerNeuron }): NeuronSpec {
  const decay: DecaySpec = { form: 'beta', beta: clamp(options.beta) };
  return cell('synaptic', decay, options, true, { synapse: { alpha: clamp(options.alpha) } });
}

/**
 * `snntorch.RLeaky`: as Leaky with last step's spikes fed back, through a Linear (`allToAll`, the default) or one weight V a
 * neuron. A zero reset clears the whole new membrane. Throws ConfigError.
 */
function rleaky(options: SnntorchOptions & { readonly beta: PerNeuron; readonly allToAll?: boolean }): NeuronSpec {
  const allToAll = options.allToAll ?? true;
  const recurrent = { topology: allToAll ? 'all-to-all' : 'one-to-one', bias: allToAll } as const;
  return cell('recurrent-lif', { form: 'beta', beta: clamp(options.beta) }, options, true, { recurrent });
}

export interface LapicqueOptions extends Omit<SnntorchOptions, 'resetDelay' | 'learnBeta'> {
  readonly beta?: number;
  /** Resistance; default 1 unless beta and C determine it. */
  readonly R?: number;
  /** Capacitance. */
  readonly C?: number;
  readonly timeStep?: number;
}

/** R and C as snnTorch derives what is missing from beta = exp(-dt / (R C)). */
function circuitOf({ beta, R, C, timeStep = 1 }: LapicqueOptions): { R: number; C: number; timeStep: number } {
  for (const [key, value] of Object.entries({ R, C, timeStep })) {
    if (value !== undefined && !(value > 0))
      throw new ConfigError(`lapicque.${key}`, `got ${value}, expected a positive number`);
  }
  if (R !== undefined && C !== undefined) return { R, C, timeStep };
  if (beta === undefined) throw new ConfigError('lapicque', 'got neither beta nor both R and C; give beta, or R and C');
  if (!(beta > 0 && beta < 1))
    throw new ConfigError('lapicque.beta', `got ${beta}, expected more than 0 and less than 1`);
  const tau = timeStep / Math.log(1 / beta);
  if (C !== undefined) return { R: tau / C, C, timeStep };
  return { R: R ?? 1, C: tau / (R ?? 1), timeStep };
}

/** `snntorch.Lapicque`, an RC circuit by Euler steps: u = (1 - dt/(R C)) m + (dt/C) x. Throws ConfigError. */
function lapicque(options: LapicqueOptions): NeuronSpec {
  const { R, C, timeStep } = circuitOf(options);
  return cell('lif', { form: 'linear', a: 1 - timeStep / (R * C), b: timeStep / C, c: 0 }, options, true);
}

export const snntorch = { leaky, synaptic, rleaky, lapicque } as const;
