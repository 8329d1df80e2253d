// Who reads whom: a layer reads the layer before it, or those its `from` names; `input` is the network's input.

import { ConfigError } from '../core/index.ts';
import { INPUT_NAME, type LayerSpec, type NetworkSpec } from './spec.ts';

function namesRead(layer: LayerSpec, before: LayerSpec | undefined): readonly string[] {
  if (layer.kind === 'join') return layer.from;
  return [layer.from ?? before?.name ?? INPUT_NAME];
}

/**
 * For each layer, in order, the names of what it reads (`input` or earlier layers): one, or two for a join. Throws ConfigError
 * for a name that no earlier layer has; `key` turns the path of a field into the one shown.
 */
export function sourcesOf(
  spec: Pick<NetworkSpec, 'layers'>,
  key: (path: string) => string = (path) => path,
): readonly (readonly string[])[] {
  const known = new Set([INPUT_NAME]);
  return spec.layers.map((layer, i) => {
    const names = namesRead(layer, spec.layers[i - 1]);
    names.forEach((name, side) => {
      if (known.has(name)) return;
      const path = key(`layers[${i}].from${layer.kind === 'join' ? `[${side}]` : ''}`);
      const later = spec.layers.findIndex((other) => other.name === name);
      if (later === i) throw new ConfigError(path, `got "${name}", the layer itself; a layer reads layers before it`);
      if (later > i) {
        throw new ConfigError(
          path,
          `got "${name}", which comes later (layers[${later}]); a layer reads layers before it, so move "${name}" up`,
        );
      }
      throw new ConfigError(path, `got "${name}", which no layer is called; expected one of ${[...known].join(', ')}`);
    });
    known.add(layer.name);
    return names;
  });
}

/**
 * Names of the layers whose output is spikes when the network is read as a spiking one: neurons that fire, and what passes
 * spikes on as spikes. The input is not among them, as only its encoder knows.
 */
export function spikingLayers(spec: Pick<NetworkSpec, 'layers'>): ReadonlySet<string> {
  const spiking = new Set<string>();
  const sources = sourcesOf(spec);
  spec.layers.forEach((layer, i) => {
    if (
      givesSpikes(
        layer,
        sources[i]!.every((name) => spiking.has(name)),
      )
    )
      spiking.add(layer.name);
  });
  return spiking;
}

function givesSpikes(layer: LayerSpec, readsSpikes: boolean): boolean {
  switch (layer.kind) {
    case 'slot':
      return layer.neuron.threshold !== null;
    case 'pool':
      return readsSpikes && layer.mode !== 'average';
    case 'join':
      return readsSpikes && layer.mode !== 'add';
    case 'flatten':
    case 'dropout':
      return readsSpikes;
    default:
      return false;
  }
}
