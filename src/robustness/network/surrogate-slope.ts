// The same network with a flatter or steeper surrogate: its spikes are the same, its gradients are not.

import { ConfigError } from '../../core/index.ts';
import type { NetworkSpec } from '../../model/index.ts';

/** Every slot's surrogate slope times `factor`. Throws ConfigError for a factor that is not above 0. */
export function withSurrogateSlope(spec: NetworkSpec, factor: number): NetworkSpec {
  if (!(Number.isFinite(factor) && factor > 0))
    throw new ConfigError(
      'gradient.slope',
      `got ${factor}, expected a number above 0; 1 leaves surrogates as they are`,
    );
  if (factor === 1) return spec;
  const layers = spec.layers.map((layer) => {
    if (layer.kind !== 'slot') return layer;
    const { neuron } = layer;
    const surrogate = { ...neuron.surrogate, slope: neuron.surrogate.slope * factor };
    return { ...layer, neuron: { ...neuron, surrogate } };
  });
  return { ...spec, layers };
}
