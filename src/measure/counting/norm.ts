// A batch norm that was not folded into the weights before it: with its statistics fixed it is y = a x + b, a multiply-accumulate a
// value and execution, whether or not the value is 0.

import type { NormActivity } from '../../simulate/index.ts';
import { countsOf } from '../counts.ts';
import { type CountingContext, type LayerTally, withoutSynapses, wordsRead, wordsWritten } from './layer-tally.ts';
import { checkExecutions } from './synapses.ts';

export function tallyNorm({ layer, features, executions }: NormActivity, context: CountingContext): LayerTally {
  checkExecutions(layer, executions, context.timesteps);
  const values = features * executions * context.samples;
  const inputReads = wordsRead(context, values, executions);
  const outputWrites = wordsWritten(context, values);
  return withoutSynapses(countsOf({ normMacs: values, inputReads, outputWrites }), context);
}
