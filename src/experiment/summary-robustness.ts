// Robustness as `--json` prints it: the result without its example images, a list a network over all levels.

import { z } from 'zod';
import type { Interval, RobustnessResult, SweepPoint } from '../robustness/index.ts';

const amount = z.number().min(0);
const share = z.number().min(0).max(1);
const interval = z.tuple([share, share]);
const difference = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

const noiseSchema = z.strictObject({
  kind: z.string(),
  of: z.enum(['input', 'network']).meta({ description: 'is the image disturbed, or the network?' }),
  unit: z.string(),
  draws: z.int().min(1),
  levels: z.array(amount),
  networks: z.array(
    z.strictObject({
      network: z.string(),
      notApplicable: z.string().nullable(),
      accuracy: z.array(share).meta({ description: 'at each level; empty where not applicable' }),
      accuracyInterval: z.array(interval).meta({ description: '95 % interval over images' }),
      difference: z
        .array(difference)
        .nullable()
        .meta({ description: "minus the first network's accuracy, image by image; null for the first" }),
    }),
  ),
});

const lineSchema = z.strictObject({
  network: z.string(),
  role: z.enum(['naive', 'proper', 'transfer', 'black-box', 'control', 'worst']),
  from: z.string().nullable().meta({ description: '`transfer`: the network that the images were made against' }),
  method: z.string(),
  accuracy: z.array(share.nullable()).meta({ description: 'at each epsilon; null where this attack was not run' }),
  accuracyInterval: z.array(interval.nullable()),
  samples: z.array(z.int().min(1).nullable()),
  zeroGradients: share.nullable().meta({ description: 'share of inputs whose gradient is exactly zero' }),
  alarms: z.array(z.strictObject({ kind: z.string(), text: z.string(), epsilon: amount.nullable() })),
  evidence: z.boolean().meta({ description: 'false: an alarm was tripped, so this is not evidence of robustness' }),
});

/** Schema of the document's part. */
export const robustnessSummarySchema = z.strictObject({
  samples: z.int().min(1),
  chance: share.meta({ description: 'accuracy of always naming the most frequent class' }),
  noise: z.array(noiseSchema),
  attack: z
    .strictObject({
      norm: z.enum(['linf', 'l2']),
      targeted: z.boolean(),
      epsilons: z.array(amount),
      lines: z.array(lineSchema),
    })
    .nullable(),
  seconds: amount,
});

export type RobustnessDocument = z.infer<typeof robustnessSummarySchema>;

const ends = ({ low, high }: Interval): [number, number] => [low, high];

/** The result in short. */
export function summariseRobustness({ samples, chance, noise, attack, seconds }: RobustnessResult): RobustnessDocument {
  return { samples, chance, noise: noise.map(noiseOf), attack: attack && attackOf(attack), seconds };
}

function noiseOf({ kind, of, unit, draws, levels, curves }: RobustnessResult['noise'][number]) {
  const networks = curves.map(({ network, notApplicable = null, points }) => ({
    ...{ network, notApplicable },
    accuracy: points.map(({ accuracy }) => accuracy.value),
    accuracyInterval: points.map(({ accuracy }) => ends(accuracy)),
    difference: differencesOf(points),
  }));
  return { kind, of, unit, draws, levels: [...levels], networks };
}

function differencesOf(points: readonly SweepPoint[]): Interval[] | null {
  const found = points.flatMap(({ difference: each }) => (each === undefined ? [] : [{ ...each }]));
  return found.length === 0 ? null : found;
}

function attackOf({ norm, targeted, epsilons, lines }: NonNullable<RobustnessResult['attack']>) {
  return {
    ...{ norm, targeted, epsilons: [...epsilons] },
    lines: lines.map(({ network, role, from = null, method, points, zeroGradients, alarms, evidence }) => ({
      ...{ network, role, from, method },
      accuracy: points.map((point) => point?.accuracy.value ?? null),
      accuracyInterval: points.map((point) => point && ends(point.accuracy)),
      samples: points.map((point) => point?.samples ?? null),
      zeroGradients,
      alarms: alarms.map(({ kind, text, epsilon = null }) => ({ kind, text, epsilon })),
      evidence,
    })),
  };
}

/** Schema of what `attack --json` prints. */
export const attackDocumentSchema = z.strictObject({
  format: z.literal('spikewatt-attack'),
  version: z.literal(1),
  run: z.string().nullable().meta({ description: 'id of the run whose record now holds the result; null for files' }),
  networks: z.array(z.strictObject({ name: z.string(), path: z.string() })),
  robustness: robustnessSummarySchema,
  files: z.array(z.string()).meta({ description: 'what was written' }),
});

export type AttackDocument = z.infer<typeof attackDocumentSchema>;
