// The trace of the same run, stopped after so many steps: counts of those steps, exactly. What was noted only over the whole run
// (weights met, values seen, silent neurons) stays as it was; what was noted a sample is spread evenly over samples.

import { ConfigError } from '../../core/index.ts';
import type { ActivityTrace, ConvActivity, LayerActivity, NeuronActivity } from '../../simulate/index.ts';
import { sum } from '../counting/activity-checks.ts';

/** Throws ConfigError unless 1 <= steps <= the trace's steps. */
export function firstSteps(trace: ActivityTrace, steps: number): ActivityTrace {
  if (!Number.isInteger(steps) || steps < 1 || steps > trace.timesteps)
    throw new ConfigError('steps', `got ${steps}, expected a whole number from 1 to ${trace.timesteps}`);
  if (steps === trace.timesteps) return trace;
  return { ...trace, timesteps: steps, layers: trace.layers.map((layer) => cut(layer, trace, steps)) };
}

function cut(layer: LayerActivity, { samples, timesteps }: ActivityTrace, steps: number): LayerActivity {
  switch (layer.kind) {
    case 'encoder':
      return { ...layer, nonzeroOut: layer.nonzeroOut.slice(0, steps) };
    case 'dense':
    case 'conv':
    case 'pool':
      return layer.executions === timesteps ? cutInputs(layer, samples, steps) : layer;
    case 'batch-norm':
    case 'join':
      return { ...layer, executions: Math.min(layer.executions, steps) };
    case 'neuron':
      return cutNeuron(layer, samples, steps);
    default:
      return layer;
  }
}

const BY_STEP = ['nonzeroIn', 'reachedPixels', 'nonzeroSynapses', 'ternaryCallSynapses'] as const;

function cutInputs<Layer extends Extract<LayerActivity, { kind: 'dense' | 'conv' | 'pool' }>>(
  layer: Layer,
  samples: number,
  steps: number,
): Layer {
  const held = layer as Partial<ConvActivity>;
  const series: { -readonly [Name in keyof ConvActivity]?: readonly number[] } = {};
  for (const name of BY_STEP) if (held[name] !== undefined) series[name] = held[name].slice(0, steps);
  if (held.nonzeroInPerSample !== undefined) series.nonzeroInPerSample = evenly(series.nonzeroIn!, samples);
  if (held.reachedPixelsPerSample !== undefined) series.reachedPixelsPerSample = evenly(series.reachedPixels!, samples);
  return { ...layer, ...series, executions: steps };
}

function cutNeuron(layer: NeuronActivity, samples: number, steps: number): NeuronActivity {
  const spikes = layer.spikes.slice(0, steps);
  return {
    ...layer,
    spikes,
    spikesPerSample: evenly(spikes, samples),
    ...(layer.recurrentSpikesPerSample && { recurrentSpikesPerSample: evenly(spikes.slice(0, -1), samples) }),
    ...(layer.membraneChanges && { membraneChanges: layer.membraneChanges.slice(0, steps) }),
  };
}

const evenly = (series: readonly number[], samples: number): number[] =>
  new Array<number>(samples).fill(sum(series) / samples);
