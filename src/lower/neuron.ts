// A neuron layer: all time steps in one operation, forward and in reverse.

import { UnsupportedError } from '../core/index.ts';
import type { NeuronOpDynamics } from '../engine/index.ts';
import type { NeuronSpec } from '../model/index.ts';
import { gradientOf, type LoweredLayer, type PlanBuilder, type Signal } from './builder.ts';
import { lowerNeuronParameters, type NeuronVectors } from './neuron-parameters.ts';

/** What the rest of the network wants of this layer. */
export interface NeuronUse {
  /** The loss, a decoder or an observer reads the membrane. */
  readonly membrane: boolean;
  /** The gradient that comes back is the membrane's, not the spikes'. */
  readonly gradientOf: 'spikes' | 'membrane';
}

export interface LoweredNeuron extends LoweredLayer {
  readonly spikes?: string;
  readonly membrane?: string;
}

/** Throws UnsupportedError if spikes arrive without a dense layer in between. */
export function lowerNeuron(
  builder: PlanBuilder,
  name: string,
  neuron: NeuronSpec,
  x: Signal,
  use: NeuronUse,
): LoweredNeuron {
  if (x.values === 'spikes')
    throw new UnsupportedError(
      `slot "${name}": receives spikes directly, expected a current; put a dense layer before it`,
    );
  const { observe } = builder.options;
  const current =
    neuron.recurrent !== undefined && builder.training && x.rows === 'sample' ? hold(builder, name, x) : { y: x };
  const n = x.features;
  const vectors = lowerNeuronParameters(builder, name, neuron, n);
  const dynamics = dynamicsOf(builder, name, neuron, vectors, n);
  const fires = neuron.threshold !== null;
  const spikes = fires ? builder.tensor(`${name}@spikes`, 'step', n, 'spikes') : undefined;
  const membrane = use.membrane || !fires ? builder.tensor(`${name}@membrane`, 'step', n) : undefined;
  const charge = builder.training ? builder.tensor(`${name}@charge`, 'step', n) : undefined;
  // backward needs i where it is not the current itself
  const filtered = neuron.synapse !== undefined || (neuron.recurrent !== undefined && neuron.learn.decay);
  const synapse = builder.training && filtered ? builder.tensor(`${name}@synapse`, 'step', n) : undefined;
  const outputs = { ...(spikes && { spikes }), ...(membrane && { membrane }), ...(synapse && { synapse }) };
  builder.forward.push({
    kernel: 'neuron',
    layer: name,
    dynamics,
    current: current.y.id,
    ...outputs,
    ...(charge && { charge }),
  });
  const y = { rows: 'step', features: n, wanted: builder.training && (x.wanted || learns(neuron)) } as const;
  const keepsSpikes = spikes && (observe?.spikes === 'all' || observe?.spikes?.includes(name));
  if (keepsSpikes) builder.keep(spikes);
  if (membrane && observed(observe?.membranes, name)) builder.keep(membrane);
  builder.probes.push({
    kind: 'neuron',
    layer: name,
    neurons: n,
    neuron,
    ...(spikes && builder.count(name, { id: spikes, rows: 'step' })),
    ...(keepsSpikes && { spikes }),
    ...(membrane && observed(observe?.membranes, name) && { membrane }),
  });
  const backward = (dy: string): string | undefined => {
    if (!y.wanted) return undefined;
    const dCurrent = builder.gradient(current.y.id);
    builder.backward.push({
      kernel: 'neuron-backward',
      layer: name,
      dynamics,
      current: current.y.id,
      ...outputs,
      charge: charge!,
      ...(use.gradientOf === 'membrane' || !fires ? { dMembrane: dy } : { dSpikes: dy }),
      dCurrent,
      ...sumsOf(builder, name, vectors, n),
    });
    recurrentGradients(builder, name, neuron, dCurrent, spikes);
    return current.backward === undefined ? dCurrent : current.backward(dCurrent);
  };
  return {
    y:
      spikes === undefined
        ? { ...y, id: membrane!, values: 'analog', events: false }
        : { ...y, id: spikes, values: 'spikes', events: true },
    backward,
    ...(spikes && { spikes }),
    ...(membrane && { membrane }),
  };
}

export const observed = (names: readonly string[] | 'all' | 'output' | undefined, name: string): boolean =>
  names === 'all' || (Array.isArray(names) && names.includes(name));

const learns = ({ learn, recurrent }: NeuronSpec): boolean => learn.decay || learn.threshold || recurrent !== undefined;

function dynamicsOf(
  builder: PlanBuilder,
  name: string,
  neuron: NeuronSpec,
  { learned: _, ...vectors }: NeuronVectors,
  n: number,
): NeuronOpDynamics {
  const { reset, surrogate, recurrent } = neuron;
  const allToAll = recurrent?.topology === 'all-to-all';
  return {
    ...vectors,
    tie: neuron.tie,
    reset: reset.kind,
    resetValue: reset.value,
    moment: reset.moment,
    dropsInput: reset.dropsInput,
    detachReset: reset.gradient === 'detached',
    surrogate: surrogate.kind,
    slope: surrogate.slope,
    initialMembrane: neuron.initialMembrane,
    ...(recurrent && {
      recurrent: {
        ...(allToAll
          ? { weight: builder.weight(name, 'recurrent', n, n) }
          : { scale: builder.weight(name, 'recurrentScale', 1, n) }),
        ...(recurrent.bias ? { bias: builder.weight(name, 'recurrentBias', 1, n) } : {}),
      },
    }),
  };
}

/** One tensor [sample, N] for each learned vector's derivative, summed over samples into the vector's gradient. */
function sumsOf(
  builder: PlanBuilder,
  name: string,
  { learned }: NeuronVectors,
  n: number,
): Partial<Record<'dA' | 'dB' | 'dC' | 'dThreshold', string>> {
  const sums: Partial<Record<'dA' | 'dB' | 'dC' | 'dThreshold', string>> = {};
  for (const [role, dVector] of learned) {
    const dy = builder.keep(builder.tensor(`${name}@${role}`, 'sample', n));
    sums[role] = dy;
    builder.gradients.push({ kernel: 'sum-gradient', layer: name, dy, dVector });
  }
  return sums;
}

function recurrentGradients(
  builder: PlanBuilder,
  layer: string,
  { recurrent }: NeuronSpec,
  dy: string,
  spikes: string | undefined,
): void {
  if (recurrent === undefined) return;
  builder.keep(dy);
  if (spikes !== undefined) builder.keep(spikes);
  const gradient = (role: string): string => gradientOf(`${layer}/${role}`);
  if (spikes !== undefined && recurrent.topology === 'all-to-all')
    builder.gradients.push({
      kernel: 'dense-gradient',
      layer,
      x: spikes,
      dy,
      dWeight: gradient('recurrent'),
      shift: 1,
    });
  if (spikes !== undefined && recurrent.topology === 'one-to-one')
    builder.gradients.push({ kernel: 'scale-gradient', layer, spikes, dy, dScale: gradient('recurrentScale') });
  if (recurrent.bias) builder.gradients.push({ kernel: 'sum-gradient', layer, dy, dVector: gradient('recurrentBias') });
}

/**
 * A constant drive, repeated at every step: recurrent weights learn from the gradient of each step, which a drive of one row a
 * sample does not have. A neuron that takes over its input (a = 0, b = 1) is exactly that, and its backward the sum over time.
 */
function hold(builder: PlanBuilder, name: string, x: Signal): LoweredLayer {
  const vector = (role: string, value: number): string =>
    builder.constant(name, `hold.${role}`, new Float64Array(x.features).fill(value));
  const dynamics: NeuronOpDynamics = {
    a: vector('a', 0),
    b: vector('b', 1),
    c: vector('c', 0),
    tie: '>=',
    reset: 'none',
    resetValue: 0,
    moment: 'same-step',
    dropsInput: false,
    detachReset: true,
    surrogate: 'straight-through',
    slope: 1,
    initialMembrane: 0,
  };
  const y = builder.tensor(`${name}@held`, 'step', x.features);
  const charge = builder.tensor(`${name}@held.charge`, 'step', x.features);
  const op = { layer: name, dynamics, current: x.id, membrane: y, charge };
  builder.forward.push({ kernel: 'neuron', ...op });
  return {
    y: { ...x, id: y, rows: 'step' },
    backward: (dy) => {
      if (!x.wanted) return undefined;
      const dCurrent = builder.gradient(x.id);
      builder.backward.push({ kernel: 'neuron-backward', ...op, dMembrane: dy, dCurrent });
      return dCurrent;
    },
  };
}
