// A what-if of a trace: the same network, spikes `activity` times as many, run for other time steps at the same rates.
// Each layer then does the same at every step (its average), which is all that energies, linear in counts, depend on.

import type { ActivityTrace, ConvActivity, LayerActivity, NeuronActivity } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';
import { constantLayers, sourcesOf, spikeDriven } from '../counting/placement.ts';

export interface ActivityChange {
  /** Factor on every spike, of the encoder too, and on nonzero averages of spikes; other analog inputs stay. */
  readonly activity: number;
  readonly timesteps: number;
}

export function rescaleActivity(trace: ActivityTrace, change: ActivityChange): ActivityTrace {
  const [constant, driven, sources] = [constantLayers(trace), spikeDriven(trace), sourcesOf(trace)];
  const reads = (index: number): boolean => sources[index]!.length > 0 && sources[index]!.every((at) => driven[at]);
  return {
    ...trace,
    timesteps: change.timesteps,
    layers: trace.layers.map((layer, index) =>
      constant[index] ? layer : rescaleLayer(layer, trace, change, reads(index)),
    ),
  };
}

/** `driven`: does all it reads come from spikes? */
function rescaleLayer(
  layer: LayerActivity,
  trace: ActivityTrace,
  change: ActivityChange,
  driven: boolean,
): LayerActivity {
  switch (layer.kind) {
    case 'dense':
    case 'conv':
    case 'pool':
      return rescaleInputs(layer, trace, layer.input === 'spikes' || driven ? change : { ...change, activity: 1 });
    case 'batch-norm':
    case 'join':
      return { ...layer, executions: change.timesteps };
    case 'neuron':
      return rescaleNeuron(layer, trace, change);
    case 'encoder':
      return { ...layer, nonzeroOut: evenly(layer.nonzeroOut, change) };
    default:
      return layer;
  }
}

/** Whatever such a layer counted of its input. */
const BY_STEP = ['nonzeroIn', 'reachedPixels'] as const;
const BY_SAMPLE = ['nonzeroInPerSample', 'reachedPixelsPerSample'] as const;

function rescaleInputs<Layer extends Extract<LayerActivity, { kind: 'dense' | 'conv' | 'pool' }>>(
  layer: Layer,
  { timesteps }: ActivityTrace,
  change: ActivityChange,
): Layer {
  const factor = (change.activity * change.timesteps) / timesteps;
  const held = layer as Partial<ConvActivity>;
  const scaled: Partial<Record<(typeof BY_STEP)[number] | (typeof BY_SAMPLE)[number], number[]>> = {};
  for (const series of BY_STEP) if (held[series] !== undefined) scaled[series] = evenly(held[series], change);
  for (const series of BY_SAMPLE)
    if (held[series] !== undefined) scaled[series] = held[series].map((count) => count * factor);
  return { ...layer, executions: change.timesteps, ...scaled };
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
