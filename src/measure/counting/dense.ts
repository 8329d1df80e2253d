// A fully connected layer: every nonzero input (every input, without zero skipping) meets each output once an execution.
//   synapses delivered = sum over executions of nonzero inputs * outputs
// Spikes cost an addition a synapse, analog values a multiply-accumulate. Weights that are 0 are not skipped: no event says so.

import { NumericError } from '../../core/index.ts';
import type { DenseActivity } from '../../simulate/index.ts';
import { countsOf } from '../counts.ts';
import { checkSameTotal, checkSeries, sum } from './activity-checks.ts';
import type { CountingContext, LayerTally } from './layer-tally.ts';

export function tallyDense(activity: DenseActivity, context: CountingContext): LayerTally {
  check(activity, context);
  const { inputs, outputs, executions } = activity;
  const { samples, timesteps, zeroSkipping } = context;
  const met = zeroSkipping ? activity.nonzeroIn : activity.nonzeroIn.map(() => inputs * samples);
  const metPerSample = zeroSkipping
    ? activity.nonzeroInPerSample
    : activity.nonzeroInPerSample.map(() => inputs * executions);
  const delivered = sum(met) * outputs;
  const dense = inputs * outputs * executions * samples;
  const results = outputs * executions * samples;
  const spikes = activity.input === 'spikes';
  return {
    counts: countsOf({
      macs: spikes ? 0 : delivered,
      acs: spikes ? delivered : 0,
      denseMacs: spikes ? 0 : dense,
      denseAcs: spikes ? dense : 0,
      biasAcs: activity.bias ? results : 0,
      biasReads: activity.bias ? results : 0,
      inputReads: sum(met),
      weightReads: delivered,
      outputWrites: context.activation === 'none' || isHoisted(activity, timesteps) ? results : 0,
    }),
    synopsByStep: Array.from({ length: timesteps }, (_, step) => (met[step] ?? 0) * outputs),
    synopsPerSample: metPerSample.map((count) => count * outputs),
  };
}

/** Was this layer's result computed once and reused at every step? */
export const isHoisted = (activity: DenseActivity, timesteps: number): boolean =>
  timesteps > 1 && activity.executions === 1;

function check(activity: DenseActivity, { samples, timesteps }: CountingContext): void {
  const { layer, inputs, executions } = activity;
  if (executions !== 1 && executions !== timesteps) {
    throw new NumericError(
      `layer "${layer}": executed ${executions} times a sample, expected 1 (constant input) or ${timesteps} (each time step)`,
    );
  }
  checkSeries(layer, 'nonzeroIn', activity.nonzeroIn, executions, inputs * samples);
  checkSeries(layer, 'nonzeroInPerSample', activity.nonzeroInPerSample, samples, inputs * executions);
  checkSameTotal(layer, 'nonzero inputs', sum(activity.nonzeroIn), sum(activity.nonzeroInPerSample));
}
