// Activity of a neuron layer: spikes by step, by sample and by neuron.

import type { Probe } from '../lower/index.ts';
import { neuronTraits } from '../model/index.ts';
import { type RasterLayer, rasterLayer } from './raster.ts';
import { CountSums, type ReadTensor, type Tally } from './tally.ts';

type NeuronProbe = Extract<Probe, { kind: 'neuron' }>;

export interface NeuronTally extends Tally {
  readonly layer: string;
  readonly fires: boolean;
  /** Spikes per step of each neuron, over what was added so far [neurons]. */
  rates(): readonly number[];
  /** Spikes of sample `index` of the batch last run, of at most `most` neurons. */
  raster(read: ReadTensor, index: number, most: number): RasterLayer;
}

/** `changes`: count changes of the membrane. `rateSamples`: samples over which neurons are told apart. */
export function neuronTally(
  probe: NeuronProbe,
  timesteps: number,
  { changes, rateSamples }: { readonly changes: boolean; readonly rateSamples: number },
): NeuronTally {
  const { layer, neurons, neuron } = probe;
  const sums = new CountSums(timesteps);
  const perNeuron = new Float64Array(neurons);
  const changed = new Array<number>(timesteps).fill(0);
  const membrane = changes ? probe.membrane : undefined;
  let seen = 0;
  const traits = neuronTraits(neuron);
  const chances = (): number => Math.min(seen, rateSamples) * timesteps;
  const never = (): number[] => new Array<number>(seen).fill(0);
  return {
    layer,
    fires: traits.fires,
    add(read, samples) {
      const rated = Math.max(0, Math.min(samples, rateSamples - seen));
      seen += samples;
      if (probe.counts !== undefined) sums.add(read(probe.counts), samples);
      if (probe.spikes !== undefined && rated > 0)
        addPerNeuron(perNeuron, read(probe.spikes), rated * timesteps * neurons);
      if (membrane !== undefined) addChanges(changed, read(membrane), neurons);
    },
    rates: () => Array.from(perNeuron, (spikes) => (seen === 0 ? 0 : spikes / chances())),
    raster: (read, index, most) => rasterLayer(layer, read(probe.spikes!), index, timesteps, neurons, most),
    finish: () => ({
      kind: 'neuron',
      layer,
      neurons,
      spikes: sums.byRow,
      spikesPerSample: traits.fires ? sums.bySample : never(),
      // an integrator is not silent: it was never meant to fire
      silentNeurons: traits.fires ? countOf(perNeuron, 0) : 0,
      saturatedNeurons: traits.fires ? countOf(perNeuron, chances()) : 0,
      ...traits,
      reset: neuron.reset.kind,
      recurrent: neuron.recurrent?.topology ?? 'none',
      restTerm: hasRest(probe),
      recurrentBias: neuron.recurrent?.bias === true,
      ...(neuron.recurrent && { recurrentSpikesPerSample: traits.fires ? sums.bySampleButLast : never() }),
      ...(membrane !== undefined && { membraneChanges: changed }),
    }),
  };
}

const countOf = (values: Float64Array, wanted: number): number => values.filter((value) => value === wanted).length;

function hasRest({ neuron: { decay } }: NeuronProbe): boolean {
  if (decay.form === 'tau') return decay.rest !== 0;
  return decay.form === 'linear' && [decay.c].flat().some((c) => c !== 0);
}

function addPerNeuron(sums: Float64Array, spikes: ArrayLike<number>, length: number): void {
  const neurons = sums.length;
  for (let row = 0; row < length; row += neurons) for (let n = 0; n < neurons; n++) sums[n]! += spikes[row + n]!;
}

/** Membranes [samples, T, neurons]: how many differ from the step before; at step 0 all count. */
function addChanges(changes: number[], membranes: ArrayLike<number>, neurons: number): void {
  const timesteps = changes.length;
  for (let k = 0; k < membranes.length; k++) {
    const t = Math.floor(k / neurons) % timesteps;
    if (t === 0 || membranes[k] !== membranes[k - neurons]) changes[t]!++;
  }
}
