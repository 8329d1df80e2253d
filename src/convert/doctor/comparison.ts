// The prepared ANN beside its spiking network, batch by batch, and each layer of neurons on its own.

import type { Dataset } from '../../data/index.ts';
import type { Backend, Program } from '../../engine/index.ts';
import { inputOf, type Lowered } from '../../lower/index.ts';
import {
  flatten,
  inferShapes,
  type NeuronSpec,
  network,
  type PerNeuron,
  type SlotSpec,
  sizeOf,
  slot,
  sourcesOf,
} from '../../model/index.ts';
import type { ConvertedNetwork } from '../convert.ts';
import { type BatchRun, type OpenNetwork, openNetwork, runSamples, spikesOf } from '../run-batches.ts';
import type { LayerDiagnosis } from './diagnosis.ts';
import { LayerTally } from './layer-tally.ts';

/** Spikes of a layer read at once, 4 bytes each: 32 MiB. */
const MOST_SPIKES = 2 ** 23;
const MOST_SAMPLES = 64;

/** A slot that fires, and its neurons in a network of their own. */
interface Layer {
  readonly name: string;
  readonly source: string;
  readonly scale: PerNeuron;
  readonly threshold: PerNeuron;
  readonly alone: OpenNetwork;
  readonly tally: LayerTally;
}

export class Comparison {
  /** What to run. */
  readonly spiking: BatchRun;
  readonly batchSize: number;
  readonly #timesteps: number;
  readonly #ann: OpenNetwork;
  readonly #layers: readonly Layer[];
  /** An output that never fires. */
  readonly #output: LayerTally | undefined;

  constructor(backend: Backend, converted: ConvertedNetwork, dataset: Dataset, timesteps: number, samples: number) {
    const { spec, weights, prepared, slots } = converted;
    this.#timesteps = timesteps;
    this.batchSize = batchSizeFor(converted, timesteps, samples);
    this.spiking = { spec, weights, mode: 'snn', timesteps, observe: { spikes: 'all' } };
    const firing = slots.filter(({ fires }) => fires);
    const sources = sourcesOf(prepared.spec);
    const shapes = inferShapes(prepared.spec);
    const indexOf = (name: string): number => prepared.spec.layers.findIndex((layer) => layer.name === name);
    const observed = firing.flatMap(({ slot: name }) => [name, sources[indexOf(name)]![0]!]);
    this.#ann = openNetwork(
      backend,
      { ...prepared, mode: 'ann', timesteps: 1, observe: { activations: [...new Set(observed)] } },
      inputOf(dataset),
      this.batchSize,
    );
    this.#layers = firing.map(({ slot: name, scale }) => {
      const neuron = neuronOf(converted, name);
      const shape = shapes[indexOf(name)]!.output;
      return {
        ...{ name, scale, threshold: neuron.threshold ?? 1, source: sources[indexOf(name)]![0]! },
        alone: openAlone(backend, name, neuron, shape, timesteps, this.batchSize),
        tally: new LayerTally(name, scale, true),
      };
    });
    const last = spec.layers.at(-1)!;
    const fires = firing.some(({ slot: name }) => name === last.name);
    this.#output = fires ? undefined : new LayerTally(last.name, 1, false);
  }

  /** `program` has run samples [from, to) through the spiking network. */
  add(program: Program, lowered: Lowered, dataset: Dataset, from: number, to: number): void {
    runSamples(this.#ann, dataset, from, to);
    const ann = (layer: string): Float32Array | Float64Array =>
      this.#ann.program.tensor(this.#ann.lowered.activations.get(layer)!);
    for (const layer of this.#layers) {
      const rates = this.#rates(spikesOf(program, lowered, layer.name), to - from);
      layer.tally.add(ann(layer.name), rates, this.#ratesAlone(layer, ann(layer.source), to - from));
    }
    if (this.#output === undefined) return;
    const logits = this.#ann.program.tensor(this.#ann.lowered.outputs.logits!);
    this.#output.add(
      logits,
      lastMeans(program.tensor(lowered.outputs.membrane!), logits.length, this.#timesteps, lowered.outputs.features),
    );
  }

  /** [samples, T, N] to spikes per step [samples, N]. */
  #rates(spikes: ArrayLike<number>, samples: number): Float64Array {
    const neurons = spikes.length / samples / this.#timesteps;
    const rates = new Float64Array(samples * neurons);
    for (let row = 0; row < samples * this.#timesteps; row++) {
      const to = Math.floor(row / this.#timesteps) * neurons;
      for (let k = 0; k < neurons; k++) rates[to + k]! += spikes[row * neurons + k]!;
    }
    for (let k = 0; k < rates.length; k++) rates[k]! /= this.#timesteps;
    return rates;
  }

  #ratesAlone({ name, alone, scale, threshold }: Layer, inputs: ArrayLike<number>, samples: number): Float64Array {
    const at = (values: PerNeuron, k: number): number =>
      typeof values === 'number' ? values : values[k % values.length]!;
    const input = Float32Array.from(inputs, (value, k) => (value / at(scale, k)) * at(threshold, k));
    alone.program.run({ samples, input, seed: 0, epoch: 0 });
    return this.#rates(spikesOf(alone.program, alone.lowered, name), samples);
  }

  /** In the order of the network. */
  finish(): readonly LayerDiagnosis[] {
    const tallies = this.#layers.map(({ tally }) => tally);
    return [...tallies, ...(this.#output === undefined ? [] : [this.#output])].map((tally) => tally.finish());
  }

  close(): void {
    this.#ann.program.close();
    for (const { alone } of this.#layers) alone.program.close();
  }
}

const neuronOf = ({ spec }: ConvertedNetwork, name: string): NeuronSpec =>
  (spec.layers.find((layer) => layer.name === name) as SlotSpec).neuron;

/** A network of one layer of neurons that gets its current as input. */
function openAlone(
  backend: Backend,
  name: string,
  neuron: NeuronSpec,
  shape: readonly number[],
  timesteps: number,
  batchSize: number,
): OpenNetwork {
  const layers = shape.length === 1 ? [slot(name, neuron)] : [slot(name, neuron), flatten()];
  const spec = network(`${name}-alone`, shape, layers);
  const run: BatchRun = { spec, weights: new Map(), mode: 'snn', timesteps, observe: { spikes: 'all' } };
  return openNetwork(backend, run, { source: 'floats' }, batchSize);
}

/** Summed membranes [samples, T, C] after the last step, per step. */
function lastMeans(membrane: ArrayLike<number>, length: number, timesteps: number, classes: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => {
    const row = (Math.floor(k / classes) + 1) * timesteps - 1;
    return membrane[row * classes + (k % classes)]! / timesteps;
  });
}

function batchSizeFor({ prepared }: ConvertedNetwork, timesteps: number, samples: number): number {
  const largest = Math.max(...inferShapes(prepared.spec).map(({ output }) => sizeOf(output)));
  return Math.min(samples, MOST_SAMPLES, Math.max(1, Math.floor(MOST_SPIKES / (timesteps * largest))));
}
