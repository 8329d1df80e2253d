// A neuron layer: all time steps in one operation, forward and in reverse.

import { UnsupportedError } from '../core/index.ts';
import type { NeuronOpDynamics } from '../engine/index.ts';
import type { NeuronSpec } from '../model/index.ts';
import { channelsIn, gradientOf, type LoweredLayer, type PlanBuilder, type Shape, type Signal } from './builder.ts';
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

/** Throws UnsupportedError if spikes arrive without a layer with weights in between, and for recurrence on a map. */
export function lowerNeuron(
  builder: PlanBuilder,
  name: string,
  neuron: NeuronSpec,
  x: Signal,
  use: NeuronUse,
): LoweredNeuron {
  if (x.values === 'spikes')
    throw new UnsupportedError(
      `slot "${name}": receives spikes directly, expected a current; put a dense layer or a convolution before it`,
    );
  const n = channelsIn(x);
  if (neuron.recurrent !== undefined && n !== x.features)
    throw new UnsupportedError(
      `slot "${name}": is recurrent on a map of ${x.features / n} pixels, expected a flat input; put a flatten before it, or use a neuron without recurrence`,
    );
  const held = neuron.recurrent !== undefined && builder.differentiates && x.rows === 'sample';
  const current: LoweredLayer = held ? hold(builder, name, x) : { y: x };
  const vectors = lowerNeuronParameters(builder, name, neuron, n);
  const tensors = declareTensors(builder, name, neuron, x, use);
  const op = {
    layer: name,
    dynamics: dynamicsOf(builder, name, neuron, vectors, n),
    current: current.y.id,
    ...tensors,
  };
  builder.forward.push({ kernel: 'neuron', ...op });
  observe(builder, name, neuron, x.features, tensors);
  const wanted = x.wanted || (builder.training && learns(neuron));
  const { spikes, membrane } = tensors;
  const shape = { ...x, rows: 'step', wanted } as const;
  const y: Signal =
    spikes === undefined
      ? { ...shape, id: membrane!, values: 'analog', events: false }
      : { ...shape, id: spikes, values: 'spikes', events: true };
  const backward = (dy: string): readonly (string | undefined)[] => {
    if (!wanted) return [undefined];
    if (neuron.recurrent !== undefined) refuseSharedGradient(builder, name, dy, y.id);
    const dCurrent = builder.gradient(op.current);
    const upstream = use.gradientOf === 'membrane' || spikes === undefined ? { dMembrane: dy } : { dSpikes: dy };
    const sums = sumsOf(builder, name, vectors, x);
    builder.backward.push({ kernel: 'neuron-backward', ...op, charge: op.charge!, ...upstream, dCurrent, ...sums });
    if (builder.training) recurrentGradients(builder, name, neuron, dCurrent, spikes);
    return current.backward === undefined ? [dCurrent] : current.backward(dCurrent);
  };
  return {
    y,
    backward,
    ...(spikes && { spikes }),
    ...(membrane && { membrane }),
  };
}

/** A recurrent layer's backward overwrites the gradient of its spikes; that of a sum belongs to the other summand as well. */
function refuseSharedGradient(builder: PlanBuilder, name: string, dy: string, y: string): void {
  if (builder.isGradientOf(dy, y)) return;
  throw new UnsupportedError(
    `slot "${name}": is recurrent, and a join adds its spikes as they are, which cannot be trained; put a dense layer between them`,
  );
}

/** Does backward need i, as it is not the current itself: filtered, or with recurrent input while the decay of i learns? */
const needsCurrent = (neuron: NeuronSpec): boolean =>
  neuron.synapse !== undefined || (neuron.recurrent !== undefined && neuron.learn.decay);

type Tensors = { spikes?: string; membrane?: string; charge?: string; synapse?: string };

/** What the layer writes: spikes if it fires, the membrane if somebody reads it, and what the backward needs. */
function declareTensors(builder: PlanBuilder, name: string, neuron: NeuronSpec, x: Shape, use: NeuronUse): Tensors {
  const fires = neuron.threshold !== null;
  const shape = { ...x, rows: 'step' } as const;
  const analog = (what: string): string => builder.tensor(`${name}@${what}`, shape);
  return {
    ...(fires && { spikes: builder.tensor(`${name}@spikes`, shape, 'spikes') }),
    ...((use.membrane || !fires) && { membrane: analog('membrane') }),
    ...(builder.differentiates && { charge: analog('charge') }),
    ...(builder.differentiates && needsCurrent(neuron) && { synapse: analog('synapse') }),
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

/** One tensor [sample, N], a map where the layer is one, for each learned vector's derivative, summed over samples into the vector's gradient. */
function sumsOf(
  builder: PlanBuilder,
  name: string,
  { learned }: NeuronVectors,
  x: Shape,
): Partial<Record<'dA' | 'dB' | 'dC' | 'dThreshold', string>> {
  const sums: Partial<Record<'dA' | 'dB' | 'dC' | 'dThreshold', string>> = {};
  for (const [role, dVector] of learned) {
    const dy = builder.keepForGradients(builder.tensor(`${name}@${role}`, { ...x, rows: 'sample' }));
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
  builder.keepForGradients(dy);
  if (spikes !== undefined) builder.keepForGradients(spikes);
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
