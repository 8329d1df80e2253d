// The encoder. constant: the input is passed on, nothing is done. rate: a draw a feature and step. latency: one conversion a
// feature. delta: a difference a feature and step. Each reads the value it works on and writes spikes (all values, without zero
// skipping). What a random draw costs is left to the profile: none of the published ones prices it.

import type { EncoderActivity } from '../../simulate/index.ts';
import { countsOf } from '../counts.ts';
import { checkSeries, sum } from './activity-checks.ts';
import { type CountingContext, type LayerTally, withoutSynapses } from './layer-tally.ts';

export function tallyEncoder(activity: EncoderActivity, context: CountingContext): LayerTally {
  const { layer, encoder, features, nonzeroOut } = activity;
  const { samples, timesteps, zeroSkipping } = context;
  const constant = encoder === 'constant';
  // What is passed on is one static input, or, of samples that are sequences, one at each step.
  const isStatic = constant && nonzeroOut.length === 1;
  checkSeries(layer, 'nonzeroOut', nonzeroOut, isStatic ? 1 : timesteps, features * samples);
  if (constant) return withoutSynapses(countsOf({}), context);
  const conversions = features * samples * (encoder === 'latency' ? 1 : timesteps);
  const outputWrites = zeroSkipping ? sum(nonzeroOut) : features * samples * timesteps;
  return withoutSynapses(countsOf({ encoderOps: conversions, inputReads: conversions, outputWrites }), context);
}
