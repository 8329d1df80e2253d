// The document `compare --json` prints: the numbers of a record without its traces, under stable names. Its JSON schema is
// published in docs/schema/compare.json.

import { z } from 'zod';
import type { NetworkRecord, RunRecord } from '../store/index.ts';
import { inferSecondsPerImage, spikesPerSynapse } from './columns.ts';
import { verdictOf } from './verdict.ts';

const amount = z.number().nonnegative();
const share = z.number().min(0).max(1);

const counts = z
  .strictObject({
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
    encoderOps: amount,
    inputReads: amount,
    weightReads: amount,
    biasReads: amount,
    stateReads: amount,
    stateWrites: amount,
    outputWrites: amount,
  })
  .meta({ description: 'Operations and memory words for one average image, over all its time steps.' });

const energyEstimate = z
  .strictObject({
    profile: z.string(),
    label: z.string(),
    type: z.enum(['arithmetic', 'with-memory', 'whole-device', 'simulated']),
    joules: amount
      .nullable()
      .meta({ description: 'Estimated joules for one image; null where the hardware cannot run the network.' }),
    notApplicable: z.string().nullable(),
  })
  .meta({ description: 'An estimate from counts and published constants; not a measurement.' });

const network = z.strictObject({
  name: z.string(),
  kind: z.enum(['ann', 'snn', 'converted']),
  timesteps: z.int().positive(),
  parameters: z.int().nonnegative(),
  accuracy: share.meta({ description: 'Share of test images read correctly.' }),
  accuracyLow: share.meta({ description: 'Lower end of the 95 % Wilson interval.' }),
  accuracyHigh: share.meta({ description: 'Upper end of the 95 % Wilson interval.' }),
  testSamples: z.int().positive(),
  undecided: z.int().nonnegative(),
  counts,
  spikesPerSynapse: amount.nullable().meta({ description: 'Spikes a synapse carries for one image; null for an ANN.' }),
  energy: z.array(energyEstimate),
  trainSeconds: amount
    .nullable()
    .meta({ description: 'Measured training time; null where it was not trained (converted).' }),
  inferSeconds: amount.meta({ description: 'Measured time of inference over all test images.' }),
  inferSecondsPerImage: amount,
  inferBytes: amount,
  trainBytes: amount.nullable(),
});

export const compareSchema = z
  .strictObject({
    format: z.literal('spikewatt-compare'),
    version: z.literal(1),
    run: z.string(),
    name: z.string(),
    createdAt: z.string(),
    data: z.strictObject({ name: z.string(), source: z.string(), testSamples: z.int(), officialTestSamples: z.int() }),
    zeroSkipping: z
      .boolean()
      .meta({ description: 'Are operations on zeros left out of macs and acs? The same for every network.' }),
    networks: z.array(network).min(1),
    verdict: z.strictObject({
      outcome: z.enum(['spiking-wins', 'ann-wins', 'depends', 'no-comparison']),
      headline: z.string(),
      points: z.array(z.strictObject({ topic: z.string(), text: z.string() })),
    }),
    warnings: z.array(z.string()),
  })
  .meta({ title: 'Spikewatt comparison', description: 'What `spikewatt compare --json` prints.' });

export type CompareDocument = z.infer<typeof compareSchema>;

/** The document of a record; a pure function of it. */
export function compareDocument(record: RunRecord): CompareDocument {
  const { data, networks } = record;
  const { outcome, headline, points } = verdictOf(record);
  return {
    format: 'spikewatt-compare',
    version: 1,
    run: record.id,
    name: record.name,
    createdAt: record.createdAt,
    data: {
      name: data.name,
      source: data.source,
      testSamples: data.testSamples,
      officialTestSamples: data.officialTestSamples,
    },
    zeroSkipping: networks.every(({ ledger }) => ledger.zeroSkipping),
    networks: networks.map(networkDocument),
    verdict: { outcome, headline, points: points.map(({ topic, text }) => ({ topic, text })) },
    warnings: [...record.warnings],
  };
}

function networkDocument(network: NetworkRecord): CompareDocument['networks'][number] {
  const { accuracy, ledger } = network;
  return {
    name: network.name,
    kind: network.kind,
    timesteps: network.timesteps,
    parameters: network.parameters,
    accuracy: accuracy.value,
    accuracyLow: accuracy.low,
    accuracyHigh: accuracy.high,
    testSamples: accuracy.samples,
    undecided: accuracy.undecided,
    counts: { ...ledger.total },
    spikesPerSynapse: spikesPerSynapse(network),
    energy: network.energy.map(({ profile, label, type, total, notApplicable = null }) => ({
      profile,
      label,
      type,
      joules: notApplicable === null ? total : null,
      notApplicable,
    })),
    trainSeconds: network.trainSeconds,
    inferSeconds: network.inferSeconds,
    inferSecondsPerImage: inferSecondsPerImage(network),
    inferBytes: network.inferBytes,
    trainBytes: network.trainBytes,
  };
}
