// Schema of what a study of robustness found (robustness/result.ts), and the checks of what has to fit together in it.

import { z } from 'zod';
import type { RobustnessResult } from '../../robustness/index.ts';
import { amount, positive, share, whole } from './number.ts';

/** Ends of an interval may be a rounding error off its middle. */
const ROUNDING = 1e-9;

const ordered = ({ value, low, high }: { value: number; low: number; high: number }): boolean =>
  low <= value + ROUNDING && value <= high + ROUNDING;

const interval = (number: z.ZodNumber) =>
  z.strictObject({ value: number, low: number, high: number }).refine(ordered, 'an interval around its value');

const accuracy = interval(share);
const difference = interval(z.number().min(-1).max(1));
const sweepPoint = z.strictObject({ accuracy, difference: difference.exactOptional() });

const noiseCurve = z.strictObject({
  network: z.string().min(1),
  notApplicable: z.string().min(1).exactOptional(),
  points: z.array(sweepPoint),
});

const noiseSweep = z
  .strictObject({
    kind: z.enum([
      ...['gaussian', 'uniform', 'salt-and-pepper', 'occlusion', 'blur', 'contrast', 'quantize', 'dropped-pixels'],
      ...['weight-noise', 'weight-bits', 'dead-neurons', 'threshold-mismatch'],
    ] as RobustnessResult['noise'][number]['kind'][]),
    of: z.enum(['input', 'network']),
    unit: z.string(),
    levels: z.array(amount).min(1),
    draws: positive,
    curves: z.array(noiseCurve).min(1),
  })
  .superRefine(({ levels, curves }, context) => {
    curves.forEach(({ points, notApplicable }, i) => {
      const wanted = notApplicable === undefined ? levels.length : 0;
      if (points.length === wanted) return;
      const path = ['curves', i, 'points'];
      const message = wanted === 0 ? 'none where not applicable' : `${wanted} points, one a level`;
      context.addIssue({ code: 'custom', path, message });
    });
  });

const alarm = z.strictObject({
  kind: z.enum(['above-chance', 'weaker-than-noise', 'weaker-than-black-box', 'zero-gradients', 'not-converged']),
  text: z.string().min(1),
  epsilon: amount.exactOptional(),
});

const attackLine = z
  .strictObject({
    network: z.string().min(1),
    role: z.enum(['naive', 'proper', 'transfer', 'black-box', 'control', 'worst']),
    from: z.string().min(1).exactOptional(),
    method: z.string(),
    points: z.array(z.strictObject({ ...sweepPoint.shape, samples: positive }).nullable()),
    zeroGradients: share.nullable(),
    alarms: z.array(alarm),
    evidence: z.boolean(),
  })
  .refine(({ alarms, evidence }) => evidence === (alarms.length === 0), {
    path: ['evidence'],
    message: 'true where there is no alarm, and false where there is one',
  });

const attackSweep = z
  .strictObject({
    norm: z.enum(['linf', 'l2']),
    targeted: z.boolean(),
    epsilons: z
      .array(amount)
      .min(1)
      .refine((list) => list.every((value, i) => i === 0 || value > list[i - 1]!), 'numbers that rise'),
    lines: z.array(attackLine),
  })
  .superRefine(({ epsilons, lines }, context) => {
    lines.forEach(({ points }, i) => {
      if (points.length === epsilons.length) return;
      const message = `${epsilons.length} points, one an epsilon`;
      context.addIssue({ code: 'custom', path: ['lines', i, 'points'], message });
    });
  });

const prediction = z.strictObject({ network: z.string().min(1), label: z.int().min(-1) });

const example = z
  .strictObject({
    sample: whole,
    label: whole,
    shape: z.array(positive).min(1).max(4),
    original: z.base64(),
    variants: z.array(z.strictObject({ title: z.string(), pixels: z.base64(), predictions: z.array(prediction) })),
  })
  .superRefine(({ shape, original, variants }, context) => {
    const bytes = shape.reduce((product, extent) => product * extent, 1);
    const check = (pixels: string, path: (string | number)[]): void => {
      if (bytesOf(pixels) === bytes) return;
      context.addIssue({
        code: 'custom',
        path,
        message: `${bytes} bytes in base64, one a value of ${shape.join(' x ')}`,
      });
    };
    check(original, ['original']);
    variants.forEach(({ pixels }, i) => {
      check(pixels, ['variants', i, 'pixels']);
    });
  });

/** Bytes that sound base64 text stands for. */
const bytesOf = (text: string): number => (text.length / 4) * 3 - (text.match(/=+$/)?.[0].length ?? 0);

const result = z.strictObject({
  samples: positive,
  chance: share,
  noise: z.array(noiseSweep),
  attack: attackSweep.nullable(),
  examples: z.array(example),
  seconds: amount,
});

/** The result as it stands in a record, or in a file of its own; which networks there are is checked by who knows them. */
export const robustnessSchema: z.ZodType<RobustnessResult, z.input<typeof result>> = result;

/** A network's name, and the path to it. */
type NamedAt = readonly [name: string, path: readonly (string | number)[]];

/** Every network that the result names, and where. */
export function networksNamed({ noise, attack, examples }: RobustnessResult): readonly NamedAt[] {
  return [
    ...noise.flatMap(({ curves }, i) =>
      curves.map(({ network }, j) => [network, ['noise', i, 'curves', j, 'network']] as const),
    ),
    ...(attack?.lines ?? []).flatMap(({ network, from }, i) => [
      [network, ['attack', 'lines', i, 'network']] as const,
      ...(from === undefined ? [] : [[from, ['attack', 'lines', i, 'from']] as const]),
    ]),
    ...examples.flatMap(({ variants }, i) =>
      variants.flatMap(({ predictions }, j) =>
        predictions.map(
          ({ network }, k) => [network, ['examples', i, 'variants', j, 'predictions', k, 'network']] as const,
        ),
      ),
    ),
  ];
}
