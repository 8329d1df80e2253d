// Batch norm: in training by the statistics of the batch, which the running ones follow; otherwise by the running ones.

import { UnsupportedError } from '../core/index.ts';
import type { BatchNormSpec } from '../model/index.ts';
import { channelsIn, type LoweredLayer, type PlanBuilder, type Signal } from './builder.ts';
import { inputKind } from './dense.ts';

/** Throws UnsupportedError for spikes: they are normalised after the next layer with weights. */
export function lowerBatchNorm(builder: PlanBuilder, layer: BatchNormSpec, x: Signal): LoweredLayer {
  const { name, momentum } = layer;
  if (x.values === 'spikes')
    throw new UnsupportedError(
      `batch-norm "${name}": receives spikes, expected currents; put it behind a dense or convolutional layer`,
    );
  const channels = channelsIn(x);
  const { executions } = inputKind(builder, x);
  const own = {
    ...{ layer: name, x: x.id, factor: layer.threshold, epsilon: layer.epsilon },
    gamma: builder.weight(name, 'scale', 1, channels),
    batchMean: builder.scratchVector(name, 'batchMean', channels),
    batchDeviation: builder.scratchVector(name, 'batchDeviation', channels),
  };
  const beta = builder.weight(name, 'shift', 1, channels);
  const running = {
    mean: builder.weight(name, 'mean', 1, channels, false),
    variance: builder.weight(name, 'variance', 1, channels, false),
  };
  const y = builder.tensor(`${name}@y`, x);
  builder.probes.push({ kind: 'batch-norm', layer: name, features: x.features, executions });
  builder.forward.push({
    kernel: 'batch-norm',
    ...{ ...own, beta, ...running, momentum, y },
    statistics: builder.training ? 'batch' : 'running',
    repeats: builder.options.timesteps / executions,
  });
  return {
    y: { ...x, id: y, values: 'analog', events: false, wanted: builder.training || x.wanted },
    backward: (dy) => {
      if (!builder.training) return [runningBackward(builder, layer, x, dy)];
      const dx = x.wanted ? { dx: builder.gradient(x.id) } : {};
      const [dGamma, dBeta] = [builder.trained.get(`${name}/scale`)!, builder.trained.get(`${name}/shift`)!];
      const repeats = builder.options.timesteps / executions;
      builder.backward.push({ kernel: 'batch-norm-backward', ...own, dy, ...dx, dGamma, dBeta, repeats });
      return [dx.dx];
    },
  };
}

function runningBackward(builder: PlanBuilder, layer: BatchNormSpec, x: Signal, dy: string): string | undefined {
  if (!x.wanted) return undefined;
  const { name, threshold: factor, epsilon } = layer;
  const vectors = { gamma: `${name}/scale`, variance: `${name}/variance` };
  const dx = builder.gradient(x.id, builder.rowsOf(dy));
  builder.backward.push({ kernel: 'running-norm-backward', layer: name, ...vectors, factor, epsilon, dy, dx });
  return dx;
}
