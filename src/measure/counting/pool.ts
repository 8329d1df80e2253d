// A pool, per channel and execution. average: an addition for each value in each window, a multiplication an output. max: a
// comparison for each value in each window. winner: each spike is added to its input's counter and compared in each window it is in.
// Zeros are skipped where they change nothing: in averages, and among spikes; a zero can be the largest of analog values.

import { inputPixels, mostReached, outputPixels, type PoolActivity, tapsInside } from '../../simulate/index.ts';
import { countsOf } from '../counts.ts';
import { checkSameTotal, checkSeries, sum } from './activity-checks.ts';
import { type CountingContext, type LayerTally, withoutSynapses, wordsWritten } from './layer-tally.ts';
import { checkExecutions } from './synapses.ts';

export const poolInputs = ({ window, channels }: PoolActivity): number => inputPixels(window) * channels;
export const poolOutputs = ({ window, channels }: PoolActivity): number => outputPixels(window) * channels;

export function tallyPool(activity: PoolActivity, context: CountingContext): LayerTally {
  check(activity, context);
  const { mode, executions, window, channels } = activity;
  const runs = executions * context.samples;
  const skips = context.zeroSkipping && !(mode === 'max' && activity.input === 'analog');
  const inputs = skips ? sum(activity.nonzeroIn) : poolInputs(activity) * runs;
  const inWindows = skips ? reached(activity, context.samples) : tapsInside(window) * channels * runs;
  const results = poolOutputs(activity) * runs;
  const winner = mode === 'winner' && activity.input === 'spikes';
  return withoutSynapses(
    countsOf({
      poolAcs: mode === 'average' ? inWindows : winner ? inputs : 0,
      poolMuls: mode === 'average' ? results : 0,
      poolCompares: mode === 'average' ? 0 : inWindows,
      inputReads: inputs,
      stateReads: winner ? inputs : 0,
      stateWrites: winner ? inputs : 0,
      outputWrites: wordsWritten(context, results),
    }),
    context,
  );
}

/**
 * Nonzero inputs, each as often as windows hold it: as counted, or once each where the windows tile the map. Where they overlap
 * and nobody counted, the most there can be.
 */
function reached(activity: PoolActivity, samples: number): number {
  const { reachedPixels, nonzeroIn, window, channels, executions } = activity;
  if (reachedPixels !== undefined) return sum(reachedPixels);
  return Math.min(sum(nonzeroIn) * mostReached(window), tapsInside(window) * channels * executions * samples);
}

function check(activity: PoolActivity, { samples, timesteps }: CountingContext): void {
  const { layer, executions, nonzeroIn, nonzeroInPerSample, reachedPixels, window, channels } = activity;
  const inputs = poolInputs(activity);
  checkExecutions(layer, executions, timesteps);
  checkSeries(layer, 'nonzeroIn', nonzeroIn, executions, inputs * samples);
  if (reachedPixels !== undefined)
    checkSeries(layer, 'reachedPixels', reachedPixels, executions, tapsInside(window) * channels * samples);
  if (nonzeroInPerSample === undefined) return;
  checkSeries(layer, 'nonzeroInPerSample', nonzeroInPerSample, samples, inputs * executions);
  checkSameTotal(layer, 'nonzero inputs', sum(nonzeroIn), sum(nonzeroInPerSample));
}
