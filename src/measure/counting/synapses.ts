// What dense and convolutional layers share: synapses that deliver, a multiply-accumulate each for analog inputs, an addition each
// for spikes; biases; and the words they move. Weights that are 0 are not skipped: no event says so.

import { NumericError } from '../../core/index.ts';
import { countsOf } from '../counts.ts';
import { sum } from './activity-checks.ts';
import { type CountingContext, type LayerTally, wordsWritten } from './layer-tally.ts';

export interface Synapses {
  readonly input: 'spikes' | 'analog';
  readonly bias: boolean;
  /** Synapses that delivered at each execution, summed over samples. */
  readonly delivered: readonly number[];
  /** The same for each sample, summed over executions. */
  readonly deliveredPerSample: readonly number[];
  /** All synapses there are, over all executions and samples. */
  readonly dense: number;
  /** Inputs read, and results computed, over all executions and samples. */
  readonly inputs: number;
  readonly results: number;
}

export function tallySynapses(synapses: Synapses, context: CountingContext): LayerTally {
  const { bias, delivered, dense, inputs, results } = synapses;
  const total = sum(delivered);
  const spikes = synapses.input === 'spikes';
  return {
    counts: countsOf({
      macs: spikes ? 0 : total,
      acs: spikes ? total : 0,
      denseMacs: spikes ? 0 : dense,
      denseAcs: spikes ? dense : 0,
      biasAcs: bias ? results : 0,
      biasReads: bias ? results : 0,
      inputReads: inputs,
      weightReads: total,
      outputWrites: wordsWritten({ ...context, nonzeroOut: null }, results),
    }),
    synopsByStep: Array.from({ length: context.timesteps }, (_, step) => delivered[step] ?? 0),
    synopsPerSample: synapses.deliveredPerSample,
  };
}

/** Throws NumericError unless a layer ran once a sample or at every step. */
export function checkExecutions(layer: string, executions: number, timesteps: number): void {
  if (executions === 1 || executions === timesteps) return;
  throw new NumericError(
    `layer "${layer}": executed ${executions} times a sample, expected 1 (constant input) or ${timesteps} (each time step)`,
  );
}
