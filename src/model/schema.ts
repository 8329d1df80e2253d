// The JSON schema of a network, strict: unknown keys are refused. Ranges are checked by `validateNetwork`, once for all ways in.

import { z } from 'zod';
import type { ActivationSpec, DecaySpec, LayerSpec, NetworkSpec, NeuronSpec, Pair } from './spec.ts';

const perNeuron = z.union([z.number(), z.array(z.number())], {
  error: 'expected a number, or a list with one number for each neuron',
});

const decay = z.discriminatedUnion('form', [
  z.strictObject({ form: z.literal('none') }),
  z.strictObject({ form: z.literal('beta'), beta: perNeuron }),
  z.strictObject({ form: z.literal('tau'), tau: perNeuron, inputDecay: z.boolean(), rest: z.number() }),
  z.strictObject({ form: z.literal('linear'), a: perNeuron, b: perNeuron, c: perNeuron }),
]) satisfies z.ZodType<DecaySpec>;

const neuron = z.strictObject({
  kind: z.enum(['if', 'lif', 'plif', 'synaptic', 'recurrent-lif', 'integrator']),
  threshold: z.union([z.number(), z.array(z.number()), z.null()], {
    error: 'expected a number, a list with one number for each neuron, or null for an integrator',
  }),
  tie: z.enum(['>=', '>']),
  decay,
  synapse: z.strictObject({ alpha: perNeuron }).exactOptional(),
  recurrent: z.strictObject({ topology: z.enum(['one-to-one', 'all-to-all']), bias: z.boolean() }).exactOptional(),
  reset: z.strictObject({
    kind: z.enum(['subtract', 'value', 'none']),
    value: z.number(),
    moment: z.enum(['same-step', 'next-step', 'both-steps']),
    dropsInput: z.boolean(),
    gradient: z.enum(['through', 'detached']),
  }),
  surrogate: z.strictObject({
    kind: z.enum(['atan', 'sigmoid', 'fast-sigmoid', 'triangular', 'straight-through']),
    slope: z.number(),
  }),
  learn: z.strictObject({ decay: z.boolean(), threshold: z.boolean() }),
  initialMembrane: z.number(),
}) satisfies z.ZodType<NeuronSpec>;

const init = z.strictObject({
  kind: z.enum(['pytorch', 'kaiming-uniform', 'kaiming-normal', 'xavier-uniform', 'xavier-normal']),
});

const isPair = (value: unknown): value is Pair =>
  Array.isArray(value) && value.length === 2 && value.every((length) => typeof length === 'number');

const pair = z
  .custom<Pair>(isPair, 'expected two numbers, [height, width]')
  .meta({ type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 });

const activation = z.union(
  [
    z.enum(['relu', 'identity', 'relu6']),
    z.strictObject({ kind: z.literal('leaky-relu'), slope: z.number() }),
    z.strictObject({ kind: z.literal('quantized'), levels: z.number(), ceiling: z.number() }),
  ],
  {
    error:
      'expected "relu", "identity", "relu6", {"kind": "leaky-relu", "slope"} or {"kind": "quantized", "levels", "ceiling"}',
  },
) satisfies z.ZodType<ActivationSpec>;

const name = z.string();
const from = z.string().exactOptional();

const layer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flatten'), name, from }),
  z.strictObject({ kind: z.literal('dense'), name, units: z.number(), bias: z.boolean(), init, from }),
  z.strictObject({
    kind: z.literal('conv'),
    name,
    filters: z.number(),
    kernel: pair,
    stride: pair,
    padding: pair,
    dilation: pair,
    groups: z.number(),
    bias: z.boolean(),
    init,
    from,
  }),
  z.strictObject({
    kind: z.literal('pool'),
    name,
    mode: z.enum(['max', 'average', 'winner']),
    size: pair.exactOptional(),
    stride: pair.exactOptional(),
    padding: pair.exactOptional(),
    from,
  }),
  z.strictObject({
    kind: z.literal('batch-norm'),
    name,
    epsilon: z.number(),
    momentum: z.number(),
    threshold: z.number(),
    from,
  }),
  z.strictObject({ kind: z.literal('dropout'), name, rate: z.number(), from }),
  z.strictObject({ kind: z.literal('slot'), name, ann: activation, neuron, from }),
  z.strictObject({ kind: z.literal('softmax'), name, from }),
  z.strictObject({ kind: z.literal('join'), name, mode: z.enum(['add', 'and', 'iand']), from: z.tuple([name, name]) }),
]) satisfies z.ZodType<LayerSpec>;

/** The keys of each kind of layer. */
export const LAYER_KEYS: ReadonlyMap<unknown, readonly string[]> = new Map(
  layer.options.map(({ shape }) => [shape.kind.value, Object.keys(shape)]),
);

/** A network file. */
export const networkSchema = z.strictObject({
  format: z.literal('spikewatt-network'),
  version: z.literal(1),
  name: z.string(),
  input: z.array(z.number()),
  layers: z.array(layer),
}) satisfies z.ZodType<NetworkSpec>;

/** A neuron by itself, as a study file may spell it out. */
export const neuronSchema = neuron;
