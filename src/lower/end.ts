// Where a network ends: at its last layer, flattens and a softmax aside. What a spiking network gives there must be the
// spikes or the membrane of neurons; behind anything else an integrator sums the currents over time.

import { ConfigError, UnsupportedError } from '../core/index.ts';
import { inferShapes, type LayerSpec, type NetworkSpec, type NeuronSpec } from '../model/index.ts';
import type { LowerOptions } from './options.ts';

/** The layer that sums the currents of a spiking network whose last layer is no neuron; its membrane is the output. */
export const READOUT_LAYER = '@readout';

export const READOUT: NeuronSpec = {
  kind: 'integrator',
  threshold: null,
  tie: '>=',
  decay: { form: 'none' },
  reset: { kind: 'none', value: 0, moment: 'same-step', dropsInput: false, gradient: 'detached' },
  surrogate: { kind: 'straight-through', slope: 1 },
  learn: { decay: false, threshold: false },
  initialMembrane: 0,
};

/** The layer whose output is the network's. */
export interface End {
  readonly layer: string;
  readonly fires: boolean;
  /** A spiking network whose last layer is no slot: an integrator is put behind it. */
  readonly readout: boolean;
}

/** Throws ConfigError for a network that computes nothing or ends in a map, UnsupportedError for one that ends in dropout. */
export function endOf(spec: NetworkSpec, { mode }: Pick<LowerOptions, 'mode'>): End {
  const last = lastLayer(spec);
  refuseMap(spec);
  if (mode === 'ann') return { layer: last.name, fires: false, readout: false };
  if (last.kind === 'slot') return { layer: last.name, fires: last.neuron.threshold !== null, readout: false };
  return { layer: READOUT_LAYER, fires: false, readout: true };
}

function lastLayer(spec: NetworkSpec): LayerSpec {
  const sources = new Map(inferShapes(spec).map(({ layer, from }) => [layer, from[0]!]));
  const find = (name: string | undefined): LayerSpec | undefined => spec.layers.find((layer) => layer.name === name);
  let last = spec.layers.at(-1);
  while (last?.kind === 'flatten' || last?.kind === 'softmax') last = find(sources.get(last.name));
  const before = last?.kind === 'dropout' ? find(sources.get(last.name)) : undefined;
  if (last === undefined || (last.kind === 'dropout' && before === undefined))
    throw new ConfigError(
      'layers',
      `network "${spec.name}" has nothing but flattens and dropouts on the way to its output; there is nothing to run`,
    );
  if (before !== undefined)
    throw new UnsupportedError(`dropout "${last.name}": stands behind the output layer "${before.name}"; remove it`);
  return last;
}

function refuseMap(spec: NetworkSpec): void {
  const shapes = inferShapes(spec);
  const { layer, output } = shapes.at(-1)!;
  if (output.length !== 3 || output[0]! * output[1]! === 1) return;
  throw new ConfigError(
    'layers',
    `network "${spec.name}" ends in the map [${output.join(', ')}] of "${layer}", expected one value a class; put a flatten, or a pool over the whole map, behind it`,
  );
}
