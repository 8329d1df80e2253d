// A join of two signals: an addition, or a gate of spikes (and, iand), a value and execution. An operand that waited in memory is
// read; with zero skipping only its nonzero values are, if they were counted.

import type { JoinActivity } from '../../simulate/index.ts';
import { countsOf } from '../counts.ts';
import { type CountingContext, type LayerTally, withoutSynapses, wordsRead, wordsWritten } from './layer-tally.ts';
import { checkExecutions } from './synapses.ts';

export function tallyJoin({ layer, features, executions }: JoinActivity, context: CountingContext): LayerTally {
  checkExecutions(layer, executions, context.timesteps);
  const values = features * executions * context.samples;
  const inputReads = wordsRead(context, values, executions);
  const outputWrites = wordsWritten(context, values);
  return withoutSynapses(countsOf({ joinOps: values, inputReads, outputWrites }), context);
}
