// A fully connected layer: every nonzero input (every input, without zero skipping) meets each output once an execution.
//   synapses delivered = sum over executions of nonzero inputs * outputs

import type { DenseActivity } from '../../simulate/index.ts';
import { checkSameTotal, checkSeries, sum } from './activity-checks.ts';
import type { CountingContext, LayerTally } from './layer-tally.ts';
import { checkExecutions, tallySynapses } from './synapses.ts';

export function tallyDense(activity: DenseActivity, context: CountingContext): LayerTally {
  check(activity, context);
  const { inputs, outputs, executions } = activity;
  const { samples, zeroSkipping } = context;
  const met = zeroSkipping ? activity.nonzeroIn : activity.nonzeroIn.map(() => inputs * samples);
  const metPerSample = zeroSkipping
    ? activity.nonzeroInPerSample
    : activity.nonzeroInPerSample.map(() => inputs * executions);
  return tallySynapses(
    {
      input: activity.input,
      bias: activity.bias,
      delivered: met.map((count) => count * outputs),
      deliveredPerSample: metPerSample.map((count) => count * outputs),
      dense: inputs * outputs * executions * samples,
      inputs: sum(met),
      results: outputs * executions * samples,
    },
    context,
  );
}

function check(activity: DenseActivity, { samples, timesteps }: CountingContext): void {
  const { layer, inputs, executions } = activity;
  checkExecutions(layer, executions, timesteps);
  checkSeries(layer, 'nonzeroIn', activity.nonzeroIn, executions, inputs * samples);
  checkSeries(layer, 'nonzeroInPerSample', activity.nonzeroInPerSample, samples, inputs * executions);
  checkSameTotal(layer, 'nonzero inputs', sum(activity.nonzeroIn), sum(activity.nonzeroInPerSample));
}
