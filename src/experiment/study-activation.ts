// What the ANN computes where the SNN has neurons.

import { z } from 'zod';
import type { ActivationSpec, NetworkSpec } from '../model/index.ts';

const levels = z.int().min(1).max(255);

export const activationSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('as-described') }),
    z.strictObject({ kind: z.literal('relu') }),
    z.strictObject({ kind: z.literal('relu6') }),
    z.strictObject({ kind: z.literal('leaky-relu'), slope: z.number().min(0).lt(1).default(0.01) }),
    z.strictObject({
      kind: z.literal('quantized'),
      levels: levels.default(8),
      ceiling: z.number().gt(0).default(8),
    }),
  ])
  .meta({
    description:
      "what the ANN computes at hidden slots. `quantized`: clipped and rounded to `levels` values (QCFS), the ceiling learned; converted, it is exact at `levels` steps for neurons that fire evenly. `as-described`: the network's own",
  });

export type ActivationStudy = z.infer<typeof activationSchema>;

function specOf(study: Exclude<ActivationStudy, { kind: 'as-described' }>): ActivationSpec {
  return study.kind === 'relu' || study.kind === 'relu6' ? study.kind : study;
}

/** The network with this activation at every slot that is not the identity. */
export function withActivation(spec: NetworkSpec, study: ActivationStudy): NetworkSpec {
  if (study.kind === 'as-described') return spec;
  const ann = specOf(study);
  const layers = spec.layers.map((layer) =>
    layer.kind === 'slot' && layer.ann !== 'identity' ? { ...layer, ann } : layer,
  );
  return { ...spec, layers };
}
