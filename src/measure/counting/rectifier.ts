// Activations of an ANN, a value each. ReLU: a comparison with 0. Besides it,
//   relu6       a comparison with 6
//   leaky-relu  a multiplication
//   quantized   x L/c + 1/2, floor, a comparison with L, times c/L: two multiplications and three other operations
//   softmax     an exponential, with its addition and division
// Nonzero results are written (all of them without zero skipping).

import type { ActivationActivity, ReluActivity, SoftmaxActivity } from '../../simulate/index.ts';
import { countsOf } from '../counts.ts';
import { checkSeries, sum } from './activity-checks.ts';
import { type CountingContext, type LayerTally, withoutSynapses, wordsRead } from './layer-tally.ts';

const BESIDES: Readonly<Record<ActivationActivity['form'], { readonly other: number; readonly muls: number }>> = {
  relu6: { other: 1, muls: 0 },
  'leaky-relu': { other: 0, muls: 1 },
  quantized: { other: 3, muls: 2 },
};

export const tallyRelu = (activity: ReluActivity, context: CountingContext): LayerTally =>
  tallyValues(activity, { other: 0, muls: 0 }, context);

export const tallyActivation = (activity: ActivationActivity, context: CountingContext): LayerTally =>
  tallyValues(activity, BESIDES[activity.form], context);

function tallyValues(
  { layer, features, nonzeroOut }: ReluActivity | ActivationActivity,
  besides: { readonly other: number; readonly muls: number },
  context: CountingContext,
): LayerTally {
  checkSeries(layer, 'nonzeroOut', nonzeroOut, context.timesteps, features * context.samples);
  const values = features * nonzeroOut.length * context.samples;
  return withoutSynapses(
    countsOf({
      reluOps: values,
      activationOps: values * besides.other,
      activationMuls: values * besides.muls,
      inputReads: wordsRead(context, values, context.timesteps),
      outputWrites: !context.written ? 0 : context.zeroSkipping ? sum(nonzeroOut) : values,
    }),
    context,
  );
}

export function tallySoftmax({ features }: SoftmaxActivity, context: CountingContext): LayerTally {
  const values = features * context.timesteps * context.samples;
  const inputReads = wordsRead(context, values, context.timesteps);
  return withoutSynapses(countsOf({ softmaxOps: values, inputReads, outputWrites: values }), context);
}
