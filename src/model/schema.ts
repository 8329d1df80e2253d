// The JSON schema of a network, strict: unknown keys are refused. Ranges are checked by `validateNetwork`, once for all ways in.

import { z } from 'zod';
import type { DecaySpec, LayerSpec, NetworkSpec, NeuronSpec } from './spec.ts';

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

const layer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flatten'), name: z.string() }),
  z.strictObject({ kind: z.literal('dense'), name: z.string(), units: z.number(), bias: z.boolean(), init }),
  z.strictObject({ kind: z.literal('dropout'), name: z.string(), rate: z.number() }),
  z.strictObject({ kind: z.literal('slot'), name: z.string(), ann: z.enum(['relu', 'identity']), neuron }),
]) satisfies z.ZodType<LayerSpec>;

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
