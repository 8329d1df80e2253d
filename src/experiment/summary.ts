// The document that `compare --json` prints: the record's results without its traces. Its schema is published
// (schema/compare.schema.json).

import { z } from 'zod';
import { COLUMNS } from '../measure/index.ts';
import type { NetworkRecord, RunRecord } from '../store/index.ts';
import { robustnessSummarySchema, summariseRobustness } from './summary-robustness.ts';

const amount = z.number().min(0);
const share = z.number().min(0).max(1);

const countsSchema = z
  .strictObject(
    Object.fromEntries(COLUMNS.map((column) => [column, amount])) as Record<(typeof COLUMNS)[number], typeof amount>,
  )
  .meta({ description: 'operations of one average image, over all its time steps' });

const energySchema = z
  .strictObject({
    profile: z.string(),
    label: z.string(),
    type: z.enum(['arithmetic', 'with-memory', 'whole-device', 'simulated']),
    joules: amount
      .nullable()
      .meta({ description: 'estimated energy of one inference; null where `notApplicable` says why' }),
    notApplicable: z.string().nullable(),
    unpriced: z.array(z.string()).meta({ description: 'counted operations that this profile puts no price on' }),
    caveat: z.string(),
  })
  .meta({ description: 'an estimate from counts and published constants, not a measurement' });

const networkSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['ann', 'snn', 'converted']),
  timesteps: z.int().min(1),
  parameters: amount,
  accuracy: share,
  accuracyInterval: z.tuple([share, share]).meta({ description: '95 % Wilson interval' }),
  correct: amount,
  samples: amount,
  undecided: amount.meta({ description: 'samples whose output stayed silent; they count as wrong' }),
  accuracyByStep: z.array(share).meta({ description: 'accuracy had the run been stopped after each step' }),
  spikesPerNeuronStep: amount
    .nullable()
    .meta({ description: 'mean firing rate of the neuron layers; null for an ANN' }),
  counts: countsSchema,
  energy: z.array(energySchema),
  trainSeconds: amount.nullable().meta({ description: 'measured; null where nothing was trained' }),
  inferSeconds: amount.meta({ description: 'measured, for all `samples`' }),
  inferBytes: amount,
  trainBytes: amount.nullable(),
  hardening: z
    .strictObject({ kind: z.enum(['adversarial', 'noise']), label: z.string(), seconds: amount })
    .nullable()
    .meta({ description: 'adversarial or noise training, and the part of `trainSeconds` it took; null without' }),
  bestEpoch: z.int().nullable(),
  smallestTimesteps: z
    .int()
    .nullable()
    .meta({ description: 'of a conversion: the smallest T within its tolerance of the ANN' }),
});

/** Schema of the document. */
export const summarySchema = z.strictObject({
  format: z.literal('spikewatt-compare'),
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  data: z.strictObject({
    name: z.string(),
    source: z.string(),
    trainSamples: amount,
    validationSamples: amount,
    testSamples: amount,
    officialTestSamples: amount,
  }),
  environment: z.strictObject({
    spikewatt: z.string(),
    node: z.string(),
    cpu: z.string(),
    backend: z.string(),
    threads: amount,
    simdBits: amount,
  }),
  zeroSkipping: z.boolean(),
  networks: z.array(networkSchema),
  robustness: robustnessSummarySchema
    .nullable()
    .meta({ description: 'accuracy under noise, faults and attacks; null where it was not asked' }),
  warnings: z.array(z.string()),
  wallSeconds: amount,
});

export type RunDocument = z.infer<typeof summarySchema>;

/** A record's results. */
export function summariseRecord(record: RunRecord): RunDocument {
  const { data, environment } = record;
  return {
    format: 'spikewatt-compare',
    version: 1,
    id: record.id,
    name: record.name,
    createdAt: record.createdAt,
    data: {
      name: data.name,
      source: data.source,
      trainSamples: data.trainSamples,
      validationSamples: data.validationSamples,
      testSamples: data.testSamples,
      officialTestSamples: data.officialTestSamples,
    },
    environment: {
      spikewatt: environment.spikewatt,
      node: environment.node,
      cpu: environment.cpu,
      backend: environment.backend,
      threads: environment.threads,
      simdBits: environment.simdBits,
    },
    zeroSkipping: record.networks.every(({ ledger }) => ledger.zeroSkipping),
    networks: record.networks.map(summariseNetwork),
    robustness: record.robustness === undefined ? null : summariseRobustness(record.robustness),
    warnings: [...record.warnings],
    wallSeconds: record.wallSeconds,
  };
}

/** One network's results. */
export function summariseNetwork(network: NetworkRecord): RunDocument['networks'][number] {
  const { accuracy } = network;
  return {
    name: network.name,
    kind: network.kind,
    timesteps: network.timesteps,
    parameters: network.parameters,
    accuracy: accuracy.value,
    accuracyInterval: [accuracy.low, accuracy.high],
    correct: accuracy.correct,
    samples: accuracy.samples,
    undecided: accuracy.undecided,
    accuracyByStep: [...network.accuracyByStep],
    spikesPerNeuronStep: meanRate(network),
    counts: { ...network.ledger.total },
    energy: network.energy.map((estimate) => ({
      profile: estimate.profile,
      label: estimate.label,
      type: estimate.type,
      joules: estimate.notApplicable === undefined ? estimate.total : null,
      notApplicable: estimate.notApplicable ?? null,
      unpriced: [...estimate.unpriced],
      caveat: estimate.caveat,
    })),
    trainSeconds: network.trainSeconds,
    inferSeconds: network.inferSeconds,
    inferBytes: network.inferBytes,
    trainBytes: network.trainBytes,
    hardening: network.training?.hardening ?? null,
    bestEpoch: network.training?.bestEpoch ?? null,
    smallestTimesteps: network.conversion?.smallestTimesteps ?? null,
  };
}

/** Spikes a neuron and step over all spiking layers; null where there are none. */
function meanRate({ trace }: NetworkRecord): number | null {
  const layers = trace.layers.filter((layer) => layer.kind === 'neuron').filter(({ fires }) => fires);
  const updates = layers.reduce((sum, { neurons }) => sum + neurons * trace.timesteps * trace.samples, 0);
  const spikes = layers.reduce((sum, layer) => sum + layer.spikes.reduce((total, count) => total + count, 0), 0);
  return updates === 0 ? null : spikes / updates;
}
