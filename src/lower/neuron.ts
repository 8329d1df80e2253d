// A neuron layer: all time steps in one operation, forward and in reverse.

import { UnsupportedError } from '../core/index.ts';
import type { NeuronOpDynamics } from '../engine/index.ts';
import type { NeuronSpec } from '../model/index.ts';
import { gradientOf, type LoweredLayer, type PlanBuilder, type Signal } from './builder.ts';
import { hold } from './hold.ts';
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
  const held = neuron.recurrent !== undefined && builder.training && x.rows === 'sample';
  const current: LoweredLayer = held ? hold(builder, name, x) : { y: x };
  const n = x.features;
  const vectors = lowerNeuronParameters(builder, name, neuron, n);
  const tensors = declareTensors(builder, name, neuron, n, use);
  const op = {
    layer: name,
    dynamics: dynamicsOf(builder, name, neuron, vectors, n),
    current: current.y.id,
    ...tensors,
  };
  builder.forward.push({ kernel: 'neuron', ...op });
  observe(builder, name, neuron, n, tensors);
  const wanted = builder.training && (x.wanted || learns(neuron));
  const { spikes, membrane } = tensors;
  const backward = (dy: string): string | undefined => {
    if (!wanted) return undefined;
    const dCurrent = builder.gradient(op.current);
    const upstream = use.gradientOf === 'membrane' || spikes === undefined ? { dMembrane: dy } : { dSpikes: dy };
    const sums = sumsOf(builder, name, vectors, n);
    builder.backward.push({ kernel: 'neuron-backward', ...op, charge: op.charge!, ...upstream, dCurrent, ...sums });
    recurrentGradients(builder, name, neuron, dCurrent, spikes);
    return current.backward === undefined ? dCurrent : current.backward(dCurrent);
  };
  const y = { rows: 'step', features: n, wanted } as const;
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

/** Does backward need i, as it is not the current itself: filtered, or with recurrent input while the decay of i learns? */
const needsCurrent = (neuron: NeuronSpec): boolean =>
  neuron.synapse !== undefined || (neuron.recurrent !== undefined && neuron.learn.decay);

type Tensors = { spikes?: string; membrane?: string; charge?: string; synapse?: string };

/** What the layer writes: spikes if it fires, the membrane if somebody reads it, and in training what the backward needs. */
function declareTensors(builder: PlanBuilder, name: string, neuron: NeuronSpec, n: number, use: NeuronUse): Tensors {
  const fires = neuron.threshold !== null;
  const analog = (what: string): string => builder.tensor(`${name}@${what}`, 'step', n);
  return {
    ...(fires && { spikes: builder.tensor(`${name}@spikes`, 'step', n, 'spikes') }),
    ...((use.membrane || !fires) && { membrane: analog('membrane') }),
    ...(builder.training && { charge: analog('charge') }),
    ...(builder.training && needsCurrent(neuron) && { synapse: analog('synapse') }),
  };
}

/** Counts, keeps and reports what the observers asked of this layer. */
function observe(
  builder: PlanBuilder,
  name: string,
  neuron: NeuronSpec,
  n: number,
  { spikes, membrane }: Tensors,
): void {
  const asked = builder.options.observe;
  const keepsSpikes = spikes !== undefined && observed(asked?.spikes, name);
  const keepsMembrane = membrane !== undefined && observed(asked?.membranes, name);
  if (keepsSpikes) builder.keep(spikes);
  if (keepsMembrane) builder.keep(membrane);
  builder.probes.push({
    kind: 'neuron',
    layer: name,
    neurons: n,
    neuron,
    ...(spikes && builder.count(name, { id: spikes, rows: 'step' })),
    ...(keepsSpikes && { spikes }),
    ...(keepsMembrane && { membrane }),
  });
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
