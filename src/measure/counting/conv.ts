// A convolution: a nonzero input at (y, x, c) reaches every output pixel whose window reads (y, x), and there the filters of c's
// group. Taps that fall on padding are no synapses, so borders are exact:
//   synapses delivered = sum over nonzero inputs of output pixels reached * filters / groups
//   all synapses       = taps inside the map * input channels * filters / groups

import { type ConvActivity, inputPixels, mostReached, outputPixels, tapsInside } from '../../simulate/index.ts';
import { checkSameTotal, checkSeries, sum } from './activity-checks.ts';
import type { CountingContext, LayerTally } from './layer-tally.ts';
import { checkExecutions, tallySynapses } from './synapses.ts';

/** Filters a channel of the input reaches. */
export const fanOutOfPixel = ({ filters, groups }: ConvActivity): number => filters / groups;

/** Values of one input map, and of one output map. */
export const convInputs = ({ window, inputChannels }: ConvActivity): number => inputPixels(window) * inputChannels;
export const convOutputs = ({ window, filters }: ConvActivity): number => outputPixels(window) * filters;

/** Synapses: pairs of an input value and an output value whose window holds it. */
export const convSynapses = (activity: ConvActivity): number =>
  tapsInside(activity.window) * activity.inputChannels * fanOutOfPixel(activity);

export function tallyConv(activity: ConvActivity, context: CountingContext): LayerTally {
  check(activity, context);
  const { executions } = activity;
  const { samples, zeroSkipping } = context;
  const fanOut = fanOutOfPixel(activity);
  const synapses = convSynapses(activity);
  const runs = executions * samples;
  return tallySynapses(
    {
      input: activity.input,
      bias: activity.bias,
      delivered: activity.reachedPixels.map((reached) => (zeroSkipping ? reached * fanOut : synapses * samples)),
      deliveredPerSample: activity.reachedPixelsPerSample.map((reached) =>
        zeroSkipping ? reached * fanOut : synapses * executions,
      ),
      dense: synapses * runs,
      inputs: zeroSkipping ? sum(activity.nonzeroIn) : convInputs(activity) * runs,
      results: convOutputs(activity) * runs,
    },
    context,
  );
}

function check(activity: ConvActivity, { samples, timesteps }: CountingContext): void {
  const { layer, window, inputChannels, executions, nonzeroIn, reachedPixels } = activity;
  const inputs = convInputs(activity);
  const taps = tapsInside(window) * inputChannels;
  checkExecutions(layer, executions, timesteps);
  checkSeries(layer, 'nonzeroIn', nonzeroIn, executions, inputs * samples);
  checkSeries(layer, 'nonzeroInPerSample', activity.nonzeroInPerSample, samples, inputs * executions);
  checkSameTotal(layer, 'nonzero inputs', sum(nonzeroIn), sum(activity.nonzeroInPerSample));
  checkSeries(layer, 'reachedPixels', reachedPixels, executions, taps * samples);
  checkSeries(layer, 'reachedPixelsPerSample', activity.reachedPixelsPerSample, samples, taps * executions);
  checkSameTotal(layer, 'reached pixels', sum(reachedPixels), sum(activity.reachedPixelsPerSample));
  const most = mostReached(window);
  for (const [index, reached] of reachedPixels.entries())
    checkSeries(
      layer,
      `reachedPixels at execution ${index} (of ${nonzeroIn[index]} nonzero inputs)`,
      [reached],
      1,
      most * nonzeroIn[index]!,
    );
}
