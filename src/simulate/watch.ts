// Membranes and spikes of chosen neurons, step by step, for a few samples of the run.

import { ConfigError } from '../core/index.ts';
import type { Probe } from '../lower/index.ts';
import { inferShapes, type NetworkSpec } from '../model/index.ts';
import type { ReadTensor } from './tally.ts';

/** An index into the layer, row-major; or on a map [y, x, channel]. */
export type NeuronChoice = number | readonly [y: number, x: number, channel: number];

export interface WatchOptions {
  readonly neurons: readonly { readonly layer: string; readonly neurons: readonly NeuronChoice[] }[];
  /** Samples, from the first on. Default 1. */
  readonly samples?: number;
}

export interface WatchedNeuron {
  readonly sample: number;
  readonly layer: string;
  /** Row-major index into the layer. */
  readonly neuron: number;
  /** [y, x, channel], if the layer is a map. */
  readonly position?: readonly [number, number, number];
  /** Membrane after each step, as the neuron leaves it [T]. */
  readonly membrane: readonly number[];
  /** Steps at which it fired. */
  readonly spikes: readonly number[];
}

interface Watched {
  readonly layer: string;
  readonly neuron: number;
  readonly position?: readonly [number, number, number];
}

/** The neurons asked for. Throws ConfigError for a layer that has no neurons and a neuron that is not there. */
export function neuronsToWatch(spec: NetworkSpec, { neurons }: WatchOptions): Watched[] {
  const slots = inferShapes(spec).filter(({ kind }) => kind === 'slot');
  return neurons.flatMap(({ layer, neurons: chosen }) => {
    const slot = slots.find((each) => each.layer === layer);
    if (slot === undefined)
      throw new ConfigError(
        'watch',
        `got layer "${layer}", expected one with neurons: ${slots.map((each) => each.layer).join(', ')}`,
      );
    return chosen.map((choice) => ({ layer, ...place(layer, choice, slot.output) }));
  });
}

function place(layer: string, choice: NeuronChoice, shape: readonly number[]): Omit<Watched, 'layer'> {
  const [height, width, channels] = shape.length === 3 ? shape : [1, 1, shape.reduce((size, n) => size * n, 1)];
  const inside = (value: number, size: number): boolean => Number.isInteger(value) && value >= 0 && value < size;
  if (typeof choice === 'number') {
    if (!inside(choice, height! * width! * channels!)) throw notThere(layer, `${choice}`, shape);
    if (shape.length !== 3) return { neuron: choice };
    const pixel = Math.floor(choice / channels!);
    return { neuron: choice, position: [Math.floor(pixel / width!), pixel % width!, choice % channels!] };
  }
  const [y, x, channel] = choice;
  if (shape.length !== 3 || !inside(y, height!) || !inside(x, width!) || !inside(channel, channels!))
    throw notThere(layer, `[${choice.join(', ')}]`, shape);
  return { neuron: (y * width! + x) * channels! + channel, position: [y, x, channel] };
}

const notThere = (layer: string, got: string, shape: readonly number[]): ConfigError =>
  new ConfigError(
    'watch',
    `layer "${layer}" has no neuron ${got}; its shape is [${shape.join(', ')}], expected an index below ${shape.reduce((size, n) => size * n, 1)}${shape.length === 3 ? ' or [y, x, channel]' : ''}`,
  );

/** What the neurons did in sample `index` of the batch last run, which is sample `sample` of the dataset. */
export function watchSample(
  watched: readonly Watched[],
  probes: readonly Probe[],
  read: ReadTensor,
  { index, sample, timesteps }: { readonly index: number; readonly sample: number; readonly timesteps: number },
): WatchedNeuron[] {
  return watched.map((each) => {
    const probe = probes.find(({ kind, layer }) => kind === 'neuron' && layer === each.layer);
    const series = (id: string | undefined): number[] => {
      if (id === undefined || probe?.kind !== 'neuron') return [];
      const values = read(id);
      const row = (t: number): number => (index * timesteps + t) * probe.neurons + each.neuron;
      return Array.from({ length: timesteps }, (_, t) => values[row(t)]!);
    };
    const { membrane, spikes } = probe as Extract<Probe, { kind: 'neuron' }>;
    return {
      sample,
      ...each,
      membrane: series(membrane),
      spikes: series(spikes).flatMap((fired, t) => (fired === 0 ? [] : [t])),
    };
  });
}
