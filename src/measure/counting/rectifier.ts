// A ReLU: one rectification a feature; nonzero activations are written (all of them without zero skipping).

import type { ReluActivity } from '../../simulate/index.ts';
import { countsOf } from '../counts.ts';
import { checkSeries, sum } from './activity-checks.ts';
import { type CountingContext, type LayerTally, withoutSynapses } from './layer-tally.ts';

export function tallyRelu(activity: ReluActivity, context: CountingContext): LayerTally {
  const { layer, features, nonzeroOut } = activity;
  checkSeries(layer, 'nonzeroOut', nonzeroOut, context.timesteps, features * context.samples);
  const operations = features * nonzeroOut.length * context.samples;
  const outputWrites = context.zeroSkipping ? sum(nonzeroOut) : operations;
  return withoutSynapses(countsOf({ reluOps: operations, outputWrites }), context);
}
