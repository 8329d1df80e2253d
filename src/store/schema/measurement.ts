// Schemas of what was counted and estimated (measure/counts.ts, measure/energy-types.ts) and of priced baselines.

import { z } from 'zod';
import { amount, energy, positive, share, whole } from './number.ts';

export const opCounts = z.strictObject({
  macs: amount,
  acs: amount,
  denseMacs: amount,
  denseAcs: amount,
  biasAcs: amount,
  neuronUpdates: amount,
  leakMacs: amount,
  stateAcs: amount,
  compares: amount,
  resets: amount,
  reluOps: amount,
  // Records from before maps have none of these.
  activationOps: amount.default(0),
  activationMuls: amount.default(0),
  softmaxOps: amount.default(0),
  poolAcs: amount.default(0),
  poolMuls: amount.default(0),
  poolCompares: amount.default(0),
  normMacs: amount.default(0),
  joinOps: amount.default(0),
  encoderOps: amount,
  inputReads: amount,
  weightReads: amount,
  biasReads: amount,
  stateReads: amount,
  stateWrites: amount,
  outputWrites: amount,
});

export const ledger = z.strictObject({
  samples: whole,
  timesteps: positive,
  zeroSkipping: z.boolean(),
  total: opCounts,
  layers: z.array(z.strictObject({ layer: z.string(), kind: z.string(), counts: opCounts })),
  synopsByStep: z.array(amount),
  synopsPerSample: z.array(amount),
});

export const energyEstimate = z.strictObject({
  profile: z.string().min(1),
  label: z.string(),
  type: z.enum(['arithmetic', 'with-memory', 'whole-device', 'simulated']),
  total: energy,
  terms: z.array(z.strictObject({ term: z.string(), energy })),
  unpriced: z.array(z.string()),
  source: z.string(),
  caveat: z.string(),
  notApplicable: z.string().exactOptional(),
});

export const viewCounts = z.strictObject({
  view: z.enum(['neurobench', 'syops', 'snntoolbox', 'keras-spiking', 'spikingjelly']),
  quantities: z.array(z.strictObject({ name: z.string(), value: amount, unit: z.string() })),
  differs: z.string(),
});

export const baseline = z.strictObject({
  kind: z.enum(['int8-ann', 'quantised-twin']),
  label: z.string(),
  weightBits: positive,
  activationBits: positive,
  energy: z.array(energyEstimate),
  accuracy: share.nullable(),
  note: z.string(),
});
