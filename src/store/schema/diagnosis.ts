// Schemas of what the conversion doctor says (convert/doctor/diagnosis.ts) and of what passes did.

import { z } from 'zod';
import { amount, finite, positive, share, whole } from './number.ts';

export const step = z.strictObject({ pass: z.string(), layer: z.string(), effect: z.string() });

export const finding = z.strictObject({
  layer: z.string(),
  severity: z.enum(['refused', 'loses', 'costs', 'note']),
  problem: z.string(),
  remedy: z.string(),
});

const layer = z.strictObject({
  layer: z.string(),
  fires: z.boolean(),
  scale: finite,
  values: whole,
  meanActivation: finite,
  meanRate: finite,
  correlation: finite.nullable(),
  meanError: amount,
  percentileError: amount,
  relativeError: amount,
  ownError: amount,
  saturated: share,
  silent: share,
  histogram: z.strictObject({ width: amount, activations: z.array(amount), rates: z.array(amount) }),
  scatter: z.array(z.strictObject({ activation: finite, rate: finite })),
});

export const diagnosis = z.strictObject({
  timesteps: positive,
  samples: positive,
  annAccuracy: share,
  accuracy: share,
  layers: z.array(layer),
  findings: z.array(finding),
  fixes: z.array(
    z.strictObject({
      fix: z.string(),
      change: z.string(),
      timesteps: positive,
      accuracy: share,
      gain: finite,
    }),
  ),
});
