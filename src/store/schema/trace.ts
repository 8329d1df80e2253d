// Schema of the activity trace (simulate/trace.ts).

import { z } from 'zod';
import { amount, positive, whole } from './number.ts';

const placed = { layer: z.string(), reads: z.array(z.string()).exactOptional() };

const encoder = z.strictObject({
  ...placed,
  kind: z.literal('encoder'),
  encoder: z.enum(['constant', 'rate', 'latency', 'delta']),
  features: whole,
  nonzeroOut: z.array(amount),
});

/** What dense and convolutional layers have in common. */
const synapses = {
  ...placed,
  bias: z.boolean(),
  input: z.enum(['spikes', 'analog']),
  executions: whole,
  nonzeroIn: z.array(amount),
  nonzeroInPerSample: z.array(amount),
  zeroWeights: whole,
  inputValues: z.enum(['binary', 'ternary', 'real']).exactOptional(),
  nonzeroSynapses: z.array(amount).exactOptional(),
  ternaryCallSynapses: z.array(amount).exactOptional(),
  meanAbsInput: amount.exactOptional(),
};

const dense = z.strictObject({ ...synapses, kind: z.literal('dense'), inputs: whole, outputs: whole });

const pair = z.tuple([whole, whole]).readonly();
const window = z.strictObject({
  input: pair,
  output: pair,
  kernel: pair,
  stride: pair,
  padding: pair,
  dilation: pair,
});

const conv = z.strictObject({
  ...synapses,
  kind: z.literal('conv'),
  window,
  inputChannels: positive,
  filters: positive,
  groups: positive,
  reachedPixels: z.array(amount),
  reachedPixelsPerSample: z.array(amount),
});

const pool = z.strictObject({
  ...placed,
  kind: z.literal('pool'),
  mode: z.enum(['max', 'average', 'winner']),
  window,
  channels: positive,
  input: z.enum(['spikes', 'analog']),
  executions: whole,
  nonzeroIn: z.array(amount),
  nonzeroInPerSample: z.array(amount).exactOptional(),
  reachedPixels: z.array(amount).exactOptional(),
});

const norm = z.strictObject({ ...placed, kind: z.literal('batch-norm'), features: whole, executions: whole });

const activation = z.strictObject({
  ...placed,
  kind: z.literal('activation'),
  form: z.enum(['relu6', 'leaky-relu', 'quantized']),
  features: whole,
  nonzeroOut: z.array(amount),
});

const softmax = z.strictObject({ ...placed, kind: z.literal('softmax'), features: whole });

const join = z.strictObject({
  ...placed,
  kind: z.literal('join'),
  mode: z.enum(['add', 'and', 'iand']),
  features: whole,
  input: z.enum(['spikes', 'analog']),
  executions: whole,
});

const relu = z.strictObject({
  ...placed,
  kind: z.literal('relu'),
  features: whole,
  nonzeroOut: z.array(amount),
});

const neuron = z.strictObject({
  ...placed,
  kind: z.literal('neuron'),
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
  layers: z.array(
    z.discriminatedUnion('kind', [encoder, dense, conv, pool, norm, relu, activation, softmax, join, neuron]),
  ),
});
