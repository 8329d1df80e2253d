// A what-if of a trace: the same network, spikes `activity` times as many, run for other time steps at the same rates.
// Each layer then does the same at every step (its average), which is all that energies, linear in counts, depend on.

import type { ActivityTrace, DenseActivity, LayerActivity, NeuronActivity } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';

export interface ActivityChange {
  /** Factor on every spike, of the encoder too; analog inputs stay. */
  readonly activity: number;
  readonly timesteps: number;
}

export function rescaleActivity(trace: ActivityTrace, change: ActivityChange): ActivityTrace {
  return {
    ...trace,
    timesteps: change.timesteps,
    layers: trace.layers.map((layer) => rescaleLayer(layer, trace, change)),
  };
}

function rescaleLayer(layer: LayerActivity, trace: ActivityTrace, change: ActivityChange): LayerActivity {
  if (layer.kind === 'dense') return rescaleDense(layer, trace, change);
  if (layer.kind === 'neuron') return rescaleNeuron(layer, trace, change);
  if (layer.kind === 'encoder' && layer.encoder !== 'constant') {
    return { ...layer, nonzeroOut: evenly(layer.nonzeroOut, change) };
  }
  return layer;
}

function rescaleDense(layer: DenseActivity, { timesteps }: ActivityTrace, change: ActivityChange): DenseActivity {
  if (layer.input === 'analog' && layer.executions === 1) return layer;
  const activity = layer.input === 'spikes' ? change.activity : 1;
  const factor = (activity * change.timesteps) / timesteps;
  return {
    ...layer,
    executions: change.timesteps,
    nonzeroIn: evenly(layer.nonzeroIn, { ...change, activity }),
    nonzeroInPerSample: layer.nonzeroInPerSample.map((count) => count * factor),
  };
}

function rescaleNeuron(layer: NeuronActivity, trace: ActivityTrace, change: ActivityChange): NeuronActivity {
  const { samples, timesteps } = trace;
  const factor = (change.activity * change.timesteps) / timesteps;
  const spikes = evenly(layer.spikes, change);
  const scaled = { ...layer, spikes, spikesPerSample: layer.spikesPerSample.map((count) => count * factor) };
  if (layer.recurrent === 'none') return scaled;
  const fedBack = sum(spikes.slice(0, -1)) / samples;
  return { ...scaled, recurrentSpikesPerSample: new Array<number>(samples).fill(fedBack) };
}

/** The mean of a series, times `activity`, at each of the new steps. */
function evenly(series: readonly number[], { activity, timesteps }: ActivityChange): number[] {
  return new Array<number>(timesteps).fill((sum(series) / series.length) * activity);
}
