// Schema of a whole run record. Unknown keys are refused: a record is written by this program, so one that it does
// not know means that the file is damaged or of another version.

import { z } from 'zod';
import type { RunRecord } from '../record.ts';
import { environmentSchema } from './environment.ts';
import { measuredNetworks, measuredSchema } from './measured.ts';
import { networkRecord } from './network.ts';
import { amount, finite, positive, whole } from './number.ts';
import { networksNamed, robustnessSchema } from './robustness.ts';

export const RECORD_FORMAT = 'spikewatt-run';
/** The version that is written. */
export const RECORD_VERSION = 2 as const;
/** Versions that can be read: what 2 added to 1 may be absent. */
export const READABLE_VERSIONS: readonly unknown[] = [1, 2];

const data = z.strictObject({
  name: z.string(),
  source: z.string(),
  classes: z.array(z.string()),
  shape: z.array(positive),
  trainSamples: whole,
  validationSamples: whole,
  testSamples: whole,
  officialTestSamples: whole,
  meanInput: amount,
  normalize: z
    .strictObject({ by: z.string(), mean: z.array(finite), deviation: z.array(z.number().positive()) })
    .exactOptional(),
  skipped: z.array(z.strictObject({ path: z.string(), reason: z.string() })).exactOptional(),
});

/** The id becomes a folder's name: no slashes, and no leading dot. */
const runId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, ".", "_" and "-" only');

export const runRecord = z
  .strictObject({
    format: z.literal(RECORD_FORMAT),
    version: z.literal([1, RECORD_VERSION]).transform(() => RECORD_VERSION),
    id: runId,
    name: z.string(),
    createdAt: z.iso.datetime({ offset: true }),
    study: z.record(z.string(), z.json()),
    environment: environmentSchema,
    data,
    networks: z.array(networkRecord).min(1),
    robustness: robustnessSchema.exactOptional(),
    measured: measuredSchema.exactOptional(),
    warnings: z.array(z.string()),
    wallSeconds: amount,
  })
  .refine((run) => new Set(run.networks.map((network) => network.name)).size === run.networks.length, {
    path: ['networks'],
    message: 'names that are all different',
  })
  .superRefine(({ networks, robustness, measured }, context) => {
    const names = new Set(networks.map(({ name }) => name));
    const named = {
      robustness: robustness === undefined ? [] : networksNamed(robustness),
      measured: measured === undefined ? [] : measuredNetworks(measured),
    };
    const all = Object.entries(named).flatMap(([field, list]) =>
      list.map(([name, path]) => ({ name, path: [field, ...path] })),
    );
    const stray = all.find(({ name }) => !names.has(name));
    if (stray === undefined) return;
    const message = `a network of this run: ${[...names].join(', ')}`;
    context.addIssue({ code: 'custom', path: stray.path, message });
  });

/** Holds the schema to the contract: a field that one has and the other has not is a type error here. */
export const recordSchema: z.ZodType<RunRecord, z.input<typeof runRecord>> = runRecord;
