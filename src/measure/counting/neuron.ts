// A neuron layer: N neurons updated at each of T steps, whether or not anything arrived.
//   charge i = alpha i + x, u = a m + b i + c: a multiply-accumulate for each of a, b, alpha that is not 1, and an addition for
//   what these do not already add. One comparison an update if it fires; one reset a spike.
// Recurrent synapses deliver the spikes of the step before, so those of the last step are never delivered.

import { NumericError } from '../../core/index.ts';
import type { NeuronActivity } from '../../simulate/index.ts';
import { countsOf } from '../counts.ts';
import { checkSameTotal, checkSeries, sum } from './activity-checks.ts';
import type { CountingContext, LayerTally } from './layer-tally.ts';

export function tallyNeuron(activity: NeuronActivity, context: CountingContext): LayerTally {
  check(activity, context);
  const { neurons } = activity;
  const { samples, timesteps, zeroSkipping } = context;
  const updates = neurons * timesteps * samples;
  const spikes = sum(activity.spikes);
  const fedBack = recurrentInput(activity, context);
  const fanOut = recurrentFanOut(activity);
  const bias = activity.recurrent !== 'none' && activity.recurrentBias === true ? updates : 0;
  const stateWords = updates * (activity.currentBased ? 2 : 1);
  return {
    counts: countsOf({
      acs: sum(fedBack.byStep) * fanOut,
      denseAcs: updates * fanOut,
      biasAcs: bias,
      neuronUpdates: updates,
      ...arithmetic(activity, updates),
      compares: activity.fires ? updates : 0,
      resets: activity.fires && activity.reset !== 'none' ? spikes : 0,
      inputReads: driveReads(activity, context) + sum(fedBack.byStep),
      weightReads: sum(fedBack.byStep) * fanOut,
      biasReads: bias,
      stateReads: stateWords,
      stateWrites: stateWords,
      outputWrites: !activity.fires ? 0 : zeroSkipping ? spikes : updates,
    }),
    synopsByStep: fedBack.byStep.map((count) => count * fanOut),
    synopsPerSample: fedBack.perSample.map((count) => count * fanOut),
  };
}

/** Words of a drive that waited in memory, as one computed once does: each is read at every update. */
export const driveReads = ({ neurons }: NeuronActivity, { sources, samples, timesteps }: CountingContext): number =>
  sources.some(({ written }) => written) ? neurons * timesteps * samples : 0;

/** Synapses one fed-back spike reaches. */
export const recurrentFanOut = (activity: NeuronActivity): number =>
  activity.recurrent === 'none' ? 0 : activity.recurrent === 'one-to-one' ? 1 : activity.neurons;

function arithmetic(activity: NeuronActivity, updates: number): { leakMacs: number; stateAcs: number } {
  const multiplications = Number(activity.leaky) + Number(activity.currentBased) + Number(activity.inputScaled);
  const additions = 1 + Number(activity.currentBased) + Number(activity.restTerm === true);
  return { leakMacs: updates * multiplications, stateAcs: updates * Math.max(0, additions - multiplications) };
}

/** Entries the recurrent synapses met: spikes of the step before, or all neurons without zero skipping. */
function recurrentInput(activity: NeuronActivity, { samples, timesteps, zeroSkipping }: CountingContext) {
  const none = { byStep: new Array<number>(timesteps).fill(0), perSample: new Array<number>(samples).fill(0) };
  if (activity.recurrent === 'none') return none;
  const { neurons } = activity;
  if (!zeroSkipping) {
    return { byStep: none.byStep.fill(neurons * samples), perSample: none.perSample.fill(neurons * timesteps) };
  }
  return {
    byStep: [0, ...activity.spikes.slice(0, -1)],
    perSample: activity.recurrentSpikesPerSample ?? none.perSample,
  };
}

function check(activity: NeuronActivity, { samples, timesteps }: CountingContext): void {
  const { layer, neurons, spikes, spikesPerSample } = activity;
  checkSeries(layer, 'spikes', spikes, timesteps, neurons * samples);
  checkSeries(layer, 'spikesPerSample', spikesPerSample, samples, neurons * timesteps);
  checkSameTotal(layer, 'spikes', sum(spikes), sum(spikesPerSample));
  if (activity.recurrent === 'none') return;
  const fedBack = activity.recurrentSpikesPerSample;
  if (fedBack === undefined) {
    throw new NumericError(
      `layer "${layer}": recurrent (${activity.recurrent}), but the trace lacks recurrentSpikesPerSample; record it while simulating`,
    );
  }
  checkSeries(layer, 'recurrentSpikesPerSample', fedBack, samples, neurons * (timesteps - 1));
  checkSameTotal(layer, 'fed-back spikes', sum(spikes.slice(0, -1)), sum(fedBack));
}
