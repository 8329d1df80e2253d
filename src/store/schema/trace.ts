// Schema of the activity trace (simulate/trace.ts).

import { z } from 'zod';
import { amount, positive, whole } from './number.ts';

const encoder = z.strictObject({
  kind: z.literal('encoder'),
  layer: z.string(),
  encoder: z.enum(['constant', 'rate', 'latency', 'delta']),
  features: whole,
  nonzeroOut: z.array(amount),
});

const dense = z.strictObject({
  kind: z.literal('dense'),
  layer: z.string(),
  inputs: whole,
  outputs: whole,
  bias: z.boolean(),
  input: z.enum(['spikes', 'analog']),
  executions: whole,
  nonzeroIn: z.array(amount),
  nonzeroInPerSample: z.array(amount),
  zeroWeights: whole,
  inputValues: z.enum(['binary', 'ternary', 'real']).exactOptional(),
  nonzeroSynapses: z.array(amount).exactOptional(),
  meanAbsInput: amount.exactOptional(),
});

const relu = z.strictObject({
  kind: z.literal('relu'),
  layer: z.string(),
  features: whole,
  nonzeroOut: z.array(amount),
});

const neuron = z.strictObject({
  kind: z.literal('neuron'),
  layer: z.string(),
  neurons: whole,
  spikes: z.array(amount),
  spikesPerSample: z.array(amount),
  silentNeurons: whole,
  saturatedNeurons: whole,
  leaky: z.boolean(),
  currentBased: z.boolean(),
  inputScaled: z.boolean(),
  fires: z.boolean(),
  reset: z.enum(['subtract', 'value', 'none']),
  recurrent: z.enum(['none', 'one-to-one', 'all-to-all']),
  restTerm: z.boolean().exactOptional(),
  recurrentBias: z.boolean().exactOptional(),
  recurrentSpikesPerSample: z.array(amount).exactOptional(),
  membraneChanges: z.array(amount).exactOptional(),
});

export const activityTrace = z.strictObject({
  mode: z.enum(['ann', 'snn']),
  samples: whole,
  timesteps: positive,
  layers: z.array(z.discriminatedUnion('kind', [encoder, dense, relu, neuron])),
});
